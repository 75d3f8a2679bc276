"""The conversations, opened for one command and closed after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_for_reading, open_to_change


@contextmanager
def opened(
    paths: Paths, tell: Callable[[Problem], object], *, to_change: bool = False
) -> Iterator[ConversationStore]:
    """The conversations; `tell` hears what there is to know about them.

    Reading works while a window has them, changing does not. Raises Problem.
    """
    store, problems = (open_to_change if to_change else open_for_reading)(paths)
    try:
        for problem in problems:
            tell(problem)
        yield store
    finally:
        store.close()
