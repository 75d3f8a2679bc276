"""What the engine process needs of a loaded model, whichever back-end runs it."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from desktop.domain.conversation import State, Statistics
from desktop.domain.events import Done, Reading, Token
from desktop.domain.sampling import Values, defaults
from desktop.engine.clock import Clock
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.text_stream import TextStream

PIECE_S = 0.03  # between two pieces of text, at the least: nobody sees more than 30 a second
TRIAL_TEXT = "The cellar is cool and quiet, and"


class Runtime(Protocol):
    """A loaded model."""

    @property
    def device(self) -> str:
        """Where it runs."""

    @property
    def properties(self) -> Mapping[str, str]:
        """OpenVINO's settings that are not its defaults."""

    @property
    def adapters(self) -> Mapping[str, float]:
        """The strengths of the adapters that it is loaded with, by their ids."""

    @property
    def context_length(self) -> int:
        """Tokens that prompt and answer may have together."""

    @property
    def prompt_limit(self) -> int:
        """Tokens that a prompt may have."""

    def count(self, text: str) -> int:
        """Tokens of a text, however long."""

    def writes(self, tokens: int) -> int:
        """Answer a fixed text greedily; how many tokens came, at most `tokens`."""

    def generate(
        self, request_id: str, prompt: str, values: Values, stopped: Callable[[], bool]
    ) -> Iterator[Reading | Token | Done]:
        """Answer a prompt; the last event is Done. Raises Problem when it does not fit."""


class Answer:
    """One answer as it grows: its text, how it ended, what it took.

    Decoding takes as long as 3 % of a small model's step, and nothing else happens meanwhile: so
    tokens that come fast are decoded a few at a time, unless the answer may have to end there.
    """

    def __init__(
        self, request_id: str, prompt_tokens: int, values: Values, stream: TextStream, clock: Clock
    ) -> None:
        self._request_id = request_id
        self._prompt_tokens = prompt_tokens
        self._values = values
        self._stream = stream
        self._clock = clock
        self._undecoded: list[int] = []
        self._piece_at = 0.0
        self.cached_tokens = 0
        self.state = State.STOP

    @property
    def ended(self) -> bool:
        """True once a stop text was met."""
        return self._stream.stopped

    def reading(self, done: int) -> Reading:
        """So many tokens of the prompt are read."""
        return Reading(self._request_id, min(done, self._prompt_tokens), self._prompt_tokens)

    def write(self, ids: list[int], state: State) -> Iterator[Token]:
        """Take new tokens and how the answer stands with them."""
        self._clock.count(len(ids))
        self.state = state
        self._undecoded += ids
        now = time.perf_counter()
        if not self._stream.watches and now - self._piece_at < PIECE_S:
            return
        self._piece_at = now
        yield from self._decoded()
        if self._stream.stopped:
            self.state = State.STOP

    def finish(self, runtime: Runtime) -> Iterator[Token | Done]:
        """What was held back, and the end."""
        yield from self._decoded()
        if piece := self._stream.finish():
            yield Token(self._request_id, piece)
        statistics = Statistics(
            prompt_tokens=self._prompt_tokens,
            cached_tokens=self.cached_tokens,
            generated_tokens=self._clock.tokens,
            ttft_ms=round(self._clock.ttft * 1000, 1),
            tokens_per_s=round(self._clock.tokens_per_s, 2),
            steps=self._clock.steps,
            device=runtime.device,
            properties=dict(runtime.properties),
            adapters=dict(runtime.adapters),
            sampling=self._values,
        )
        yield Done(self._request_id, self._stream.text, self.state, statistics)

    def _decoded(self) -> Iterator[Token]:
        """The text of the tokens that have come since the last piece."""
        ids, self._undecoded = self._undecoded, []
        if piece := self._stream.push(ids):
            yield Token(self._request_id, piece)


def stop_texts(values: Values) -> tuple[str, ...]:
    """The texts that an answer ends before."""
    stops = values["stop"]
    return stops if isinstance(stops, tuple) else ()


def unfinished_names(prompt: str) -> tuple[str, ...]:
    """The texts of which not even a beginning may end the answer."""
    return prompt.names if isinstance(prompt, Prompt) else ()


def tokens_written(runtime: Runtime, tokens: int) -> int:
    """Have a model answer a fixed text greedily; how many tokens came.

    Proves that it works, and pays for what OpenVINO makes at the first inference.
    """
    values = defaults() | {"max_new_tokens": tokens, "temperature": 0.0}
    *_, last = runtime.generate("", TRIAL_TEXT, values, lambda: False)
    return last.statistics.generated_tokens if isinstance(last, Done) else 0
