"""A process that converts a stranger's model gets no network, no other process, and one folder.

These are the doors that Python knows of: what a library's native code does passes none of them.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

# Audit events of Python, https://docs.python.org/3/library/audit_events.html
REFUSED = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
        *("subprocess.Popen", "os.system", "os.exec", "os.spawn", "os.posix_spawn"),
        *("os.fork", "os.forkpty", "pty.spawn"),
        "pickle.find_class",
    }
)
# Events that change files: where among the arguments a path is, and the folder it starts from.
CHANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.chmod": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HERE = -1  # a path that starts where the process is; others start from a folder that is open
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_IMPLICIT_TOKEN")


class Refused(PermissionError):
    """Something was tried that a conversion has no need of."""


def seclude(scratch: Path) -> None:
    """Shut this process in, for good. It can write to the folder that `scratch` is in only.

    What libraries note or buffer on disk goes to `scratch`.
    """
    for name in OFFLINE:
        os.environ[name] = "1"
    os.environ["HF_HOME"] = str(scratch)
    tempfile.tempdir = str(scratch)
    _Guard(os.path.realpath(scratch.parent)).stand()


class _Guard:
    """Looks at each event that Python tells of."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._inside = os.path.join(folder, "")

    def stand(self) -> None:
        """From now on."""
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in REFUSED:
            raise Refused(f"a conversion must not use {event}")
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            self._need_inside(event, arguments[0])
        for path, start in CHANGES.get(event, ()):
            if arguments[start] == HERE:
                self._need_inside(event, arguments[path])

    def _need_inside(self, event: str, path: object) -> None:
        """A number is a file that is open already."""
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        place = os.path.realpath(os.fsdecode(path))
        if place not in (self._folder, os.devnull) and not place.startswith(self._inside):
            raise Refused(f"a conversion must not use {event} outside of its folder")
