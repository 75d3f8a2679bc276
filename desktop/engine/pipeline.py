"""A loaded model on the paged-attention back-end: tokens in, tokens out, one step at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openvino import Tensor
from openvino_genai import GenerationConfig

from desktop.domain.adapters import AppliedAdapter
from desktop.domain.conversation import State
from desktop.domain.events import Done, Reading, Token
from desktop.domain.sampling import Values
from desktop.engine.adapters import adapter_options, strengths_of
from desktop.engine.best_of import Candidate, candidates, likeliest, state_of
from desktop.engine.cache_budget import cached_tokens
from desktop.engine.clock import Clock
from desktop.engine.generation_config import generation_config
from desktop.engine.reading import PromptReader
from desktop.engine.runtime import Answer, stop_texts, tokens_written, unfinished_names
from desktop.engine.stepper import BLOCK, Stepper
from desktop.engine.text_stream import TextStream
from desktop.engine.tokenizer import Tokenizer

# OpenVINO's own choice of 8 bits scales the numbers of a block together, and scales them again
# when a prompt ends with a block and is asked again: the same question then gets another answer.
# On CPU, 16 bits are no slower to read, and faster to write with after a long conversation.
EXACT_CACHE = {"KV_CACHE_PRECISION": "f16"}


@dataclass(frozen=True, slots=True)
class Additions:
    """What a model is loaded with besides."""

    adapters: tuple[AppliedAdapter, ...] = ()
    prompt_lookup: bool = False


PLAIN = Additions()


class PagedPipeline:
    """A model on CPU or GPU, with prefix cache.

    With `prompt_lookup`, tokens are guessed from the prompt and several verified in one step. The
    scores of several tokens round differently from those of one, so that near a tie even a greedy
    answer can take another word than it does without.
    """

    def __init__(
        self,
        folder: Path,
        device: str,
        context_length: int,
        cache_folder: str = "",
        properties: Mapping[str, str] | None = None,
        additions: Additions = PLAIN,
    ) -> None:
        self.device = device
        finer = EXACT_CACHE if device == "CPU" else {}
        self.properties: Mapping[str, str] = {**finer, **(properties or {})}
        self.adapters: Mapping[str, float] = strengths_of(additions.adapters)
        tokens = cached_tokens(folder, context_length, self.properties)
        places = {"CACHE_DIR": cache_folder} if cache_folder and device != "CPU" else {}
        options = {**self.properties, **places, **adapter_options(additions.adapters, device)}
        self._stepper = Stepper(folder, device, tokens, options, additions.prompt_lookup)
        self._reader = PromptReader(self._stepper)
        self._model_defaults = self._stepper.model_defaults
        self.context_length = min(context_length, tokens)
        self._tokenizer = Tokenizer(self._stepper.tokenizer, self.context_length)
        self.prompt_limit = self._tokenizer.prompt_limit

    def count(self, text: str) -> int:
        """Tokens of a text, however long."""
        return self._tokenizer.count(text)

    def writes(self, tokens: int) -> int:
        """Answer a fixed text greedily; how many tokens came, at most `tokens`."""
        return tokens_written(self, tokens)

    def generate(
        self, request_id: str, prompt: str, values: Values, stopped: Callable[[], bool]
    ) -> Iterator[Reading | Token | Done]:
        """Answer a prompt; the last event is Done. `stopped` is asked before each step.

        Raises Problem when the prompt does not fit the context.
        """
        clock = Clock()
        ids = self._tokenizer.fitting(prompt, self.prompt_limit)
        total = ids.shape[1]
        config = generation_config(self._model_defaults, values, room=self.context_length - total)
        ends = self._tokenizer.ends(prompt)
        config.stop_token_ids |= ends
        stops = stop_texts(values)
        stream = TextStream(self._tokenizer.decode, stops, unfinished_names(prompt), ends)
        answer = Answer(request_id, total, values, stream, clock)
        yield from map(answer.reading, self._reader.read(ids, stopped))
        answer.cached_tokens = self._reader.cached
        if config.num_return_sequences > 1:
            steps = self._best(ids, config, stops, stopped, clock)
        else:
            steps = self._steps(ids, config, stopped)
        for outcome in steps:
            if isinstance(outcome, int):
                yield answer.reading(outcome)
                continue
            yield from answer.write(*outcome)
            if answer.ended:
                break
        yield from answer.finish(self)
        self._tokenizer.remember(stream)

    def _steps(
        self, ids: Tensor, config: GenerationConfig, stopped: Callable[[], bool]
    ) -> Iterator[int | tuple[list[int], State]]:
        """Each step's outcome: prompt tokens read so far, or new ids and how it stands."""
        if stopped():
            yield [], State.STOPPED
            return
        handle = self._stepper.add(ids, config)
        written: list[int] = []
        try:
            while self._stepper.busy:
                if stopped():
                    yield [], State.STOPPED
                    return
                self._stepper.step()
                if handle.can_read():
                    (output,) = handle.read().values()
                    written += output.generated_ids
                    yield output.generated_ids, state_of(output.finish_reason)
                else:
                    yield self._stepper.used
        finally:
            self._stepper.let_go(handle)
            if written:
                self._reader.note(ids, written)

    def _best(
        self,
        ids: Tensor,
        config: GenerationConfig,
        stops: tuple[str, ...],
        stopped: Callable[[], bool],
        clock: Clock,
    ) -> Iterator[int | tuple[list[int], State]]:
        """The likeliest of several answers, in one piece when all are written."""
        if stopped():
            yield [], State.STOPPED
            return
        room = (self._stepper.capacity - ids.shape[1]) // config.num_return_sequences - BLOCK
        config.max_new_tokens = max(min(config.max_new_tokens, room), 1)
        config.stop_strings = set(stops)
        total = ids.shape[1]
        found: list[Candidate] = []
        streams = partial(TextStream, self._tokenizer.decode, stops)
        for outcome in candidates(self._stepper, ids, config, streams, stopped):
            if isinstance(outcome, int):
                clock.tick()
                yield total
            else:
                found.append(outcome)
        self._reader.note(ids, ())
        best = likeliest(found) if found else Candidate([], 0.0, State.STOPPED)
        yield best.ids, best.state
