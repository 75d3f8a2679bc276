"""A full disk at each kind of write: told, and nothing lost that was acknowledged."""

from collections.abc import Callable

import pytest

from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.errors import Problem
from desktop.storage.conversations import ConversationStore

Open = Callable[[], tuple[ConversationStore, list[Problem]]]
Write = Callable[[ConversationStore, str, str], object]

LONG = "x y z " * 10_000


def _new(store: ConversationStore, chat: str, message: str) -> object:
    return store.save_messages(chat, [Message(Role.USER, LONG, parent_id=message)], message)


def _grow(store: ConversationStore, chat: str, message: str) -> object:
    return store.save_messages(chat, [Message(Role.USER, LONG, id=message)], message)


def _import(store: ConversationStore, chat: str, message: str) -> object:
    return store.add(Whole(Conversation(messages=(Message(Role.USER, LONG),))))


WRITES: dict[str, Write] = {
    "save your message": _new,
    "save your message ": _grow,
    "save this chat": lambda store, *_: store.save_conversation(Conversation(title=LONG)),
    "rename this chat": lambda store, chat, _: store.rename(chat, LONG),
    "save your draft": lambda store, chat, _: store.save_draft(chat, LONG),
    "add this chat": _import,
    "add this chat ": lambda store, chat, _: store.duplicate(chat, LONG),
}


def _limit(store: ConversationStore, pages: int) -> None:
    """SQLite's own limit on the size of a file stands for the disk."""
    with store._database.reading("limit") as connection:
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()


@pytest.mark.parametrize("doing", WRITES)
def test_a_write_that_does_not_fit(store: ConversationStore, open_again: Open, doing: str) -> None:
    message = Message(Role.USER, "a fox")
    conversation = Conversation(title="kept")
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    before = store.whole(conversation.id)
    _limit(store, 1)  # as many as there are
    with pytest.raises(Problem, match="The disk is full") as caught:
        WRITES[doing](store, conversation.id, message.id)
    assert caught.value.what == f"The disk is full, so Cellar could not {doing.strip()}."
    assert store.whole(conversation.id) == before
    assert len(store.summaries()) == 1
    assert [hit.message_id for hit in store.search("fox")] == [message.id]
    _limit(store, 10_000)
    WRITES[doing](store, conversation.id, message.id)
    store, problems = open_again()
    assert problems == []
    assert store.whole(conversation.id) is not None


def test_deleting_makes_room_on_a_full_disk(store: ConversationStore) -> None:
    conversation = Conversation(title="large")
    store.save_conversation(conversation)
    message = Message(Role.USER, LONG)
    store.save_messages(conversation.id, [message], message.id)
    _limit(store, 1)
    store.delete(conversation.id)
    assert store.purge() == 1
    assert store.summaries() == ()
    other = Conversation(title="fits now")
    store.save_conversation(other)
    assert store.get(other.id) == other
