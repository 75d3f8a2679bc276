"""How long an answer takes."""

import time


class Clock:
    """Measures an answer: time to the first token, and tokens a second after it."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first = 0.0
        self._last = 0.0
        self.tokens = 0
        self.steps = 0  # in which tokens came
        self._tokens_at_first = 0
        self._ticked = False

    def count(self, tokens: int) -> None:
        """Tokens have come, now."""
        if not tokens:
            return
        self._last = time.perf_counter()
        self.tokens += tokens
        self.steps += not self._ticked
        if not self._first:
            self._first, self._tokens_at_first = self._last, self.tokens

    def tick(self) -> None:
        """A step is done, and its tokens will be counted later."""
        self._ticked = True
        self.steps += 1
        self._first = self._first or time.perf_counter()

    @property
    def ttft(self) -> float:
        """Seconds to the first token; 0 when there was none."""
        return self._first - self._started if self._first else 0.0

    @property
    def tokens_per_s(self) -> float:
        """Tokens a second after the first; 0 when there was only one."""
        span = self._last - self._first
        return (self.tokens - self._tokens_at_first) / span if span > 0 else 0.0
