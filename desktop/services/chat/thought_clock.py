"""How long an answer was thought about, from its first word to the end of the thought."""

import time

from desktop.domain.thinking import parted


class ThoughtClock:
    """Hears an answer grow. One that goes on from `begun` has no new thought, if that was over.

    `opened`: the prompt opened the thought, so that the answer begins in the middle of it.
    """

    def __init__(self, begun: str = "", *, opened: bool = False) -> None:
        self.ms = 0.0
        self.opened = opened
        self._runs = not begun or parted(begun, opened=opened).thinking
        self._began = 0.0

    def hear(self, text: str) -> None:
        """Take note of how far the answer is."""
        if not self._runs or not text:
            return
        now = time.monotonic()
        self._began = self._began or now
        found = parted(text, opened=self.opened)
        if found.thinks:
            self.ms = 1000 * (now - self._began)
            self._runs = not found.closed
