"""Reading what can still be read from a damaged database."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desktop.files import free_name, replace, time_for_name
from desktop.storage import index
from desktop.storage.words import DATABASE_FAILURES, means_damage, primary_code

PAGE = 4096  # bytes; what SQLite takes for a new file
_SMALLEST_ROW = 100  # bytes; a guess from which the number of rows is bounded
_ROWS_AT_MOST = 2_000_000

_CONVERSATION = (
    "SELECT id, title, created_at, updated_at, settings, head_id, pinned, archived, deleted_at,"
    " title_origin, draft, choices, draft_attachments FROM conversations"
)
_MESSAGE = (
    "SELECT id, conversation_id, parent_id, role, text, state, problem, statistics, created_at,"
    " position, attachments FROM messages"
)
_TABLES = (
    (
        _CONVERSATION + " WHERE rowid = ?",
        "SELECT max(rowid) FROM conversations",
        "INSERT OR IGNORE INTO conversations"
        " (id, title, created_at, updated_at, settings, head_id, pinned, archived, deleted_at,"
        " title_origin, draft, choices, draft_attachments)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    (
        _MESSAGE + " WHERE rowid = ?",
        "SELECT max(rowid) FROM messages",
        "INSERT OR IGNORE INTO messages"
        " (id, conversation_id, parent_id, role, text, state, problem, statistics, created_at,"
        " position, attachments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
)
_GIVE_ORPHANS_A_CONVERSATION = """
INSERT OR IGNORE INTO conversations (id, created_at, updated_at)
SELECT conversation_id, min(created_at), max(created_at) FROM messages GROUP BY conversation_id
"""
_JOIN_BROKEN_BRANCHES = """
UPDATE messages SET parent_id = coalesce(
    (SELECT earlier.id FROM messages AS earlier
     WHERE earlier.conversation_id = messages.conversation_id
       AND earlier.position < messages.position
     ORDER BY earlier.position DESC LIMIT 1), '')
WHERE parent_id <> '' AND parent_id NOT IN (SELECT id FROM messages)
"""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How much was read."""

    conversations: int
    messages: int


def lenient_text(data: bytes) -> str:
    """A text from the file, whatever became of its bytes."""
    return data.decode("utf-8", "replace")


def set_aside(path: Path, why: str = "damaged") -> Path:
    """Rename a database, and its log with it. Returns the new name. Raises OSError."""
    kept = free_name(path.parent, f"{path.stem}.{why}-{time_for_name()}", path.suffix)
    # The log first: left behind, SQLite would write it over the next file of that name.
    for ending in ("-wal", ""):
        with contextlib.suppress(FileNotFoundError):
            replace(Path(f"{path}{ending}"), Path(f"{kept}{ending}"))
    Path(f"{path}-shm").unlink(missing_ok=True)
    return kept


def recover(source: Path, target: sqlite3.Connection, first_page: bytes) -> Recovered:
    """Copy every row that can be read into the new database `target`.

    `source` is a copy that may be changed: when its first page cannot be used, that of an empty
    database, `first_page`, stands in, for Cellar's tables begin at the same places in every file.
    Raises sqlite3.Error about the target, and OSError.
    """
    with closing(sqlite3.connect(source, isolation_level=None)) as damaged:
        usable = is_understood(damaged)
    if not usable:
        _replace_first_page(source, first_page)
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("BEGIN IMMEDIATE")
    with closing(sqlite3.connect(source, isolation_level=None)) as damaged:
        damaged.text_factory = lenient_text
        for select, last, insert in _TABLES:
            for row in _rows(damaged, select, last, source.stat().st_size):
                target.execute(insert, row)
    target.execute(_GIVE_ORPHANS_A_CONVERSATION)
    target.execute(_JOIN_BROKEN_BRANCHES)
    index.rebuild(target)
    target.execute("COMMIT")
    count = "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM messages)"
    return Recovered(*target.execute(count).fetchone())


def _rows(
    damaged: sqlite3.Connection, select: str, last: str, size: int
) -> Iterator[tuple[object, ...]]:
    """Row by row, each found from the root: one damaged page costs no row on another."""
    try:
        end = damaged.execute(last).fetchone()[0] or 0
    except DATABASE_FAILURES:
        end = size // _SMALLEST_ROW
    for rowid in range(1, min(end, _ROWS_AT_MOST) + 1):
        with contextlib.suppress(*DATABASE_FAILURES):
            row = damaged.execute(select, (rowid,)).fetchone()
            if row is not None and isinstance(row[0], str) and row[0]:
                yield row


def has_tables(connection: sqlite3.Connection) -> bool:
    """True when the tables of any schema are there. Raises sqlite3.Error when nobody can tell."""
    names = "SELECT count(*) FROM sqlite_master WHERE name IN ('conversations', 'messages')"
    return bool(connection.execute(names).fetchone()[0] == len(_TABLES))


def is_understood(connection: sqlite3.Connection) -> bool:
    """True when the tables have the columns of today. Raises sqlite3.Error when nobody can tell."""
    try:
        connection.execute(f"EXPLAIN {_CONVERSATION}").fetchall()
        connection.execute(f"EXPLAIN {_MESSAGE}").fetchall()
    except DATABASE_FAILURES as error:
        if means_damage(error) or primary_code(error) == sqlite3.SQLITE_ERROR:
            return False
        raise
    return True


def _replace_first_page(source: Path, first_page: bytes) -> None:
    page = bytearray(first_page[:PAGE])
    page[28:32] = (source.stat().st_size // PAGE).to_bytes(4, "big")  # size in pages
    with source.open("r+b") as file:
        file.write(page)
