"""Bringing a database to the schema of today, one numbered step after the other."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.storage.backups import back_up


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of the last step that was taken; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, steps: Sequence[str]) -> None:
    """Raise Problem when a newer program wrote the file."""
    if schema_version(connection) > len(steps):
        raise Problem(
            tr("The chats in this data folder were written by a newer version of Cellar."),
            tr("Install that version again, or choose another folder with --data-dir."),
        )


def upgrade(connection: sqlite3.Connection, backups: Path | None, steps: Sequence[str]) -> None:
    """Take the missing steps, each whole or not at all; first copy what is there.

    Foreign keys must be off: a step may have to rebuild a table. Raises sqlite3.Error and OSError.
    """
    version = schema_version(connection)
    if backups is not None and 0 < version < len(steps):
        back_up(connection, backups, version)
    for number, step in enumerate(steps[version:], start=version + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{step};\nPRAGMA user_version = {number};\nCOMMIT;"
            )
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
