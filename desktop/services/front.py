"""One window for a data folder: the first one holds a lock, a second start leaves it a note.

A note is a file, so nothing listens on the network for it, and the lock goes with the process that
holds it: there is nothing stale to clean up after a crash.
"""

import contextlib
import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import FolderLock, write_atomically

log = logging.getLogger(__name__)

FOLDER = "window"
NOTES = "call-*.json"
LOOK_EACH_S = 0.05
PATIENCE_S = 20.0  # a window that has just been started takes a moment to look
LARGEST = 1_000_000  # bytes of a note; ours have some hundred
ACTIVATION = "XDG_ACTIVATION_TOKEN"  # of Wayland: what lets a window come to the front


@dataclass(frozen=True, slots=True)
class Call:
    """What a second start wants of the window that is open."""

    files: tuple[str, ...] = ()  # to import, absolute
    offline: bool = False  # it was started with --offline
    token: str = ""  # of the desktop, which lets the window come to the front

    @classmethod
    def of(cls, files: tuple[Path, ...], *, offline: bool) -> "Call":
        """What this start wants."""
        absolute = tuple(os.path.abspath(path) for path in files)
        return cls(absolute, offline, os.environ.get(ACTIVATION, ""))


class Front:
    """The place where starts meet. Used from one thread at a time."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self._lock = FolderLock(self.folder)

    def enter(self, call: Call, patience_s: float = PATIENCE_S) -> bool:
        """True when this start is to open the window; False when the one that is open was called.

        Raises Problem when there is one that does not answer.
        """
        note = self.folder / f"call-{uuid4().hex}.json"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._lock.acquire():
                return True
            write_atomically(note, json.dumps(asdict(call)).encode())
            return not self._is_answered(note, patience_s)
        except OSError as error:
            log.info("there may be two windows: %s", type(error).__name__)
            return True  # the window itself says what is wrong with the folder

    def calls(self) -> list[Call]:
        """The calls since the last time."""
        found = []
        for note in sorted(self.folder.glob(NOTES)):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
                found.append(_read(note))
            with contextlib.suppress(OSError):
                note.unlink()
        return found

    def leave(self) -> None:
        """Let another start open a window."""
        self._lock.release()

    def _is_answered(self, note: Path, patience_s: float) -> bool:
        """False when the other window has been closed meanwhile, and the folder is ours now."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if not note.exists():
                return True
            if self._lock.acquire():
                note.unlink(missing_ok=True)
                return False
            time.sleep(LOOK_EACH_S)
        note.unlink(missing_ok=True)
        raise Problem(
            tr("Cellar is already open with this data folder, but its window does not answer."),
            tr("Close that window, or end it in the system's list of programs, and start again."),
        )


def _read(note: Path) -> Call:
    if note.stat().st_size > LARGEST:
        raise ValueError("this is no note")
    told = json.loads(note.read_bytes())
    files, token = told["files"], told["token"]
    if not isinstance(token, str) or not all(isinstance(name, str) for name in files):
        raise TypeError("this is no note")
    return Call(tuple(files), told["offline"] is True, token)
