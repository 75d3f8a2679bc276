"""Opening the database file: settings of SQLite, a check of the file, and the schema of today."""

import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from desktop.storage import index
from desktop.storage.recovery import PAGE, has_tables, is_understood, lenient_text
from desktop.storage.upgrade import refuse_newer, schema_version, upgrade
from desktop.storage.words import means_damage

_PATIENCE = 3.0  # seconds to wait for another program that reads or writes the file
_ALWAYS_CHECKED = 16 * 2**20  # bytes; reading as much takes a third of a second on a slow disk
_SMALLEST_FILE = 512  # bytes; the smallest page that SQLite knows
_PLAUSIBLE_VERSIONS = range(10_000)


class DamagedFile(Exception):
    """The file is no database of Cellar, or not any more."""


def connect(path: Path, backups: Path, steps: Sequence[str]) -> sqlite3.Connection:
    """Open, or make, the file at `path`.

    Raises DamagedFile, Problem for a file of a newer program, sqlite3.Error and OSError.
    """
    needs_check = _needs_check(path)
    if needs_check and 0 < path.stat().st_size < _SMALLEST_FILE:
        raise DamagedFile  # SQLite would take it for a new file, and write over it
    connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)
    try:
        _refuse_foreign(connection, len(steps))
        refuse_newer(connection, steps)
        _configure(connection)
        if needs_check:
            _check(connection, thorough=suspicion_of(path).exists())
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        # In WAL mode only FULL keeps the last message through a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        upgrade(connection, backups, steps)
        _make_ready(connection)
        index.make_ready(connection)
    except BaseException as error:
        connection.close()
        if means_damage(error):
            raise DamagedFile from error
        raise
    with contextlib.suppress(OSError):
        suspicion_of(path).unlink()
    return connection


def connect_again(path: Path) -> sqlite3.Connection:
    """A further connection to a file that is open, and so is checked and of today's schema.

    Raises sqlite3.Error.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE
    )
    try:
        _configure(connection)
        for pragma in ("synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def connect_memory(steps: Sequence[str]) -> sqlite3.Connection:
    """A database that lasts as long as the process."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _configure(connection)
    upgrade(connection, None, steps)
    _make_ready(connection)
    index.make_ready(connection)
    return connection


def first_page(path: Path, steps: Sequence[str]) -> bytes:
    """The first page of a database without a row and without an index, made at `path`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, None, steps)
    page = path.read_bytes()[:PAGE]
    path.unlink()
    return page


def suspicion_of(path: Path) -> Path:
    """The file that is there when SQLite met damage while Cellar ran."""
    return path.with_name(f"{path.name}-suspect")


def _needs_check(path: Path) -> bool:
    """True unless a large file was closed well: SQLite then takes its log away."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    log = Path(f"{path}-wal")
    left_open = log.exists() and log.stat().st_size > 0
    return left_open or size <= _ALWAYS_CHECKED or suspicion_of(path).exists()


def _refuse_foreign(connection: sqlite3.Connection, current: int) -> None:
    """Before anything is changed in the file."""
    version = schema_version(connection)
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if version not in _PLAUSIBLE_VERSIONS or (version == 0 and tables):
        raise DamagedFile
    if 0 < version < current and not has_tables(connection):
        raise DamagedFile
    if version == current and not is_understood(connection):
        raise DamagedFile


def _configure(connection: sqlite3.Connection) -> None:
    connection.text_factory = lenient_text
    for pragma in ("secure_delete = ON", "temp_store = MEMORY", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _check(connection: sqlite3.Connection, thorough: bool) -> None:
    pragma = "PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)"
    found = connection.execute(pragma).fetchone()[0]
    if index.NAME in found:  # SQLite 3.44 and later look into the index too
        index.mend(connection)
        found = connection.execute(pragma).fetchone()[0]
    if found != "ok":
        raise DamagedFile


def _make_ready(connection: sqlite3.Connection) -> None:
    """Make sure of the tables, and that they can be written."""
    connection.execute("PRAGMA foreign_keys = ON")
    if not is_understood(connection):
        raise DamagedFile
    # SQLite opens a file that is read-only all the same, and even begins a transaction.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA user_version = {schema_version(connection)}")
    connection.execute("ROLLBACK")
