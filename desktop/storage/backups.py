"""Copies of the database: one a day, and one before each change of its format."""

import contextlib
import logging
import re
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.files import create_private, free_name, replace, time_for_name
from desktop.storage import index
from desktop.storage.reading import connect_to_read

_KEPT = {"daily": 7, "manual": 3, "schema": 3}
_PARTS = """
SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE ?
AND name NOT LIKE 'sqlite_%' AND type IN ('table', 'index') ORDER BY type DESC, rowid
"""
_ROWS = 'INSERT INTO copy."{0}" SELECT * FROM main."{0}"'
_DAY = timedelta(hours=24)
_NAME = re.compile(r"chats-(daily|manual|schema-\d+)-(\d{8}-\d{6})(-\d+)?\.db")
REPLACED = "replaced"  # in the name of a file in whose place a copy was restored

# Held while a copy is made and while something is deleted: no copy may keep what is being deleted.
LOCK = threading.RLock()

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that can be restored."""

    path: Path
    made_at: datetime  # UTC
    kind: str  # "daily", "manual", or "schema" for one made before a change of format
    size: int  # bytes


def back_up(connection: sqlite3.Connection, folder: Path, version: int) -> Path:
    """Copy the database, at schema `version`, into the folder. Raises sqlite3.Error and OSError."""
    return _copy(connection, folder, f"schema-{version}")


def back_up_daily(database: Path, folder: Path, moment: datetime) -> Path | None:
    """Copy the database unless a copy is younger than a day, or there is nothing to keep.

    For any thread. Raises sqlite3.Error and OSError.
    """
    newest = next((each for each in list_backups(folder) if each.kind == "daily"), None)
    if newest is not None and timedelta(0) <= moment - newest.made_at < _DAY:
        return None
    with LOCK, closing(connect_to_read(database)) as connection:
        if not connection.execute("SELECT count(*) FROM conversations").fetchone()[0]:
            return None
        return _copy(connection, folder, "daily")


def back_up_now(database: Path, folder: Path) -> Path:
    """Copy the database because the user wants it. For any thread.

    Raises sqlite3.Error and OSError.
    """
    with LOCK, closing(connect_to_read(database)) as connection:
        return _copy(connection, folder, "manual")


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The copies, newest first. Raises OSError."""
    found: list[Backup] = []
    for path in folder.glob("chats-*.db"):
        if name := _NAME.fullmatch(path.name):
            made_at = datetime.strptime(name[2], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
            with contextlib.suppress(FileNotFoundError):
                kind = name[1].partition("-")[0]
                found.append(Backup(path, made_at, kind, path.stat().st_size))
    return tuple(sorted(found, key=lambda each: (each.made_at, each.path.name), reverse=True))


def forget_messages(copies: Iterable[Path], ids: Collection[str]) -> None:
    """Delete messages from the copies too: what the user deletes must not live on in one."""
    _forget(copies, ("DELETE FROM messages WHERE id = ?",), ids)


def forget_conversations(copies: Iterable[Path], ids: Collection[str]) -> None:
    """Delete conversations from the copies too."""
    statements = (
        "DELETE FROM messages WHERE conversation_id = ?",
        "DELETE FROM conversations WHERE id = ?",
    )
    _forget(copies, statements, ids)


def copies_of(database: Path, folder: Path) -> list[Path]:
    """Every sound file that may hold what is deleted: backups, and files that one replaced."""
    replaced = database.parent.glob(f"{database.stem}.{REPLACED}-*{database.suffix}")
    return [*(each.path for each in list_backups(folder)), *replaced]


def _forget(copies: Iterable[Path], statements: Sequence[str], ids: Collection[str]) -> None:
    for copy in copies:
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute("BEGIN IMMEDIATE")
                index.drop(connection)
                for statement in statements:
                    connection.executemany(statement, ((id_,) for id_ in ids))
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            _log.warning("could not delete from %s: %s", copy.name, type(error).__name__)


def _copy(connection: sqlite3.Connection, folder: Path, kind: str) -> Path:
    """Copy all but the search index, which would double the size and is made again in no time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = free_name(folder, f"chats-{kind}-{time_for_name()}", ".db")
    unfinished = copy.with_suffix(".part")
    try:
        unfinished.unlink(missing_ok=True)
        create_private(unfinished).close()
        connection.execute("ATTACH ? AS copy", (str(unfinished),))
        try:
            _fill(connection)
        finally:
            connection.execute("DETACH copy")
        replace(unfinished, copy)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
    _drop_oldest(folder, kind)
    return copy


def _fill(connection: sqlite3.Connection) -> None:
    """Make the tables of `main` in `copy`, as they are at one moment."""
    # Nobody reads the copy before it is whole and renamed, so it needs no journal.
    connection.execute("PRAGMA copy.journal_mode = OFF").fetchall()
    connection.execute("BEGIN")
    try:
        for name, sql in connection.execute(_PARTS, (f"{index.NAME}%",)).fetchall():
            connection.execute(re.sub(r"^(CREATE (?:UNIQUE )?\w+) ", r"\1 copy.", sql, count=1))
            if sql.startswith("CREATE TABLE"):
                connection.execute(_ROWS.format(name))
        version = connection.execute("PRAGMA main.user_version").fetchone()[0]
        connection.execute(f"PRAGMA copy.user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _drop_oldest(folder: Path, kind: str) -> None:
    kind = kind.partition("-")[0]
    same = [each for each in list_backups(folder) if each.kind == kind]
    for old in same[_KEPT[kind] :]:
        with contextlib.suppress(OSError):
            old.path.unlink()
