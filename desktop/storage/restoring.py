"""Daily copies of the conversations, and putting one back in the place of the file."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import FolderLock, replace, world_problem
from desktop.paths import Paths
from desktop.storage.backups import (
    LOCK,
    REPLACED,
    Backup,
    back_up_daily,
    back_up_now,
    list_backups,
)
from desktop.storage.database import REPAIR, REPAIRED
from desktop.storage.migrations import STEPS
from desktop.storage.reading import connect_to_read
from desktop.storage.recovery import set_aside
from desktop.storage.upgrade import refuse_newer, schema_version
from desktop.storage.words import DATABASE_FAILURES, means_damage, storage_problem


def back_up_if_due(paths: Paths) -> Path | None:
    """Copy the conversations when the last daily copy is a day old. For any thread.

    Returns the copy that was made. Raises Problem.
    """
    try:
        if not paths.database.exists():
            return None
        return back_up_daily(paths.database, paths.backups, datetime.now(UTC))
    except (*DATABASE_FAILURES, OSError) as error:
        raise storage_problem(error, tr("make a backup of your chats"), paths.database) from error


def back_up(paths: Paths) -> Path:
    """Copy the conversations now. For any thread. Raises Problem."""
    try:
        return back_up_now(paths.database, paths.backups)
    except (*DATABASE_FAILURES, OSError) as error:
        raise storage_problem(error, tr("make a backup of your chats"), paths.database) from error


def chats_in(backup: Backup) -> int | None:
    """How many conversations a copy holds; None when it cannot be read."""
    try:
        with closing(connect_to_read(backup.path)) as connection:
            return int(connection.execute("SELECT count(*) FROM conversations").fetchone()[0])
    except (*DATABASE_FAILURES, OSError):
        return None


def backups(paths: Paths) -> tuple[Backup, ...]:
    """The copies that can be restored, newest first. Raises Problem."""
    try:
        return list_backups(paths.backups)
    except OSError as error:
        raise world_problem(error, tr("list the backups")) from error


def restore(paths: Paths, backup: Path) -> Path | None:
    """Put a copy in the place of the conversations, which no store may have open.

    Returns where the present file is kept. Raises Problem; then nothing was changed.
    """
    lock = FolderLock(paths.data_dir)
    try:
        if not lock.acquire():
            raise Problem(
                tr("Cellar's window is open with this data folder."), tr("Close it and try again.")
            )
        _check(backup)
        with LOCK:
            return _exchange(paths.database, backup)
    except (*DATABASE_FAILURES, OSError) as error:
        if means_damage(error):
            raise _damaged() from error
        raise storage_problem(error, tr("restore this backup"), backup) from error
    finally:
        lock.release()


def _check(backup: Path) -> None:
    with closing(connect_to_read(backup)) as connection:
        refuse_newer(connection, STEPS)
        if not schema_version(connection):
            raise _damaged()
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise _damaged()
        try:
            connection.execute("SELECT count(*) FROM conversations, messages").fetchone()
        except sqlite3.OperationalError as error:
            raise _damaged() from error


def _exchange(database: Path, backup: Path) -> Path | None:
    """An end at any point leaves the present file, or the whole of the copy, to the next start."""
    with tempfile.TemporaryDirectory(
        dir=database.parent, prefix=REPAIR, ignore_cleanup_errors=True
    ) as name:
        unfinished, new = Path(name) / "copy.db", Path(name) / REPAIRED
        shutil.copyfile(backup, unfinished)
        replace(unfinished, new)
        kept = set_aside(database, REPLACED) if database.exists() else None
        replace(new, database)
    return kept


def _damaged() -> Problem:
    return Problem(
        tr("This backup is damaged, so Cellar did not restore it."), tr("Choose another one.")
    )
