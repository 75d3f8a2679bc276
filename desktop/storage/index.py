"""The search index: made of titles and messages, kept in step with them, never read as a source.

It holds words only. Nothing in it is lost when it is made anew, so backups go without it.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator

from desktop.domain.conversation import State
from desktop.domain.folding import spaced

NAME = "search_"  # what the names of its tables begin with
_TABLES = ("search_titles", "search_messages")

# The text itself is not kept a second time (content=''). Symbols such as emoji can be found too.
# Rows go by the rowid of conversations and messages: VACUUM of the file would change those.
_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS {0} USING fts5(text, content='', prefix='2',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co So'")
"""
_CLEAR = "INSERT INTO {0} ({0}) VALUES ('delete-all')"
# What FTS5 writes for an empty index: so damaged that it cannot be opened, it cannot be dropped.
_RESET = (
    "DELETE FROM {0}_data",
    "DELETE FROM {0}_idx",
    "DELETE FROM {0}_docsize",
    "INSERT INTO {0}_data (id, block) VALUES (1, x''), (10, zeroblob(7))",
)
_MERGE = "INSERT INTO {0} ({0}) VALUES ('optimize')"
_DELETE = "INSERT INTO {0} ({0}, rowid, text) VALUES ('delete', ?, ?)"
_INSERT = "INSERT INTO {0} (rowid, text) VALUES (?, ?)"
_FILL_TITLES = "SELECT rowid, title FROM conversations"
_FILL_MESSAGES = "SELECT rowid, text FROM messages WHERE state <> ?"

Entry = tuple[int, str]  # rowid and text


def make_ready(connection: sqlite3.Connection) -> None:
    """Make the index when there is none: in a new file, an older one, or a restored backup."""
    query = "SELECT count(*) FROM sqlite_master WHERE name IN (?, ?)"
    if connection.execute(query, _TABLES).fetchone()[0] == len(_TABLES):
        return
    mend(connection)


def mend(connection: sqlite3.Connection) -> None:
    """Make the index anew, in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name in _TABLES:
            connection.execute(_CREATE.format(name))
        rebuild(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def drop(connection: sqlite3.Connection) -> None:
    """Take the index away, inside of a transaction; it is made anew when the file is opened."""
    for name in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew, inside of a transaction."""
    for name in _TABLES:
        try:
            connection.execute(_CLEAR.format(name))
        except sqlite3.Error as error:
            if not is_damaged(error):
                raise
            for statement in _RESET:
                connection.execute(statement.format(name))
            connection.execute(_CLEAR.format(name))
    _insert("search_titles", connection, connection.execute(_FILL_TITLES))
    rows = connection.execute(_FILL_MESSAGES, (State.WRITING.value,))
    _insert("search_messages", connection, rows)


def is_damaged(error: BaseException) -> bool:
    """True when the index, and nothing else, is not what it should be."""
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code == sqlite3.SQLITE_CORRUPT_VTAB


def messages_changed(
    connection: sqlite3.Connection, gone: Iterable[Entry], new: Iterable[Entry]
) -> None:
    """Follow a change of messages, made before in the same transaction.

    `gone` are the very texts that were taken up. One that is being written waits until it is done.
    """
    _follow("search_messages", connection, gone, new)


def titles_changed(
    connection: sqlite3.Connection, gone: Iterable[Entry], new: Iterable[Entry]
) -> None:
    """Follow a change of titles, made before in the same transaction."""
    _follow("search_titles", connection, gone, new)


def leave_no_traces(connection: sqlite3.Connection) -> None:
    """Rewrite the index without the words of what was dropped from it, in a transaction."""
    with _mending(connection):
        for name in _TABLES:
            connection.execute(_MERGE.format(name))


@contextlib.contextmanager
def _mending(connection: sqlite3.Connection) -> Iterator[None]:
    """Make a damaged index anew: it is made of the rows as they are at this moment."""
    try:
        yield
    except sqlite3.Error as error:
        if not is_damaged(error):
            raise
        rebuild(connection)


def _follow(
    name: str, connection: sqlite3.Connection, gone: Iterable[Entry], new: Iterable[Entry]
) -> None:
    with _mending(connection):
        connection.executemany(
            _DELETE.format(name),
            ((rowid, spaced(text)) for rowid, text in gone),
        )
        _insert(name, connection, new)


def _insert(name: str, connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    connection.executemany(
        _INSERT.format(name),
        ((rowid, spaced(text)) for rowid, text in entries),
    )
