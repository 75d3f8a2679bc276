"""What every library that Cellar is compared with can do."""

import time
from typing import Protocol

from desktop.domain.events import Measured


class Bare(Protocol):
    """A model in a library as it is."""

    def run(self, prompt: str, new_tokens: int) -> Measured:
        """Answer a prompt greedily."""


class Watch:
    """Measures an answer from the text of its prompt on."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first = 0.0

    def token(self) -> None:
        """A token has come, now."""
        self._first = self._first or time.perf_counter()

    @property
    def first_ms(self) -> float:
        """Milliseconds to the first token; 0 when there was none."""
        return 1000 * (self._first - self._started) if self._first else 0.0

    @property
    def whole_ms(self) -> float:
        """Milliseconds until now."""
        return 1000 * (time.perf_counter() - self._started)
