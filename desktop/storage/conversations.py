"""The conversations: saved with each message, read along the branch in view."""

import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence

from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    State,
    clean_text,
    now,
)
from desktop.domain.errors import Problem
from desktop.storage.backups import forget_messages
from desktop.storage.codec import from_json, message_of, message_row, to_json
from desktop.storage.database import Database

_CONVERSATION = "SELECT id, title, settings, head_id FROM conversations"
_LATEST = f"{_CONVERSATION} ORDER BY updated_at DESC, rowid DESC LIMIT 1"
_BY_ID = f"{_CONVERSATION} WHERE id = ?"
_MESSAGES = """
SELECT id, parent_id, role, text, state, problem, statistics, created_at
FROM messages WHERE conversation_id = ? ORDER BY position
"""
_SAVE_CONVERSATION = """
INSERT INTO conversations (id, title, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, settings = excluded.settings
"""
_SAVE_MESSAGE = """
INSERT INTO messages (id, parent_id, role, text, state, problem, statistics, created_at,
    conversation_id, position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, role = excluded.role,
    text = excluded.text, state = excluded.state, problem = excluded.problem,
    statistics = excluded.statistics, created_at = excluded.created_at
WHERE conversation_id = excluded.conversation_id
"""
_NEXT_POSITION = "SELECT coalesce(max(position) + 1, 0) FROM messages WHERE conversation_id = ?"
_SET_HEAD = "UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?"

_log = logging.getLogger(__name__)


class ConversationStore:
    """What was said, for the one thread that opened the database. Every method raises Problem."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def is_temporary(self) -> bool:
        """True when nothing outlives the program."""
        return self._database.path is None

    def latest(self) -> Conversation | None:
        """The conversation that was written to last."""
        with self._database.reading("read your latest chat") as connection:
            return _read(connection, connection.execute(_LATEST).fetchone())

    def get(self, id: str) -> Conversation | None:
        """The conversation with this id, its messages along the branch in view."""
        with self._database.reading("read this chat") as connection:
            return _read(connection, connection.execute(_BY_ID, (id,)).fetchone())

    def save_conversation(self, conversation: Conversation) -> None:
        """Save title and settings, not the messages."""
        row = (conversation.id, clean_text(conversation.title), to_json(conversation.settings))
        moment = now()
        with self._database.writing("save this chat") as connection:
            connection.execute(_SAVE_CONVERSATION, (*row, moment, moment))

    def save_messages(
        self, conversation_id: str, messages: Sequence[Message], head_id: str
    ) -> None:
        """Save messages, new or known, and the end of the branch in view: all or nothing.

        Raises ValueError for a message that belongs to another conversation.
        """
        with self._database.writing("save your message") as connection:
            start = connection.execute(_NEXT_POSITION, (conversation_id,)).fetchone()[0]
            for position, message in enumerate(messages, start):
                row = (*message_row(message), conversation_id, position)
                if connection.execute(_SAVE_MESSAGE, row).rowcount == 0:
                    raise ValueError("the message belongs to another conversation")
            connection.execute(_SET_HEAD, (head_id, now(), conversation_id))

    def delete_messages(self, conversation_id: str, ids: Iterable[str]) -> None:
        """Delete messages for good, from the backups too. What follows them moves up."""
        with self._database.writing("delete these messages") as connection:
            parents = _parents(connection, conversation_id)
            gone = parents.keys() & set(ids)
            for id_, parent in parents.items():
                if id_ not in gone and parent in gone:
                    connection.execute(
                        "UPDATE messages SET parent_id = ? WHERE id = ?",
                        (_survivor(parent, parents, gone), id_),
                    )
            connection.executemany("DELETE FROM messages WHERE id = ?", [(id_,) for id_ in gone])
            head = connection.execute(_BY_ID, (conversation_id,)).fetchone()
            if head is not None:
                moved = _survivor(head[3], parents, gone)
                connection.execute(_SET_HEAD, (moved, now(), conversation_id))
        if gone:
            self._leave_no_traces(gone)

    def mark_interrupted(self) -> int:
        """Mark every answer that was being written when the program ended; returns how many."""
        with self._database.writing("look after interrupted answers") as connection:
            return connection.execute(
                "UPDATE messages SET state = ? WHERE state = ?",
                (State.INTERRUPTED.value, State.WRITING.value),
            ).rowcount

    def close(self) -> None:
        """Close the file, for another window to open it."""
        self._database.close()

    def _leave_no_traces(self, ids: Collection[str]) -> None:
        try:
            self._database.empty_log()
        except Problem as problem:
            # The messages are deleted; the log is overwritten later, or emptied at the end.
            _log.warning("the log of the database was not emptied: %s", problem.what)
        if self._database.backups is not None:
            forget_messages(self._database.backups, ids)


def _read(
    connection: sqlite3.Connection, row: tuple[str, str, str, str] | None
) -> Conversation | None:
    if row is None:
        return None
    id_, title, settings, head_id = row
    messages = [message_of(line) for line in connection.execute(_MESSAGES, (id_,))]
    return Conversation(
        id=id_,
        title=title,
        settings=from_json(ConversationSettings, settings),
        messages=_branch(messages, head_id),
    )


def _branch(messages: Sequence[Message], head_id: str) -> tuple[Message, ...]:
    """The messages from the first to the head; without a head, to the one saved last."""
    by_id = {message.id: message for message in messages}
    end = head_id if head_id in by_id or not messages else messages[-1].id
    branch: list[Message] = []
    while end in by_id:
        branch.append(by_id.pop(end))
        end = branch[-1].parent_id
    return tuple(reversed(branch))


def _parents(connection: sqlite3.Connection, conversation_id: str) -> dict[str, str]:
    query = "SELECT id, parent_id FROM messages WHERE conversation_id = ?"
    return dict(connection.execute(query, (conversation_id,)).fetchall())


def _survivor(id: str, parents: Mapping[str, str], gone: Collection[str]) -> str:
    """The message itself, or the nearest one before it that is not deleted."""
    passed: set[str] = set()
    while id in gone and id not in passed:
        passed.add(id)
        id = parents[id]
    return "" if id in gone else id
