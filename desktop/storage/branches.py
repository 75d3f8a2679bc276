"""Reading one conversation: its tree at a glance, and of its texts only what is wanted."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from desktop.domain.chats import Removed, View, Whole
from desktop.domain.conversation import Conversation, ConversationSettings, Message, now
from desktop.domain.folding import fold
from desktop.domain.tree import Tree
from desktop.storage import index
from desktop.storage.codec import attachments_of, from_json, message_of
from desktop.storage.listing import change, title_origin
from desktop.storage.saving import choices_json, choices_of, insert_messages

_CONVERSATION = """
SELECT id, title, settings, head_id, choices, created_at, updated_at, pinned, archived,
    title_origin, draft, draft_attachments
FROM conversations WHERE deleted_at = ''
"""
BY_ID = f"{_CONVERSATION} AND id = ?"
LATEST = f"{_CONVERSATION} AND archived = 0 ORDER BY updated_at DESC, rowid DESC LIMIT 1"
# One row instead of one for each message: 100,000 small tuples take Python most of the time.
_TREE = """
SELECT group_concat(id, ' '), group_concat(parent_id, ' ') FROM
    (SELECT id, parent_id FROM messages WHERE conversation_id = ? ORDER BY position)
"""
_TREE_OF_ODD_IDS = "SELECT id, parent_id FROM messages WHERE conversation_id = ? ORDER BY position"
_MESSAGES = """
SELECT id, parent_id, role, text, state, problem, statistics, created_at, attachments
FROM messages WHERE {} conversation_id = ?
"""
_OF_CONVERSATION = _MESSAGES.format("")
_BY_IDS = _MESSAGES.format("id IN ({}) AND +")  # the plus sign: look them up by id
_AT_ONCE = 500  # ids in one question


def read(connection: sqlite3.Connection, query: str, *values: str) -> Conversation | None:
    """A conversation with every message of the branch in view."""
    view = read_view(connection, query, *values, last=None)
    return None if view is None else view.conversation


def read_view(
    connection: sqlite3.Connection, query: str, *values: str, last: int | None
) -> View | None:
    """A conversation with the last messages of the branch in view."""
    row = connection.execute(query, values).fetchone()
    if row is None:
        return None
    id_, title, settings, head_id, choices, *_, origin, draft, attachments = row
    tree = _tree(connection, id_, head_id, choices)
    path = tree.path
    shown = path if last is None else path[len(path) - min(last, len(path)) :]
    return View(
        conversation=Conversation(
            id=id_,
            title=title,
            settings=from_json(ConversationSettings, settings),
            messages=messages(connection, id_, shown),
        ),
        path=path,
        forks=tree.forks(),
        title_origin=title_origin(origin),
        draft=draft,
        draft_attachments=attachments_of(attachments),
    )


def messages(
    connection: sqlite3.Connection, conversation_id: str, ids: Sequence[str]
) -> tuple[Message, ...]:
    """These messages of a conversation, in the order given; without those that are not there."""
    found: dict[str, Message] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = _BY_IDS.format(",".join("?" * len(some)))
        for row in connection.execute(query, (*some, conversation_id)):
            found[row[0]] = message_of(row)
    return tuple(found[id_] for id_ in ids if id_ in found)


def whole(connection: sqlite3.Connection, id: str) -> Whole | None:
    """Everything about a conversation."""
    row = connection.execute(BY_ID, (id,)).fetchone()
    if row is None:
        return None
    _, title, settings, head_id, choices, created_at, updated_at, *flags, origin, draft, files = row
    lines = connection.execute(f"{_OF_CONVERSATION} ORDER BY position", (id,))
    return Whole(
        conversation=Conversation(
            id=id,
            title=title,
            settings=from_json(ConversationSettings, settings),
            messages=tuple(message_of(line) for line in lines),
        ),
        head_id=head_id,
        choices=choices_of(choices),
        created_at=created_at,
        updated_at=updated_at,
        pinned=bool(flags[0]),
        archived=bool(flags[1]),
        title_origin=title_origin(origin),
        draft=draft,
        draft_attachments=attachments_of(files),
    )


def choose(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> str:
    """Put the branch of a message in view. Returns the new head."""
    tree = tree_of(connection, conversation_id)
    if message_id not in tree.parents:
        return tree.path[-1] if tree.path else ""
    chosen = tree.choosing(message_id)
    _set_view(connection, conversation_id, chosen)
    return chosen.head


def remove(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> Removed | None:
    """Take out a message and all that follow it, in every branch."""
    tree = tree_of(connection, conversation_id)
    if message_id not in tree.parents:
        return None
    ids = tree.below(message_id)
    gone = messages(connection, conversation_id, ids)
    position = "SELECT position FROM messages WHERE id = ?"
    positions = tuple(connection.execute(position, (each.id,)).fetchone()[0] for each in gone)
    _set_view(connection, conversation_id, tree.without(frozenset(ids)))
    erase_messages(connection, ids)
    return Removed(conversation_id, gone, positions, tree.head, tree.choices)


def put_back(connection: sqlite3.Connection, removed: Removed) -> None:
    """Undo `remove`."""
    insert_messages(connection, removed.conversation_id, removed.messages, removed.positions)
    parents = tree_of(connection, removed.conversation_id).parents
    _set_view(connection, removed.conversation_id, Tree(parents, removed.head_id, removed.choices))


def cut_out(
    connection: sqlite3.Connection, conversation_id: str, ids: Collection[str]
) -> list[str]:
    """Take out single messages: what follows one moves up. Returns those that were there."""
    tree = tree_of(connection, conversation_id)
    gone = [id_ for id_ in tree.parents if id_ in ids]
    lost = frozenset(gone)
    for id_ in tree.parents:
        if id_ not in lost and tree.parents[id_] in lost:
            connection.execute(
                "UPDATE messages SET parent_id = ? WHERE id = ?", (tree.survivor(id_, lost), id_)
            )
    erase_messages(connection, gone)
    head = tree.head if tree.head not in lost else tree.survivor(tree.head, lost)
    values = {"head_id": head, "updated_at": now(), "choices": choices_json(tree.choices)}
    change(connection, conversation_id, values)
    return gone


def erase_messages(connection: sqlite3.Connection, ids: Collection[str]) -> None:
    """Take messages out of the file, and what the index knows of them."""
    entries: list[index.Entry] = []
    for id_ in ids:
        query = "SELECT rowid, text FROM messages WHERE id = ? AND state <> 'writing'"
        entries += connection.execute(query, (id_,)).fetchall()
    connection.executemany("DELETE FROM messages WHERE id = ?", [(id_,) for id_ in ids])
    index.messages_changed(connection, entries, [])


def find_in(connection: sqlite3.Connection, conversation_id: str, text: str) -> dict[str, int]:
    """The messages in view that hold the text, from the first on, with their places."""
    sought = fold(text)
    if not sought:
        return {}
    found = set(_holding(connection, conversation_id, sought))
    path = tree_of(connection, conversation_id).path
    return {id_: place for place, id_ in enumerate(path) if id_ in found}


def _holding(connection: sqlite3.Connection, conversation_id: str, sought: str) -> Iterator[str]:
    query = "SELECT id, text FROM messages WHERE conversation_id = ?"
    for id_, text in connection.execute(query, (conversation_id,)):
        if sought in fold(text):
            yield id_


def tree_of(connection: sqlite3.Connection, conversation_id: str) -> Tree:
    """The tree of a conversation."""
    query = "SELECT head_id, choices FROM conversations WHERE id = ?"
    head_id, choices = connection.execute(query, (conversation_id,)).fetchone() or ("", "{}")
    return _tree(connection, conversation_id, head_id, choices)


def _tree(
    connection: sqlite3.Connection, conversation_id: str, head_id: str, choices: object
) -> Tree:
    ids, parents = (
        (column or "").split(" ")
        for column in connection.execute(_TREE, (conversation_id,)).fetchone()
    )
    if len(ids) != len(parents) or "" in ids:
        known = dict(connection.execute(_TREE_OF_ODD_IDS, (conversation_id,)).fetchall())
    else:
        known = dict(zip(ids, parents, strict=True))
    return Tree(known, head_id, choices_of(choices))


def _set_view(connection: sqlite3.Connection, conversation_id: str, tree: Tree) -> None:
    values = {"head_id": tree.head, "choices": choices_json(tree.choices)}
    change(connection, conversation_id, values)
