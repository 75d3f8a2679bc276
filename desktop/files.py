"""Files: written whole or not at all, hashed, locked, and their errors in words."""

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr

if TYPE_CHECKING:
    from filelock import BaseFileLock

_CHUNK = 4 * 2**20  # bytes; hashing releases the interpreter lock for each chunk
_SHARING_VIOLATIONS = (32, 33)  # Windows: another program has the file open, or a part locked
_WINDOWS_TAKES = (5, *_SHARING_VIOLATIONS)  # a virus scanner that looks at a new file gives these
_REPLACE_ATTEMPTS = 20
_REPLACE_PAUSE = 0.05  # seconds


def temporary_name(folder: Path) -> Path:
    """A name in the folder that nothing else has."""
    return folder / f".cellar-{uuid4().hex}.tmp"


def create_private(path: Path) -> BinaryIO:
    """A new file that only its owner can read. Raises OSError, also when it is there already."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the file by `data`, readable by its owner only. Raises OSError, then nothing changed.

    A link is replaced, not followed: nobody who plants one can have another file overwritten.
    """
    temporary = temporary_name(path.parent)
    try:
        with create_private(temporary) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def replace(source: Path, target: Path) -> None:
    """Rename, over what is there, in a way that survives a power cut. Raises OSError."""
    for attempt in range(1, _REPLACE_ATTEMPTS + 1):
        try:
            os.replace(source, target)
            break
        except PermissionError as error:
            if _windows_code(error) not in _WINDOWS_TAKES or attempt == _REPLACE_ATTEMPTS:
                raise
            time.sleep(_REPLACE_PAUSE)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path, on_progress: Callable[[int], None] | None = None) -> str:
    """The file's SHA-256 in hex. Raises OSError.

    `on_progress` is told the bytes done after each piece; what it raises ends the work.
    """
    digest = hashlib.sha256()
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    done = 0
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(view[:size])
            done += size
            if on_progress is not None:
                on_progress(done)
    return digest.hexdigest()


def free_space(path: Path) -> int:
    """The bytes that can still be written where `path` is, or will be. Raises OSError."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def time_for_name() -> str:
    """This moment for use in a file name, such as `20261121-095801` (UTC)."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def free_name(folder: Path, stem: str, suffix: str = "") -> Path:
    """The first of `stem.suffix`, `stem-2.suffix`, `stem-3.suffix` … that is not taken."""
    candidate, number = folder / f"{stem}{suffix}", 1
    while os.path.lexists(candidate):
        number += 1
        candidate = folder / f"{stem}-{number}{suffix}"
    return candidate


def world_problem(error: OSError, doing: str) -> Problem:
    """The error in words. `doing` completes "so Cellar could not …", as in "save the settings"."""
    cause, remedy = _cause(error)
    return Problem(tr("{cause}, so Cellar could not {doing}.", cause=cause, doing=doing), remedy)


def _cause(error: OSError) -> tuple[str, str]:
    name = _shown_name(error)
    if _windows_code(error) in _SHARING_VIOLATIONS:
        return tr("Another program is using {name}", name=name), tr(
            "Close that program and try again."
        )
    for codes, cause, remedy in _CAUSES:
        if error.errno in codes:
            return tr(cause, name=name), tr(remedy)
    reason = (error.strerror or type(error).__name__).rstrip(".")
    return tr("The system reports “{reason}” for {name}", reason=reason, name=name), tr(
        "Try again, or use another folder."
    )


_CAUSES: tuple[tuple[tuple[int, ...], str, str], ...] = (
    ((errno.ENOSPC,), mark("The disk is full"), mark("Free some space and try again.")),
    (
        (getattr(errno, "EDQUOT", errno.ENOSPC),),
        mark("Your share of this disk is used up"),
        mark("Free some space and try again."),
    ),
    (
        (errno.EACCES, errno.EPERM),
        mark("Access to {name} is denied"),
        mark("Allow Cellar to read and write there, or use another folder."),
    ),
    (
        (errno.EROFS,),
        mark("The disk of {name} is read-only"),
        mark("Use a folder that can be written."),
    ),
    ((errno.ENOENT,), mark("There is no {name}"), mark("Check the name and try again.")),
    (
        (errno.ENOTDIR, errno.EEXIST),
        mark("A file is in the place of the folder {name}"),
        mark("Move it away, or use another folder."),
    ),
    ((errno.EISDIR,), mark("A folder is in the place of the file {name}"), mark("Move it away.")),
    ((errno.ENAMETOOLONG,), mark("The name {name} is too long"), mark("Use a shorter name.")),
    (
        (errno.EMFILE, errno.ENFILE),
        mark("Too many files are open"),
        mark("Close other programs and try again."),
    ),
    ((errno.EBUSY, errno.ETXTBSY), mark("{name} is in use"), mark("Try again in a moment.")),
    (
        (errno.EIO,),
        mark("The disk of {name} reports an error"),
        mark("Copy what matters to another disk and check this one."),
    ),
    (
        (errno.EFBIG,),
        mark("The disk cannot hold a file as large as {name}"),
        mark("Use another disk."),
    ),
)


def _shown_name(error: OSError) -> str:
    name = error.filename
    if not isinstance(name, (str, bytes, os.PathLike)):
        return tr("the file")
    text = os.fsencode(name).decode("utf-8", "replace")
    return f"“{text}”" if len(text) <= 200 else f"“{text[:60]}…{text[-60:]}”"


def _windows_code(error: OSError) -> int:
    return int(getattr(error, "winerror", 0) or 0)


class FolderLock:
    """One writer for a folder. The lock goes with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "cellar.lock"
        self._lock: BaseFileLock | None = None

    def acquire(self) -> bool:
        """True when the folder is ours now; False when another holds it. Raises OSError."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Let the folder go. Harmless when it is not held."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
