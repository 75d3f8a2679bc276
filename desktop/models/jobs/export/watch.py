"""How far libraries are that do not tell: by what they have read, and what they have written."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from desktop.models.jobs.steps import Steps

TICK_S = 0.25


@contextmanager
def grown_memory(steps: Steps, expected: int) -> Iterator[None]:
    """While weights are read, this process grows by about their size."""
    process = psutil.Process()
    before = process.memory_info().rss
    with _watched(steps, lambda: process.memory_info().rss - before, expected):
        yield


@contextmanager
def grown_file(steps: Steps, path: Path, expected: int) -> Iterator[None]:
    """While weights are written, a file grows to about their size."""
    with _watched(steps, lambda: path.stat().st_size if path.exists() else 0, expected):
        yield


@contextmanager
def _watched(steps: Steps, done: Callable[[], int], expected: int) -> Iterator[None]:
    over = threading.Event()

    def look() -> None:
        while not over.wait(TICK_S):
            steps.part(done(), expected)

    watcher = threading.Thread(target=look, name="watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
