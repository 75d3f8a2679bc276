"""What a process of Cellar may take from the computer, set by itself before it does anything.

Everything is best effort: where a system does not have a limit, the program works without.
Windows has none of these.
"""

import contextlib
import os
import sys
from pathlib import Path

from desktop.domain.checks import Wrong

OPEN_FILES = 1024
CONNECTIONS = 256  # open files of a process that downloads
FETCH_MEMORY = 2**30  # bytes; a download passes through buffers of some megabytes
LEAST_MEMORY = 4 * 2**30  # bytes; no child that runs models gets less
FIRST_TO_GO = "500"  # of 1000: when memory runs out, Linux ends a child and not the window

_OOM = Path("/proc/self/oom_score_adj")


def no_core_dump() -> None:
    """Let no crash of this process write its memory, with what was said in it, to a file."""
    _limit("RLIMIT_CORE", 0)


def limit_child(role: str) -> None:
    """Keep a child from harming the rest, whatever a model's file has in it.

    Memory is limited to twice what the computer has: a file that asks for terabytes then fails at
    once. What counts is what can be written to, used or not, but no addresses, of which drivers
    of GPUs reserve terabytes. The role `template` limits itself further.
    """
    no_core_dump()
    _limit("RLIMIT_NOFILE", CONNECTIONS if role == "fetch" else OPEN_FILES)
    if sys.platform == "linux":
        _limit("RLIMIT_DATA", FETCH_MEMORY if role == "fetch" else _all_memory())
        with contextlib.suppress(OSError):
            _OOM.write_text(FIRST_TO_GO)


def told() -> str:
    """The limits that hold, for a report. Raises Wrong when a crash could leave a core dump."""
    try:
        import resource
    except ImportError:
        return "this system has no limits of processes"
    core = resource.getrlimit(resource.RLIMIT_CORE)[0]
    if core:
        raise Wrong(f"a crash would write up to {core} bytes to disk")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    data = resource.getrlimit(resource.RLIMIT_DATA)[0]
    memory = "any" if data == resource.RLIM_INFINITY else f"{data / 2**30:.1f} GiB of"
    return f"no core dump, {files} open files, {memory} memory"


def _all_memory() -> int:
    return max(2 * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), LEAST_MEMORY)


def _limit(name: str, most: int) -> None:
    """Lower a limit; never raise one that the user has set lower."""
    try:
        import resource
    except ImportError:  # Windows
        return
    which = getattr(resource, name)
    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(which)
        wanted = most if soft == resource.RLIM_INFINITY else min(soft, most)
        resource.setrlimit(which, (wanted, 0 if most == 0 else hard))
