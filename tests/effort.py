"""How much processor time something takes, for tests of what must not grow out of hand."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def effort(work: Callable[[], object]) -> float:
    """Seconds of processor time, which a busy machine does not lengthen."""
    with old_garbage_out_of_sight():
        started = time.process_time()
        work()
        return time.process_time() - started


@contextmanager
def old_garbage_out_of_sight() -> Iterator[None]:
    """Keep the garbage collector from going through what earlier tests left, as in the program."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
