"""llama.cpp, through llama-cpp-python where it is installed, from the GGUF file of the model.

Written after its documentation; it has not been run, as no build of it was at hand.
"""

import importlib
from itertools import islice
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.events import Measured
from desktop.domain.words import tr
from desktop.engine.baseline.bare import Watch
from desktop.engine.protocol import OpenBare


class LlamaCppModel:
    """A GGUF file in llama.cpp at its defaults. It keeps the last prompt, as a prefix cache does.

    The package has no types and is no dependency of ours, so it is looked up by its name.
    """

    def __init__(self, command: OpenBare) -> None:
        if command.device != "CPU":
            raise Problem(tr("llama.cpp is compared with on the CPU only."))
        package = importlib.import_module("llama_cpp")
        self._model: Any = package.Llama(
            model_path=command.source, n_ctx=command.context_length, verbose=False
        )

    def run(self, prompt: str, new_tokens: int) -> Measured:
        """Answer a prompt greedily."""
        watch = Watch()
        ids = self._model.tokenize(prompt.encode(), add_bos=False, special=True)
        answer: list[int] = []
        for token in islice(self._model.generate(ids, temp=0.0, repeat_penalty=1.0), new_tokens):
            watch.token()
            if token == self._model.token_eos():
                break
            answer.append(token)
        whole_ms = watch.whole_ms
        return Measured(
            prompt_tokens=len(ids),
            answer_tokens=len(answer),
            first_ms=watch.first_ms,
            whole_ms=whole_ms,
            text=self._model.detokenize(answer).decode("utf-8", "replace"),
        )
