"""A loaded model on the stateful back-end: the NPU's only one, and right for every model."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openvino_genai
from openvino import Tensor
from openvino_genai import GenerationConfig, StreamingStatus
from openvino_genai.py_openvino_genai import StreamerBase

from desktop.domain.adapters import AppliedAdapter
from desktop.domain.conversation import State
from desktop.domain.events import Done, Reading, Token
from desktop.domain.sampling import Values
from desktop.engine.adapters import adapter_options, strengths_of
from desktop.engine.clock import Clock
from desktop.engine.generation_config import generation_config
from desktop.engine.runtime import Answer, stop_texts, tokens_written, unfinished_names
from desktop.engine.text_stream import TextStream
from desktop.engine.tokenizer import Tokenizer

NPU = "NPU"
# What the NPU is compiled for: it has no room for more. OpenVINO's own values are 1,024 and 128.
NPU_PROMPT = 2048  # tokens
NPU_ANSWER = 512  # tokens
LOOK_S = 0.05  # how often a Stop is looked for while nothing comes


@dataclass(frozen=True, slots=True)
class _End:
    error: RuntimeError | None = None


class _Relay(StreamerBase):  # type: ignore[misc]  # the library tells no types
    """Hands tokens from the library's thread to ours. An exception in here would be swallowed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: queue.SimpleQueue[list[int] | _End] = queue.SimpleQueue()
        self.cancelled = False

    def write(self, token: int | Sequence[int]) -> StreamingStatus:
        """Take one token or several; says whether to go on."""
        self.found.put([token] if isinstance(token, int) else list(token))
        return StreamingStatus.CANCEL if self.cancelled else StreamingStatus.RUNNING

    def end(self) -> None:
        """All tokens have come; the thread says so itself."""


class StatefulPipeline:
    """A model that reads each prompt in one piece and from its beginning.

    There is no prefix cache and no second candidate: `best_of` counts as 1. A Stop while the prompt
    is read ends the answer at once, but the library reads on, and the next answer waits for it.
    """

    def __init__(
        self,
        folder: Path,
        device: str,
        context_length: int,
        cache_folder: str = "",
        properties: Mapping[str, str] | None = None,
        adapters: Sequence[AppliedAdapter] = (),
    ) -> None:
        self.device = device
        self.properties: Mapping[str, str] = dict(properties or {})
        self.adapters: Mapping[str, float] = strengths_of(adapters)
        self.context_length = context_length
        limit = context_length - 1
        options = {**self.properties, **adapter_options(adapters, device)}
        if cache_folder and device != "CPU":
            options["CACHE_DIR"] = cache_folder
        if device.startswith(NPU):
            answer = min(NPU_ANSWER, max(context_length // 4, 1))
            limit = min(NPU_PROMPT, context_length - answer)
            self.context_length = limit + answer
            options |= {"MAX_PROMPT_LEN": limit, "MIN_RESPONSE_LEN": answer}
        else:
            options["ATTENTION_BACKEND"] = "SDPA"
        self._pipeline = openvino_genai.LLMPipeline(str(folder), device, **options)
        self._tokenizer = Tokenizer(self._pipeline.get_tokenizer(), self.context_length)
        self.prompt_limit = min(limit, self._tokenizer.prompt_limit)
        self._model_defaults = self._pipeline.get_generation_config()
        self._thread: threading.Thread | None = None

    def count(self, text: str) -> int:
        """Tokens of a text, however long."""
        return self._tokenizer.count(text)

    def writes(self, tokens: int) -> int:
        """Answer a fixed text greedily; how many tokens came, at most `tokens`."""
        return tokens_written(self, tokens)

    def generate(
        self, request_id: str, prompt: str, values: Values, stopped: Callable[[], bool]
    ) -> Iterator[Reading | Token | Done]:
        """Answer a prompt; the last event is Done. Raises Problem when it does not fit."""
        clock = Clock()
        ids = self._tokenizer.fitting(prompt, self.prompt_limit)
        total = ids.shape[1]
        values = {**values, "best_of": 1}
        config = generation_config(self._model_defaults, values, room=self.context_length - total)
        ends = self._tokenizer.ends(prompt)
        config.stop_token_ids |= ends
        names = unfinished_names(prompt)
        stream = TextStream(self._tokenizer.decode, stop_texts(values), names, ends)
        answer = Answer(request_id, total, values, stream, clock)
        yield answer.reading(0)
        for new_ids, state in self._written(ids, config, stopped):
            yield from answer.write(new_ids, state)
            if answer.ended:
                break
        yield from answer.finish(self)
        self._tokenizer.remember(stream)

    def _written(
        self, ids: Tensor, config: GenerationConfig, stopped: Callable[[], bool]
    ) -> Iterator[tuple[list[int], State]]:
        """New tokens as they come, and how the answer stands with them."""
        while self._thread is not None and self._thread.is_alive():
            if stopped():
                yield [], State.STOPPED
                return
            self._thread.join(LOOK_S)
        relay = _Relay()
        self._thread = threading.Thread(
            target=self._run, args=(ids, config, relay), name="generate", daemon=True
        )
        self._thread.start()
        count = 0
        try:
            while not stopped():
                try:
                    found = relay.found.get(timeout=LOOK_S)
                except queue.Empty:
                    continue
                if isinstance(found, _End):
                    if found.error is not None:
                        raise found.error
                    return
                count += len(found)
                ended = found[-1] in config.stop_token_ids or count < config.max_new_tokens
                yield found, State.STOP if ended else State.LENGTH
            yield [], State.STOPPED
        finally:
            relay.cancelled = True

    def _run(self, ids: Tensor, config: GenerationConfig, relay: _Relay) -> None:
        try:
            self._pipeline.generate(ids, config, relay)
        except RuntimeError as error:
            relay.found.put(_End(error))
        else:
            relay.found.put(_End())
