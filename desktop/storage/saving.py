"""Writing conversations and messages, and the search index with them."""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, State, clean_text, now
from desktop.storage import index
from desktop.storage.codec import list_json, message_row, to_json

_SAVE_CONVERSATION = """
INSERT INTO conversations (id, title, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, settings = excluded.settings
"""
_INSERT_MESSAGE = """
INSERT INTO messages (id, parent_id, role, text, state, problem, statistics, created_at,
    attachments, conversation_id, position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAVE_MESSAGE = f"""
{_INSERT_MESSAGE}
ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, role = excluded.role,
    text = excluded.text, state = excluded.state, problem = excluded.problem,
    statistics = excluded.statistics, created_at = excluded.created_at,
    attachments = excluded.attachments
WHERE conversation_id = excluded.conversation_id
"""
_INDEXED = "SELECT rowid, text, state FROM messages WHERE id = ?"
_NEXT_POSITION = "SELECT coalesce(max(position) + 1, 0) FROM messages WHERE conversation_id = ?"
_INSERT_WHOLE = """
INSERT INTO conversations (id, title, settings, created_at, updated_at, head_id, choices, pinned,
    archived, title_origin, draft, draft_attachments)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TITLE = "SELECT rowid, title FROM conversations WHERE id = ?"


def save_conversation(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Save title and settings, not the messages."""
    title, moment = clean_text(conversation.title), now()
    before = connection.execute(_TITLE, (conversation.id,)).fetchall()
    row = (conversation.id, title, to_json(conversation.settings), moment, moment)
    connection.execute(_SAVE_CONVERSATION, row)
    if not before or before[0][1] != title:
        after = connection.execute(_TITLE, (conversation.id,)).fetchall()
        index.titles_changed(connection, before, after)


def save_messages(
    connection: sqlite3.Connection, conversation_id: str, messages: Sequence[Message], head_id: str
) -> None:
    """Save messages, new or known, and the end of the branch in view."""
    start = connection.execute(_NEXT_POSITION, (conversation_id,)).fetchone()[0]
    ids = [message.id for message in messages]
    before = _entries(connection, ids)
    for position, message in enumerate(messages, start):
        row = (*message_row(message), conversation_id, position)
        if connection.execute(_SAVE_MESSAGE, row).rowcount == 0:
            raise ValueError("the message belongs to another conversation")
    after = _entries(connection, ids)
    gone = [entry for entry in before if entry not in after]
    index.messages_changed(connection, gone, [entry for entry in after if entry not in before])
    _remember_way(connection, conversation_id, messages, head_id)
    connection.execute(
        "UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?",
        (head_id, now(), conversation_id),
    )


def insert_messages(
    connection: sqlite3.Connection,
    conversation_id: str,
    messages: Iterable[Message],
    positions: Iterable[int],
) -> None:
    """Add messages that are new to the file."""
    entries: list[index.Entry] = []
    for message, position in zip(messages, positions, strict=False):
        row = (*message_row(message), conversation_id, position)
        rowid = connection.execute(_INSERT_MESSAGE, row).lastrowid or 0
        if message.state is not State.WRITING:
            entries.append((rowid, clean_text(message.text)))
    index.messages_changed(connection, [], entries)


def insert_whole(connection: sqlite3.Connection, whole: Whole) -> None:
    """Add a conversation with all that belongs to it."""
    conversation = whole.conversation
    title, moment = clean_text(conversation.title), now()
    row = (
        conversation.id,
        title,
        to_json(conversation.settings),
        whole.created_at or moment,
        whole.updated_at or moment,
        whole.head_id,
        choices_json(whole.choices),
        whole.pinned,
        whole.archived,
        whole.title_origin.value,
        clean_text(whole.draft),
        list_json(whole.draft_attachments),
    )
    rowid = connection.execute(_INSERT_WHOLE, row).lastrowid or 0
    index.titles_changed(connection, [], [(rowid, title)])
    insert_messages(
        connection, conversation.id, conversation.messages, range(len(conversation.messages))
    )


def is_taken(connection: sqlite3.Connection, whole: Whole) -> bool:
    """True when an id is not of our kind, or the file already has it."""
    ids = (whole.conversation.id, *(message.id for message in whole.conversation.messages))
    if not all(map(_ID.fullmatch, ids)) or len(set(ids)) < len(ids):
        return True
    query = "SELECT 1 FROM conversations WHERE id = ?"
    if connection.execute(query, (whole.conversation.id,)).fetchone():
        return True
    query = "SELECT 1 FROM messages WHERE id = ?"
    return any(
        connection.execute(query, (message.id,)).fetchone()
        for message in whole.conversation.messages
    )


def mark_interrupted(connection: sqlite3.Connection) -> int:
    """Mark answers of which no more will come. Returns how many."""
    query = "SELECT rowid, text FROM messages WHERE state = ?"
    entries = connection.execute(query, (State.WRITING.value,)).fetchall()
    connection.execute(
        "UPDATE messages SET state = ? WHERE state = ?",
        (State.INTERRUPTED.value, State.WRITING.value),
    )
    index.messages_changed(connection, [], entries)
    return len(entries)


def choices_json(choices: Mapping[str, str]) -> str:
    """The choices as a column."""
    return clean_text(json.dumps(dict(choices), ensure_ascii=False, separators=(",", ":")))


def choices_of(value: object) -> dict[str, str]:
    """The choices of a column. What makes no sense is taken mildly."""
    try:
        body = json.loads(value) if isinstance(value, str) else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    return {parent: child for parent, child in body.items() if isinstance(child, str)}


def _entries(connection: sqlite3.Connection, ids: Sequence[str]) -> list[index.Entry]:
    """What the index holds, or is to hold, of these messages."""
    entries: list[index.Entry] = []
    for id_ in dict.fromkeys(ids):
        row = connection.execute(_INDEXED, (id_,)).fetchone()
        if row is not None and row[2] != State.WRITING:
            entries.append((row[0], row[1]))
    return entries


def _remember_way(
    connection: sqlite3.Connection, conversation_id: str, messages: Sequence[Message], head_id: str
) -> None:
    """At forks where another branch was chosen, choose the one that was just written."""
    query = "SELECT choices FROM conversations WHERE id = ?"
    row = connection.execute(query, (conversation_id,)).fetchone()
    choices = choices_of(row[0]) if row else {}
    if not choices:
        return
    parents = {message.id: message.parent_id for message in messages}
    changed = False
    while head_id in parents:
        parent = parents.pop(head_id)
        if parent in choices:
            choices[parent] = head_id
            changed = True
        head_id = parent
    if changed:
        connection.execute(
            "UPDATE conversations SET choices = ? WHERE id = ?",
            (choices_json(choices), conversation_id),
        )
