"""How much processor time something takes, for tests of what must not grow out of hand."""

import gc
import time
from collections.abc import Callable


def effort(work: Callable[[], object]) -> float:
    """Seconds of processor time, which a busy machine does not lengthen.

    What earlier tests left is out of the garbage collector's sight, as in the program.
    """
    gc.collect()
    gc.freeze()
    started = time.process_time()
    try:
        work()
    finally:
        gc.unfreeze()
    return time.process_time() - started
