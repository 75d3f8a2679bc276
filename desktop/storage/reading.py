"""Reading the database while a window has it open."""

import sqlite3
from pathlib import Path

from desktop.storage.recovery import lenient_text

_PATIENCE = 3.0  # seconds to wait while the log of the file is cleared


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that sees all that was saved and changes nothing. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_PATIENCE
    )
    connection.text_factory = lenient_text
    for pragma in ("temp_store = MEMORY", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection
