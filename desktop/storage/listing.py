"""The list of conversations: rows, and what is changed from the list."""

import json
import sqlite3
from collections.abc import Collection, Mapping

from desktop.domain.chats import Summary, TitleOrigin
from desktop.domain.conversation import clean_text, now
from desktop.storage import index

_COLUMNS = """
SELECT id, title, title_origin, updated_at, pinned, archived,
    (SELECT count(*) FROM messages WHERE conversation_id = conversations.id), settings
FROM conversations WHERE deleted_at = ''
"""
_ONE = f"{_COLUMNS} AND id = ?"
_LIST = f"{_COLUMNS} AND archived = ?"
_AFTER = """
AND (pinned, updated_at, rowid) < (?, ?, (SELECT rowid FROM conversations WHERE id = ?))
"""
_NEWEST_FIRST = "ORDER BY pinned DESC, updated_at DESC, rowid DESC LIMIT ?"

_LEFT_OVER = """
SELECT id FROM conversations WHERE deleted_at <> '' AND (deleted_at < ? OR deleted_at = ?)
"""
_CHANGE = "UPDATE conversations SET {} WHERE id = ?"
ARRIVING = "arriving"  # in place of the time of deletion: of a file that is still being imported

_ORIGINS: dict[object, TitleOrigin] = {origin.value: origin for origin in TitleOrigin}


def summaries(
    connection: sqlite3.Connection, archived: bool, limit: int, after: Summary | None
) -> tuple[Summary, ...]:
    """Pinned ones first, then newest first."""
    if after is None:
        rows = connection.execute(f"{_LIST} {_NEWEST_FIRST}", (archived, limit))
    else:
        place = (after.pinned, after.updated_at, after.id)
        rows = connection.execute(f"{_LIST} {_AFTER} {_NEWEST_FIRST}", (archived, *place, limit))
    return tuple(_summary(row) for row in rows)


def summary(connection: sqlite3.Connection, id: str) -> Summary | None:
    """One row of the list."""
    row = connection.execute(_ONE, (id,)).fetchone()
    return None if row is None else _summary(row)


def rename(connection: sqlite3.Connection, id: str, title: str, origin: TitleOrigin) -> None:
    """Give another title."""
    row = connection.execute("SELECT rowid, title FROM conversations WHERE id = ?", (id,))
    found = row.fetchone()
    if found is None:
        return
    title = clean_text(title)
    change(connection, id, {"title": title, "title_origin": origin.value})
    index.titles_changed(connection, [found], [(found[0], title)])


def change(connection: sqlite3.Connection, id: str, values: Mapping[str, object]) -> None:
    """Change columns of a conversation."""
    columns = ", ".join(f"{name} = ?" for name in values)
    connection.execute(_CHANGE.format(columns), (*values.values(), id))


def hide(connection: sqlite3.Connection, id: str, hidden: bool) -> None:
    """Delete for now, or take that back."""
    change(connection, id, {"deleted_at": now() if hidden else ""})


def hide_all(connection: sqlite3.Connection) -> int:
    """Delete all for now; returns how many."""
    hidden_now = connection.execute(
        "UPDATE conversations SET deleted_at = ? WHERE deleted_at = ''", (now(),)
    )
    return hidden_now.rowcount


def hidden(connection: sqlite3.Connection) -> list[str]:
    """The conversations that are deleted for now."""
    rows = connection.execute(
        "SELECT id FROM conversations WHERE deleted_at <> '' AND deleted_at <> ?", (ARRIVING,)
    )
    return [str(id_) for (id_,) in rows]


def left_over(connection: sqlite3.Connection, before: str) -> list[str]:
    """Those that were deleted for now before this moment, or never arrived."""
    rows = connection.execute(_LEFT_OVER, (before, ARRIVING))
    return [str(id_) for (id_,) in rows]


def set_arriving(connection: sqlite3.Connection, ids: Collection[str], arriving: bool) -> None:
    """Hide conversations until the rest of their file is there, or show them."""
    value = ARRIVING if arriving else ""
    statement = _CHANGE.format("deleted_at = ?")
    connection.executemany(statement, ((value, id_) for id_ in ids))


def erase(connection: sqlite3.Connection, ids: Collection[str]) -> None:
    """Take conversations out of the file, and what the index knows of them."""
    for id_ in ids:
        titles = connection.execute("SELECT rowid, title FROM conversations WHERE id = ?", (id_,))
        texts = connection.execute(
            "SELECT rowid, text FROM messages WHERE conversation_id = ? AND state <> 'writing'",
            (id_,),
        )
        gone_titles, gone_texts = titles.fetchall(), texts.fetchall()
        connection.execute("DELETE FROM conversations WHERE id = ?", (id_,))
        index.titles_changed(connection, gone_titles, [])
        index.messages_changed(connection, gone_texts, [])


def _summary(row: tuple[str, str, str, str, int, int, int, str]) -> Summary:
    id_, title, origin, updated_at, pinned, archived, count, settings = row
    return Summary(
        id=id_,
        title=title,
        title_origin=title_origin(origin),
        updated_at=updated_at,
        pinned=bool(pinned),
        archived=bool(archived),
        message_count=count,
        model=_model(settings),
    )


def title_origin(value: object) -> TitleOrigin:
    """The origin of a row; unknown ones are taken for the user's, which nobody overwrites."""
    return _ORIGINS.get(value, TitleOrigin.USER)


def _model(settings: str) -> str:
    try:
        value = json.loads(settings).get("model", "")
    except (ValueError, RecursionError, AttributeError):
        return ""
    return value if isinstance(value, str) else ""
