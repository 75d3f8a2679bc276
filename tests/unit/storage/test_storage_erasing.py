"""What is erased is in no file below the data folder any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.conversation import Conversation, ConversationSettings, Message, Role
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.backups import back_up_daily
from desktop.storage.conversations import ConversationStore
from desktop.storage.restoring import restore

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

WORD = "qxzwalrus"  # a word of its own, for the index holds no sentences
SECRET = f"The purple {WORD} lives in room 5417."


def written(paths: Paths) -> bytes:
    files = [path for path in paths.data_dir.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files)


def is_anywhere(paths: Paths) -> bool:
    everything = written(paths)
    return WORD.encode() in everything or b"room 5417" in everything


def secret_chat(store: ConversationStore, others: int = 30) -> tuple[str, str]:
    """A chat that says it everywhere, between others. Its id, and that of a message of it."""
    for number in range(others):
        message = Message(Role.USER, f"something harmless {number} " * 30)
        conversation = Conversation(title=f"harmless {number}")
        store.save_conversation(conversation)
        store.save_messages(conversation.id, [message], message.id)
    conversation = Conversation(
        title=SECRET, settings=ConversationSettings(system_prompt=f"Know that {SECRET}")
    )
    store.save_conversation(conversation)
    first = Message(Role.USER, "begin")
    second = Message(Role.ASSISTANT, SECRET * 500, parent_id=first.id, problem=SECRET)
    third = Message(Role.USER, SECRET, parent_id=second.id)
    store.save_messages(conversation.id, [first, second, third], third.id)
    store.save_messages(conversation.id, [second.with_text(f"{SECRET} Again.")], third.id)
    store.rename(conversation.id, f"{SECRET} Renamed.")
    store.save_draft(conversation.id, f"And {SECRET}")
    assert {hit.conversation_id for hit in store.search(WORD)} == {conversation.id}
    return conversation.id, second.id


@pytest.fixture
def copied(store: ConversationStore, paths: Paths) -> tuple[str, str]:
    """The secret chat, also in a backup and in a file that a backup has replaced."""
    ids = secret_chat(store)
    moment = datetime.now(UTC)
    for days in range(2):
        assert back_up_daily(paths.database, paths.backups, moment + timedelta(days=2 + days))
    assert is_anywhere(paths)
    return ids


def test_a_purged_chat_is_nowhere(
    store: ConversationStore, copied: tuple[str, str], paths: Paths
) -> None:
    store.delete(copied[0])
    assert is_anywhere(paths)
    assert store.purge() == 1
    assert not is_anywhere(paths)
    assert b"something harmless 7" in written(paths)
    assert len(store.search("harmless", limit=100)) == 60
    store.close()
    assert not is_anywhere(paths)


def test_a_chat_is_erased_where_a_backup_was_restored_before(
    store: ConversationStore, copied: tuple[str, str], paths: Paths, open_again: Open
) -> None:
    store.close()
    backup = max(paths.backups.iterdir())
    assert restore(paths, backup) is not None
    store, problems = open_again()
    assert problems == []
    store.purge([copied[0]])
    assert not is_anywhere(paths)


def test_a_deleted_branch_is_nowhere(
    store: ConversationStore, copied: tuple[str, str], paths: Paths
) -> None:
    conversation_id, message_id = copied
    store.rename(conversation_id, "harmless")
    store.save_draft(conversation_id, "")
    store.save_conversation(Conversation(id=conversation_id, title="harmless"))
    removed = store.delete_branch(conversation_id, message_id)
    assert removed is not None
    database = paths.database.read_bytes() + (paths.data_dir / "chats.db-wal").read_bytes()
    assert WORD.encode() not in database
    for backup in paths.backups.iterdir():
        assert b"Again." not in backup.read_bytes()
    store.restore(removed)
    assert len(store.search(WORD)) == 2


def test_what_is_said_over_is_nowhere_once_the_index_is_cleared(
    store: ConversationStore, paths: Paths
) -> None:
    """A message that was changed leaves its old words when anything is erased."""
    chat, message_id = secret_chat(store)
    whole = store.whole(chat)
    assert whole is not None
    clean = [replace(m, text="clean", problem="") for m in whole.conversation.messages]
    store.save_messages(chat, clean, message_id)
    store.save_conversation(Conversation(id=chat, title="clean"))
    store.save_draft(chat, "")
    extra = Message(Role.USER, "extra")
    store.save_messages(chat, [extra], message_id)
    store.delete_messages(chat, [extra.id])
    assert not is_anywhere(paths)
