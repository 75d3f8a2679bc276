"""Errors of the database in words."""

import contextlib
import sqlite3
from pathlib import Path
from typing import TypeAlias

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.files import free_space, world_problem

_NEARLY_NOTHING = 2**20  # bytes; with less, an unexplained disk error is a full disk
_DISK_FULL = (mark("The disk is full"), mark("Free some space and try again."))

_CAUSES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_BUSY: (
        mark("Another program is using the file of your chats"),
        mark("Close that program and try again."),
    ),
    sqlite3.SQLITE_READONLY: (
        mark("The file of your chats is read-only"),
        mark("Allow Cellar to write to its data folder."),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        mark("The file of your chats cannot be opened"),
        mark("Check that Cellar may read and write its data folder."),
    ),
    sqlite3.SQLITE_IOERR: (
        mark("The disk reports an error"),
        mark("Copy what matters to another disk and check this one."),
    ),
    sqlite3.SQLITE_CORRUPT: (
        mark("The file of your chats is damaged"),
        mark("Close Cellar and start it again: it keeps the file and reads from it what it can."),
    ),
    sqlite3.SQLITE_CONSTRAINT: (mark("The chat is no longer there"), mark("Start a new chat.")),
    sqlite3.SQLITE_NOMEM: (mark("The memory is full"), mark("Close other programs and try again.")),
    sqlite3.SQLITE_TOOBIG: (
        mark("The text is too long for the file of your chats"),
        mark("Shorten it."),
    ),
}
_SAME_CAUSE: dict[int, int] = {
    sqlite3.SQLITE_LOCKED: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PROTOCOL: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PERM: sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_AUTH: sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOTADB: sqlite3.SQLITE_CORRUPT,
}


# Python cannot decode a message of SQLite that quotes damaged names.
DatabaseFailure: TypeAlias = sqlite3.Error | UnicodeDecodeError
DATABASE_FAILURES = (sqlite3.Error, UnicodeDecodeError)


def primary_code(error: BaseException) -> int:
    """SQLite's result code without its details; 0 when there is none."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def means_damage(error: BaseException) -> bool:
    """True when the file itself is not what SQLite wrote."""
    damage = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, DATABASE_FAILURES) and primary_code(error) in damage


def storage_problem(error: DatabaseFailure | OSError, doing: str, path: Path | None) -> Problem:
    """The error in words. `doing` completes "so Cellar could not …"."""
    if isinstance(error, OSError):
        return world_problem(error, doing)
    code = primary_code(error)
    found = _CAUSES.get(_SAME_CAUSE.get(code, code))
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full(path):
        found = _DISK_FULL
    if found is None:
        cause = tr("The file of your chats gives the error “{error}”", error=_name(error))
        remedy = tr("Start Cellar again.")
    else:
        cause, remedy = tr(found[0]), tr(found[1])
    return Problem(tr("{cause}, so Cellar could not {doing}.", cause=cause, doing=doing), remedy)


def _name(error: DatabaseFailure) -> str:
    return str(getattr(error, "sqlite_errorname", "") or type(error).__name__)


def _is_full(path: Path | None) -> bool:
    with contextlib.suppress(OSError):
        return path is not None and free_space(path.parent) < _NEARLY_NOTHING
    return False
