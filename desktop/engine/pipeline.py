"""A loaded model: tokens in, tokens out, one step at a time."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openvino_genai
from openvino import Tensor
from openvino_genai import GenerationConfig, GenerationFinishReason
from openvino_genai.py_openvino_genai import GenerationHandle

from desktop.domain.conversation import State, Statistics
from desktop.domain.errors import Problem
from desktop.domain.events import Done, Reading, Token
from desktop.domain.sampling import Values, defaults
from desktop.engine.cache_budget import cached_tokens
from desktop.engine.generation_config import generation_config
from desktop.engine.text_stream import TextStream

READ_AT_ONCE = 256  # prompt tokens a step: a Stop waits for one step at the most
TRIAL_TEXT = "The cellar is cool and quiet, and"
BLOCK = 32  # tokens in a block of the KV cache on CPU
COUNT_AT_ONCE = 4000  # characters; tokenizers cut what is longer than the model's context


class PagedPipeline:
    """A model on the paged-attention back-end (CPU, GPU), with prefix cache."""

    def __init__(
        self, folder: Path, device: str, context_length: int, cache_folder: str = ""
    ) -> None:
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.enable_prefix_caching = True
        scheduler.max_num_batched_tokens = READ_AT_ONCE
        tokens = cached_tokens(folder, context_length)
        scheduler.num_kv_blocks = tokens // BLOCK + 1
        options = {"CACHE_DIR": cache_folder} if cache_folder and device != "CPU" else {}
        self._pipeline = openvino_genai.ContinuousBatchingPipeline(
            str(folder), scheduler, device, options
        )
        self._tokenizer = self._pipeline.get_tokenizer()
        self._model_defaults = self._pipeline.get_config()
        self.context_length = min(context_length, tokens)
        self.device = device
        self._requests = 0

    def count(self, text: str) -> int:
        """Tokens of a text. Of a text longer than the context, the sum over its parts."""
        starts = range(0, len(text), COUNT_AT_ONCE)
        return sum(self._encode(text[start : start + COUNT_AT_ONCE]).shape[1] for start in starts)

    def writes(self, tokens: int) -> int:
        """Answer a fixed text greedily; returns how many tokens came, at most `tokens`.

        Proves that the model works, and pays for what OpenVINO makes at the first inference.
        """
        values = defaults() | {"max_new_tokens": tokens, "temperature": 0.0}
        *_, last = self.generate("", TRIAL_TEXT, values, lambda: False)
        return last.statistics.generated_tokens if isinstance(last, Done) else 0

    def generate(
        self, request_id: str, prompt: str, values: Values, stopped: Callable[[], bool]
    ) -> Iterator[Reading | Token | Done]:
        """Answer a prompt; the last event is Done. `stopped` is asked before each step.

        Raises Problem when the prompt does not fit the context.
        """
        clock = Clock()
        ids = self._fitting_ids(prompt)
        prompt_tokens = ids.shape[1]
        config = generation_config(
            self._model_defaults, values, room=self.context_length - prompt_tokens
        )
        stops = values["stop"]
        stream = TextStream(self._decode, stops if isinstance(stops, tuple) else ())
        state = State.STOP
        for outcome in self._steps(ids, config, stopped):
            if isinstance(outcome, int):
                yield Reading(request_id, min(outcome, prompt_tokens), prompt_tokens)
                continue
            new_ids, state = outcome
            clock.count(len(new_ids))
            if piece := stream.push(new_ids):
                yield Token(request_id, piece)
            if stream.stopped:
                state = State.STOP
                break
        if piece := stream.finish():
            yield Token(request_id, piece)
        statistics = Statistics(
            prompt_tokens=prompt_tokens,
            generated_tokens=clock.tokens,
            ttft_ms=round(clock.ttft * 1000, 1),
            tokens_per_s=round(clock.tokens_per_s, 2),
            device=self.device,
            sampling=values,
        )
        yield Done(request_id, stream.text, state, statistics)

    def _steps(
        self, ids: Tensor, config: GenerationConfig, stopped: Callable[[], bool]
    ) -> Iterator[int | tuple[list[int], State]]:
        """Each step's outcome: prompt tokens read so far, or new ids and how it stands."""
        self._requests += 1
        handle = self._pipeline.add_request(self._requests, ids, config)
        read = 0
        try:
            while self._pipeline.has_non_finished_requests():
                if stopped():
                    yield [], State.STOPPED
                    return
                self._pipeline.step()
                if handle.can_read():
                    (output,) = handle.read().values()
                    yield output.generated_ids, _state(output.finish_reason)
                else:
                    read += READ_AT_ONCE
                    yield read
        finally:
            self._let_go(handle)

    def _let_go(self, handle: GenerationHandle) -> None:
        handle.cancel()
        while self._pipeline.has_non_finished_requests():
            self._pipeline.step()

    def _fitting_ids(self, prompt: str) -> Tensor:
        ids = self._encode(prompt)
        if ids.shape[1] >= self.context_length:
            raise Problem(
                f"The conversation has {self.count(prompt):,} tokens,"
                f" and this model can read {self.context_length - 1:,}.",
                "Shorten the message, or clear the conversation.",
            )
        return ids

    def _encode(self, text: str) -> Tensor:
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids

    def _decode(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))


class Clock:
    """Measures an answer: time to the first token, and tokens a second after it."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first = 0.0
        self._last = 0.0
        self.tokens = 0
        self._tokens_at_first = 0

    def count(self, tokens: int) -> None:
        """Tokens have come, now."""
        if not tokens:
            return
        self._last = time.perf_counter()
        self.tokens += tokens
        if not self._first:
            self._first, self._tokens_at_first = self._last, self.tokens

    @property
    def ttft(self) -> float:
        """Seconds to the first token; 0 when there was none."""
        return self._first - self._started if self._first else 0.0

    @property
    def tokens_per_s(self) -> float:
        """Tokens a second after the first; 0 when there was only one."""
        span = self._last - self._first
        return (self.tokens - self._tokens_at_first) / span if span > 0 else 0.0


def _state(reason: GenerationFinishReason) -> State:
    return State.LENGTH if reason == GenerationFinishReason.LENGTH else State.STOP
