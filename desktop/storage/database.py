"""The database file: opened, checked, upgraded, and rebuilt when it is damaged."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.words import tr, trn
from desktop.files import FolderLock, replace
from desktop.storage.connection import (
    DamagedFile,
    connect,
    connect_again,
    connect_memory,
    first_page,
    suspicion_of,
)
from desktop.storage.migrations import STEPS
from desktop.storage.reading import connect_to_read
from desktop.storage.recovery import Recovered, recover, set_aside
from desktop.storage.upgrade import refuse_newer, schema_version
from desktop.storage.words import DATABASE_FAILURES, means_damage, storage_problem

REPAIR, REPAIRED = ".repair-", "new.db"


class Database:
    """A connection, to be used by the thread that opened it. Every error becomes a Problem."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path | None = None,
        backups: Path | None = None,
        lock: FolderLock | None = None,
    ) -> None:
        self.path = path  # None: in memory
        self.backups = backups
        self._connection = connection
        self._lock = lock

    @contextmanager
    def reading(self, doing: str) -> Iterator[sqlite3.Connection]:
        """The connection, for a question. Raises Problem: "… so Cellar could not (doing)"."""
        try:
            yield self._connection
        except sqlite3.ProgrammingError:
            raise  # a bug of ours
        except (*DATABASE_FAILURES, OSError) as error:
            self._remember_damage(error)
            raise storage_problem(error, doing, self.path) from error

    @contextmanager
    def writing(self, doing: str) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk afterwards, or nothing. Raises Problem."""
        with self.reading(doing) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def empty_log(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log. Raises Problem."""
        with self.reading(tr("clear the log of its file")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file and let the folder go."""
        try:
            self._connection.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def _remember_damage(self, error: Exception) -> None:
        if self.path and means_damage(error):
            with contextlib.suppress(OSError):
                suspicion_of(self.path).touch()


def in_memory() -> Database:
    """A database that lasts as long as the process."""
    return Database(connect_memory(STEPS))


def open_again(path: Path, backups: Path) -> Database:
    """A further connection of the process that has opened the file already. Raises Problem."""
    try:
        return Database(connect_again(path), path, backups)
    except (*DATABASE_FAILURES, OSError) as error:
        raise storage_problem(error, tr("open your chats"), path) from error


def open_to_read(path: Path, steps: Sequence[str] = STEPS) -> Database:
    """The database while another process has it open to write. Raises Problem."""
    try:
        connection = connect_to_read(path)
        try:
            refuse_newer(connection, steps)
            if schema_version(connection) < len(steps):
                raise Problem(
                    tr("An older version of Cellar is open with this data folder."),
                    tr("Close it and try again."),
                )
        except BaseException:
            connection.close()
            raise
    except (*DATABASE_FAILURES, OSError) as error:
        raise storage_problem(error, tr("open your chats"), path) from error
    return Database(connection, path)


def open_database(
    path: Path,
    backups: Path,
    lock: FolderLock | None = None,
    steps: Sequence[str] = STEPS,
) -> tuple[Database, list[Problem]]:
    """The database at `path`, made or rebuilt where need be, and what there is to tell about it.

    Raises Problem when it cannot be used; what was in the folder is then as it was.
    """
    try:
        _finish_repair(path)
        problems = _found_empty(path)
        try:
            connection = connect(path, backups, steps)
        except DamagedFile:
            problems = [_rebuilt(path, steps)]
            connection = connect(path, backups, steps)
    except DamagedFile as error:
        raise Problem(
            tr("The file of your chats is damaged, and a new one could not be made."),
            tr("Move “{name}” to another folder and start Cellar again.", name=path.name),
        ) from error
    except (*DATABASE_FAILURES, OSError) as error:
        raise storage_problem(error, tr("open your chats"), path) from error
    return Database(connection, path, backups, lock), problems


def _found_empty(path: Path) -> list[Problem]:
    log = Path(f"{path}-wal")
    if not path.is_file() or path.stat().st_size or log.exists():
        return []
    return [
        Problem(
            tr("The file of your chats was empty, so Cellar starts with a new one."),
            tr("If you have a copy of “{name}”, close Cellar and put it back.", name=path.name),
        )
    ]


def _finish_repair(path: Path) -> None:
    """Take up what an end in the middle of `_rebuilt` left."""
    for folder in path.parent.glob(f"{REPAIR}*"):
        repaired = folder / REPAIRED
        if repaired.exists() and not path.exists():
            replace(repaired, path)  # the damaged file was set aside, so this one is whole
        shutil.rmtree(folder, ignore_errors=True)


def _rebuilt(path: Path, steps: Sequence[str]) -> Problem:
    """Make a new file of what can be read, and only then set the damaged one aside."""
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=REPAIR, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        source, new = folder / "damaged.db", folder / REPAIRED
        for ending in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{ending}", f"{source}{ending}")
        page = first_page(folder / "empty.db", steps)
        with closing(connect(new, folder, steps)) as target:
            found = recover(source, target, page)
        kept = set_aside(path)
        replace(new, path)
    return Problem(
        tr(
            "The file of your chats was damaged. {found} could be read again.", found=_amount(found)
        ),
        tr("The damaged file is kept as “{name}”.", name=kept.name),
    )


def _amount(found: Recovered) -> str:
    if not found.messages:
        return tr("Nothing of it")
    chats = trn("{count} chat", "{count} chats", found.conversations)
    messages = trn("{count} message", "{count} messages", found.messages)
    return tr("{messages} in {chats}", messages=messages, chats=chats)
