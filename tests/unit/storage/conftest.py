"""A data folder with an odd name, and stores on it that are closed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_store

Opened = tuple[ConversationStore, list[Problem]]
Open = Callable[[], Opened]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of(tmp_path / "Ünï 張 🙂")


@pytest.fixture
def open_again(paths: Paths) -> Iterator[Open]:
    """Close what is open, and open the folder as a new start would."""
    opened: list[ConversationStore] = []

    def open_() -> Opened:
        while opened:
            opened.pop().close()
        store, problems = open_store(paths)
        opened.append(store)
        return store, problems

    yield open_
    while opened:
        opened.pop().close()


@pytest.fixture
def store(open_again: Open) -> ConversationStore:
    store, problems = open_again()
    assert problems == []
    return store
