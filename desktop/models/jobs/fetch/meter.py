"""How far a download is, and how fast it goes."""

import threading
import time
from collections import deque

from desktop.domain.events import Transferring

WINDOW_S = 5.0  # the speed is the mean over this time


class Meter:
    """Counts the bytes on disk, for all files together."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._lock = threading.Lock()
        self._done = 0
        self._received = 0  # by this process
        self._file = ""
        self._samples = deque([(time.monotonic(), 0)])

    def found(self, count: int) -> None:
        """Bytes are on disk from an earlier try; negative for those that were thrown away."""
        with self._lock:
            self._done += count

    def received(self, file: str, count: int) -> None:
        """Bytes came."""
        with self._lock:
            self._done += count
            self._received += count
            self._file = file

    def reading(self) -> Transferring:
        """How things are now."""
        now = time.monotonic()
        with self._lock:
            self._samples.append((now, self._received))
            while len(self._samples) > 2 and self._samples[1][0] < now - WINDOW_S:
                self._samples.popleft()
            since, before = self._samples[0]
            speed = (self._received - before) / (now - since) if now > since else 0.0
            return Transferring(self._done, self._total, speed, self._file)
