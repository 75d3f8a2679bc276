"""Many conversations: the list, and what is changed from it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.domain.chats import Summary, TitleOrigin, Whole
from desktop.domain.conversation import Conversation, ConversationSettings, Message, Role, State
from desktop.domain.errors import Problem
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import temporary_store

Open = Callable[[], tuple[ConversationStore, list[Problem]]]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock is a second later."""
    moments = iter(f"2026-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(9999))
    for module in ("saving", "branches", "listing", "conversations"):
        monkeypatch.setattr(f"desktop.storage.{module}.now", lambda: next(moments))


def made(store: ConversationStore, title: str, *texts: str, model: str = "") -> str:
    conversation = Conversation(title=title, settings=ConversationSettings(model=model))
    store.save_conversation(conversation)
    parent = ""
    for text in texts:
        message = Message(Role.USER, text, parent_id=parent)
        store.save_messages(conversation.id, [message], message.id)
        parent = message.id
    return conversation.id


def titles(store: ConversationStore, archived: bool = False) -> list[str]:
    return [row.title for row in store.summaries(archived=archived)]


def test_the_newest_is_first_and_pinned_ones_before_all(store: ConversationStore) -> None:
    a, b, _ = (made(store, title, "hello") for title in "abc")
    assert titles(store) == ["c", "b", "a"]
    message = Message(Role.USER, "more")
    store.save_messages(b, [message], message.id)
    assert titles(store) == ["b", "c", "a"]
    store.pin(a, True)
    assert titles(store) == ["a", "b", "c"]
    store.pin(a, False)
    assert titles(store) == ["b", "c", "a"]


def test_a_row_says_what_the_list_shows(store: ConversationStore) -> None:
    id_ = made(store, "One", "a", "b", model="smollm2")
    [row] = store.summaries()
    assert row == Summary(
        id=id_,
        title="One",
        title_origin=TitleOrigin.RULE,
        updated_at=row.updated_at,
        message_count=2,
        model="smollm2",
    )
    assert row.updated_at > "2026-01-01T00:00:00"
    assert store.summary(id_) == row
    assert store.summary("unknown") is None


def test_pages_of_the_list_join_without_a_gap(store: ConversationStore) -> None:
    for number in range(23):
        id_ = made(store, str(number))
        store.pin(id_, number % 5 == 0)
    whole = store.summaries()
    pages: list[Summary] = []
    while page := store.summaries(limit=4, after=pages[-1] if pages else None):
        assert len(page) <= 4
        pages += page
    assert tuple(pages) == whole
    assert len(whole) == 23


def test_conversations_of_one_moment_are_paged_too(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.storage.saving.now", lambda: "2026")
    for number in range(5):
        made(store, str(number))
    first = store.summaries(limit=2)
    second = store.summaries(limit=9, after=first[-1])
    assert [row.title for row in (*first, *second)] == ["4", "3", "2", "1", "0"]


def test_a_title_of_the_user_is_known_as_such(store: ConversationStore) -> None:
    id_ = made(store, "by rule", "x")
    before = store.summary(id_)
    store.rename(id_, "by the model", TitleOrigin.MODEL)
    store.rename(id_, "mine \ud800")
    row = store.summary(id_)
    assert row is not None
    assert (row.title, row.title_origin) == ("mine \ufffd", TitleOrigin.USER)
    assert before is not None
    assert row.updated_at == before.updated_at
    store.rename("unknown", "x")


def test_archived_ones_have_a_list_of_their_own(store: ConversationStore) -> None:
    a, _ = made(store, "a", "x"), made(store, "b", "x")
    store.archive(a, True)
    assert (titles(store), titles(store, archived=True)) == (["b"], ["a"])
    assert store.get(a) is not None
    store.archive(a, False)
    assert titles(store) == ["b", "a"]


def test_what_is_deleted_is_hidden_until_it_is_brought_back(store: ConversationStore) -> None:
    a, b = made(store, "a", "first fox"), made(store, "b", "second fox")
    store.delete(b)
    assert titles(store) == ["a"]
    assert [store.get(b), store.open(b), store.whole(b), store.summary(b)] == [None] * 4
    latest = store.latest()
    assert latest is not None
    assert latest.id == a
    assert [hit.conversation_id for hit in store.search("fox")] == [a]
    store.undelete(b)
    assert titles(store) == ["b", "a"]
    assert len(store.search("fox")) == 2


def test_purging_ends_what_is_hidden_and_nothing_else(
    store: ConversationStore, open_again: Open
) -> None:
    a, b = made(store, "a", "first"), made(store, "b", "second")
    store.delete(b)
    store, _ = open_again()
    assert store.purge() == 1
    store.undelete(b)
    assert titles(store) == ["a"]
    assert store.purge() == 0
    assert store.purge([a, "unknown"]) == 2
    assert titles(store) == []


def test_a_draft_waits_for_its_conversation(store: ConversationStore, open_again: Open) -> None:
    id_ = made(store, "a", "x")
    store.save_draft(id_, "half a thou\0ght 張")
    store, _ = open_again()
    view = store.open(id_)
    assert view is not None
    assert view.draft == "half a thou\ufffdght 張"


def test_a_copy_is_whole_and_apart(store: ConversationStore) -> None:
    id_ = made(store, "a", "question")
    view = store.open(id_)
    assert view is not None
    [question] = view.path
    answers = [Message(Role.ASSISTANT, text, parent_id=question) for text in ("one", "two")]
    store.save_messages(id_, answers, answers[1].id)
    store.choose_branch(id_, answers[0].id)
    copy = store.duplicate(id_, "Copy of a")
    assert copy is not None
    original, copied = store.whole(id_), store.whole(copy)
    assert original is not None
    assert copied is not None
    assert copied.conversation.title == "Copy of a"
    assert titles(store)[0] == "Copy of a"
    texts = [message.text for message in copied.conversation.messages]
    assert texts == ["question", "one", "two"]
    shown = store.get(copy)
    assert shown is not None
    assert [message.text for message in shown.messages] == ["question", "one"]
    ids = {message.id for message in original.conversation.messages}
    assert not ids & {message.id for message in copied.conversation.messages}
    store.purge([copy])
    assert store.whole(id_) == original
    assert store.duplicate("unknown", "x") is None


def test_what_was_taken_out_whole_can_be_added_again(store: ConversationStore) -> None:
    id_ = made(store, "füchse", "a", "b")
    store.pin(id_, True)
    store.save_draft(id_, "draft")
    whole = store.whole(id_)
    assert whole is not None
    other = temporary_store()
    assert other.add(whole) == id_
    assert other.whole(id_) == whole
    assert [hit.title for hit in other.search("fuchse")] == ["füchse"]
    second = other.add(whole)
    assert second != id_
    assert len(other.summaries()) == 2
    other.close()


@pytest.mark.parametrize("odd", ["", "a b", "x" * 100, "../../x", "張"])
def test_odd_ids_of_a_file_are_made_new(store: ConversationStore, odd: str) -> None:
    first = Message(Role.USER, "first", id=odd)
    second = Message(Role.USER, "second", parent_id=odd)
    id_ = store.add(Whole(Conversation(messages=(first, second)), second.id))
    conversation = store.get(id_)
    assert conversation is not None
    assert [message.text for message in conversation.messages][-1] == "second"
    assert odd not in [message.id for message in conversation.messages]


def test_messages_of_the_same_id_are_both_added(store: ConversationStore) -> None:
    first = Message(Role.USER, "first")
    twice = replace(first, text="second")
    id_ = store.add(Whole(Conversation(messages=(first, twice)), first.id))
    whole = store.whole(id_)
    assert whole is not None
    assert [message.text for message in whole.conversation.messages] == ["first", "second"]


def test_a_temporary_store_does_the_same_and_leaves_nothing(
    store: ConversationStore, open_again: Open
) -> None:
    temporary = temporary_store()
    id_ = made(temporary, "secret", "a secret fox")
    assert temporary.is_temporary
    assert [hit.conversation_id for hit in temporary.search("secret")] == [id_, id_]
    assert store.search("secret") == ()
    temporary.delete(id_)
    assert temporary.purge() == 1
    temporary.close()


def test_a_row_of_a_later_or_broken_program_is_listed(store: ConversationStore) -> None:
    made(store, "a", "x")
    for settings in ("[1]", "{", '{"model": 7}', "[" * 100_000):
        with store._database.writing("break") as connection:
            connection.execute(
                "UPDATE conversations SET settings = ?, title_origin = 'star', choices = '[3'",
                (settings,),
            )
        [row] = store.summaries()
        assert (row.title, row.model, row.title_origin) == ("a", "", TitleOrigin.USER)
        assert store.latest() is not None


def test_an_interrupted_answer_is_found_afterwards(store: ConversationStore) -> None:
    id_ = made(store, "a")
    answer = Message(Role.ASSISTANT, "half a walrus", state=State.WRITING)
    store.save_messages(id_, [answer], answer.id)
    assert store.search("walrus") == ()
    assert store.mark_interrupted() == 1
    assert [hit.message_id for hit in store.search("walrus")] == [answer.id]
