"""What keeps Python itself from making the window wait."""

import gc
import sys

TURN_S = 0.001  # for which another thread keeps the window's from running; Python's own: 0.005


def keep_short() -> None:
    """Call this when the window is built.

    What is there by then stays to the end. Left out of every collection of garbage, which stops
    all threads, it makes the longest of them take some milliseconds instead of fifty.
    """
    gc.freeze()
    sys.setswitchinterval(TURN_S)
