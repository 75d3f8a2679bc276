"""optimum-intel's `generate`: the way that came before OpenVINO GenAI."""

from typing import Any

import openvino_genai
import torch
from optimum.intel import OVModelForCausalLM

from desktop.domain.events import Measured
from desktop.engine.baseline.bare import Watch
from desktop.engine.protocol import OpenBare


class OptimumModel:
    """A model in optimum-intel at its defaults.

    The tokenizer is OpenVINO's: not every folder of IR has one that transformers can read.
    """

    def __init__(self, command: OpenBare) -> None:
        self._tokenizer = openvino_genai.Tokenizer(command.source)
        self._model: Any = OVModelForCausalLM.from_pretrained(
            command.source, device=command.device, local_files_only=True
        )
        self._model.generation_config.pad_token_id = self._tokenizer.get_eos_token_id()

    def run(self, prompt: str, new_tokens: int) -> Measured:
        """Answer a prompt greedily."""
        watch = Watch()
        encoded = self._tokenizer.encode(prompt, add_special_tokens=False).input_ids
        ids = torch.from_numpy(encoded.data.copy())
        made = self._model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=new_tokens,
            streamer=_Listener(watch),
        )
        whole_ms = watch.whole_ms
        answer = made[0, ids.shape[1] :].tolist()
        return Measured(
            prompt_tokens=ids.shape[1],
            answer_tokens=len(answer),
            first_ms=watch.first_ms,
            whole_ms=whole_ms,
            text=str(self._tokenizer.decode(answer)),
        )


class _Listener:
    """What `generate` tells of the prompt and of each token."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._prompt_came = False

    def put(self, _: object) -> None:
        """The prompt comes first, whole; then one token at a time."""
        if self._prompt_came:
            self._watch.token()
        self._prompt_came = True

    def end(self) -> None:
        """Nothing is kept, so nothing is to be done."""
