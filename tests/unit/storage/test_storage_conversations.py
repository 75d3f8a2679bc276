"""What is saved is there at the next start, and what is deleted is gone."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
)
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

SETTINGS = ConversationSettings(
    model="smollm2",
    device="GPU.1",
    system_prompt="Be brief.\n\0 張 🙂",
    sampling={"temperature": 0.5, "stop": ("\n", "END"), "seed": 7},
)
STATISTICS = Statistics(
    prompt_tokens=12,
    cached_tokens=4,
    generated_tokens=30,
    ttft_ms=25.0,
    tokens_per_s=93.5,
    model="smollm2",
    device="CPU",
    sampling={"temperature": 0.1, "top_k": 50, "seed": None, "stop": ()},
)


def chain(*texts: str) -> tuple[Message, ...]:
    messages: list[Message] = []
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        messages.append(Message(role, text, parent_id=messages[-1].id if messages else ""))
    return tuple(messages)


def saved(store: ConversationStore, *texts: str, title: str = "") -> Conversation:
    conversation = Conversation(title=title, messages=chain(*texts))
    store.save_conversation(conversation)
    if texts:
        store.save_messages(
            conversation.id, conversation.messages, head_id=conversation.messages[-1].id
        )
    return conversation


def texts_of(conversation: Conversation | None) -> list[str]:
    assert conversation is not None
    return [message.text for message in conversation.messages]


def test_an_empty_folder_has_no_conversation(store: ConversationStore) -> None:
    assert store.latest() is None
    assert store.get("nothing") is None
    assert not store.is_temporary


def test_everything_about_a_conversation_comes_back(
    store: ConversationStore, open_again: Open
) -> None:
    question = Message(Role.USER, "Why?")
    answer = Message(
        Role.ASSISTANT,
        "Because.",
        parent_id=question.id,
        state=State.FAILED,
        problem="The engine ended.",
        statistics=STATISTICS,
    )
    conversation = Conversation(title="張 🙂", settings=SETTINGS, messages=(question, answer))
    store.save_conversation(conversation)
    store.save_messages(conversation.id, conversation.messages, answer.id)
    again, problems = open_again()
    assert problems == []
    assert again.latest() == conversation
    assert again.get(conversation.id) == conversation


def test_the_latest_is_the_one_that_was_written_to_last(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(f"2026-01-01T00:00:{second:02}.000+00:00" for second in range(60))
    monkeypatch.setattr("desktop.storage.saving.now", lambda: next(clock))
    first, second = saved(store, "first"), saved(store, "second")
    assert texts_of(store.latest()) == ["second"]
    more = Message(Role.USER, "more", parent_id=first.messages[-1].id)
    store.save_messages(first.id, [more], more.id)
    assert texts_of(store.latest()) == ["first", "more"]
    store.save_conversation(replace(second, title="renamed"))
    assert texts_of(store.latest()) == ["first", "more"]
    empty = saved(store)
    assert store.latest() == empty


def test_within_one_moment_the_newer_conversation_is_the_latest(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.storage.saving.now", lambda: "2026")
    for number in range(5):
        saved(store, str(number))
    assert texts_of(store.latest()) == ["4"]


def test_an_answer_grows_in_its_place(store: ConversationStore) -> None:
    conversation = saved(store, "Tell me a story.")
    question = conversation.messages[0]
    answer = Message(Role.ASSISTANT, "", parent_id=question.id, state=State.WRITING)
    for text in ("Once", "Once upon", "Once upon a time."):
        store.save_messages(conversation.id, [answer.with_text(text)], answer.id)
    done = replace(answer, text="Once upon a time.", state=State.STOP, statistics=STATISTICS)
    store.save_messages(conversation.id, [done], answer.id)
    assert store.get(conversation.id) == replace(conversation, messages=(question, done))


def test_the_head_chooses_the_branch_in_view(store: ConversationStore) -> None:
    conversation = saved(store, "question", "first answer")
    question, first = conversation.messages
    second = Message(Role.ASSISTANT, "second answer", parent_id=question.id)
    store.save_messages(conversation.id, [second], second.id)
    assert texts_of(store.get(conversation.id)) == ["question", "second answer"]
    store.save_messages(conversation.id, [], first.id)
    assert texts_of(store.get(conversation.id)) == ["question", "first answer"]


def test_all_messages_are_saved_or_none(store: ConversationStore) -> None:
    mine, other = saved(store, "mine"), saved(store, "other")
    stolen = replace(other.messages[0], text="changed")
    with pytest.raises(ValueError, match="another conversation"):
        store.save_messages(mine.id, [Message(Role.USER, "new"), stolen], stolen.id)
    assert store.get(mine.id) == mine
    assert store.get(other.id) == other


def test_messages_of_a_conversation_that_is_gone_are_refused(store: ConversationStore) -> None:
    with pytest.raises(Problem, match="no longer there, so Cellar could not save your message"):
        store.save_messages("gone", chain("lost"), "")
    assert store.latest() is None


def test_a_text_that_no_file_can_hold_is_saved_without_it(store: ConversationStore) -> None:
    conversation = saved(store, "a\0b \ud800 c", title="\udfff")
    again = store.get(conversation.id)
    assert again is not None
    assert again.title == "\ufffd"
    assert texts_of(again) == ["a\ufffdb \ufffd c"]


def test_interrupted_answers_are_found_at_the_next_start(
    store: ConversationStore, open_again: Open
) -> None:
    conversation = saved(store, "question")
    answer = Message(
        Role.ASSISTANT, "half an ans", parent_id=conversation.messages[0].id, state=State.WRITING
    )
    store.save_messages(conversation.id, [answer], answer.id)
    again, _ = open_again()
    assert again.mark_interrupted() == 1
    assert again.mark_interrupted() == 0
    kept = again.get(conversation.id)
    assert kept is not None
    assert kept.messages[-1] == replace(answer, state=State.INTERRUPTED)
    assert kept.messages[0].state is State.STOP


def test_deleting_moves_what_follows_up(store: ConversationStore) -> None:
    conversation = saved(store, "a", "b", "c", "d")
    a, b, c, d = (message.id for message in conversation.messages)
    store.delete_messages(conversation.id, [b, c, "unknown"])
    assert texts_of(store.get(conversation.id)) == ["a", "d"]
    store.delete_messages(conversation.id, [d])
    assert texts_of(store.get(conversation.id)) == ["a"]
    store.delete_messages(conversation.id, [a])
    assert texts_of(store.get(conversation.id)) == []
    assert store.latest() is not None


def test_messages_of_another_conversation_are_not_deleted(store: ConversationStore) -> None:
    mine, other = saved(store, "mine"), saved(store, "other")
    store.delete_messages(mine.id, [other.messages[0].id])
    assert store.get(other.id) == other


def _everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("length", [1, 4000])
def test_deleted_text_is_nowhere_on_the_disk(
    store: ConversationStore, paths: Paths, length: int
) -> None:
    """Short texts lie within a page, long ones on pages of their own."""
    canary = "purple walrus "
    conversation = saved(store, "keep this", canary * length, "and this")
    secret = conversation.messages[1]
    for extra in range(3):
        grown = secret.with_text(secret.text + f"{canary}{extra}")
        store.save_messages(conversation.id, [grown], conversation.messages[-1].id)
    assert canary.encode() in _everything_written(paths.data_dir)
    store.delete_messages(conversation.id, [secret.id])
    written = _everything_written(paths.data_dir)
    assert canary.encode() not in written
    assert b"keep this" in written


def test_another_thread_is_a_bug_and_no_problem_of_the_world(store: ConversationStore) -> None:
    raised: list[BaseException] = []

    def read() -> None:
        try:
            store.latest()
        except sqlite3.ProgrammingError as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert len(raised) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("role", "narrator"),
        ("state", "dreaming"),
        ("statistics", "{not json"),
        ("statistics", '{"prompt_tokens":"many","unknown":1,"sampling":{"top_k":-5,"magic":1}}'),
        ("statistics", "[1]"),
        ("parent_id", "of nobody"),
        ("text", b"\xff\x00\xfe"),
    ],
)
def test_a_row_that_makes_no_sense_keeps_nobody_out(
    store: ConversationStore, open_again: Open, paths: Paths, column: str, value: object
) -> None:
    conversation = saved(store, "question", "answer")
    store.close()
    with sqlite3.connect(paths.database) as connection:
        statement = "UPDATE messages SET COLUMN = CAST(? AS TEXT) WHERE position = 1"
        connection.execute(statement.replace("COLUMN", column), (value,))
    connection.close()
    again, problems = open_again()
    assert problems == []
    kept = again.get(conversation.id)
    assert kept is not None
    assert kept.messages[-1].id == conversation.messages[-1].id


def test_a_circle_of_parents_ends(store: ConversationStore) -> None:
    conversation = saved(store, "a", "b")
    a, b = conversation.messages
    store.save_messages(conversation.id, [replace(a, parent_id=b.id)], b.id)
    assert texts_of(store.get(conversation.id)) == ["a", "b"]
    store.delete_messages(conversation.id, [a.id, b.id])
    assert texts_of(store.get(conversation.id)) == []
