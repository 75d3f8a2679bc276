"""Whether chats of an older Cellar would be understood: tried on a file made for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop.domain.checks import Wrong
from desktop.paths import Paths
from desktop.storage.migrations import STEPS
from desktop.storage.opening import open_store
from desktop.storage.upgrade import upgrade

WORD = "walrus"
_CHAT = """
INSERT INTO conversations (id, title, created_at, updated_at, head_id)
VALUES ('chat', 'An old chat', '2026-01-01T00:00:00.000+00:00', '2026-01-01T00:00:00.000+00:00',
'said')
"""
_MESSAGE = """
INSERT INTO messages (id, conversation_id, role, text, state, created_at, position)
VALUES ('said', 'chat', 'user', ?, 'stop', '2026-01-01T00:00:00.000+00:00', 0)
"""


def sqlite_version() -> str:
    """Of the library that is in use."""
    return sqlite3.sqlite_version


def check_storage(data_dir: Path) -> str:
    """Open a file of the first schema, and search what was said in it. Raises Wrong, Problem."""
    paths = Paths.of(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    _write_oldest(paths.database)
    store, problems = open_store(paths)
    with closing(store):
        if problems or store.is_temporary:
            raise Wrong(" ".join(str(problem) for problem in problems))
        found = [hit.conversation_id for hit in store.search(WORD)]
        if found != ["chat"]:
            raise Wrong(f"the search found {found}")
    if not any(paths.backups.iterdir()):
        raise Wrong("no backup was made before the file was changed")
    return f"SQLite {sqlite3.sqlite_version} with FTS5; schema 1 became {len(STEPS)}"


def _write_oldest(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        upgrade(connection, None, STEPS[:1])
        connection.execute(_CHAT)
        connection.execute(_MESSAGE, (f"The {WORD} is asleep.",))
