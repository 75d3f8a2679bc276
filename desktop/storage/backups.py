"""Copies of the database, made before a change of its format."""

import contextlib
import logging
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from desktop.files import free_name, replace, time_for_name

_KEPT = 3

_log = logging.getLogger(__name__)


def back_up(connection: sqlite3.Connection, folder: Path, version: int) -> Path:
    """Copy the database, at schema `version`, into the folder. Raises sqlite3.Error and OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = free_name(folder, f"chats-schema-{version}-{time_for_name()}", ".db")
    unfinished = copy.with_suffix(".part")
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as target:
            connection.backup(target)
            # A backup is one file: no log beside it that could be forgotten.
            target.execute("PRAGMA journal_mode = DELETE")
        replace(unfinished, copy)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
    for old in _copies(folder)[:-_KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
    return copy


def forget_messages(folder: Path, ids: Collection[str]) -> None:
    """Delete messages from the copies too: what the user deletes must not live on in one."""
    for copy in _copies(folder):
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("DELETE FROM messages WHERE id = ?", ((id,) for id in ids))
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            _log.warning("could not delete from %s: %s", copy.name, type(error).__name__)


def _copies(folder: Path) -> list[Path]:
    """The copies, oldest first."""
    return sorted(folder.glob("chats-schema-*.db"), key=lambda path: path.stat().st_mtime_ns)
