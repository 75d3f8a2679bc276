"""Search finds what was said, in every language, and nothing that is gone."""

import sqlite3
from collections.abc import Callable

import pytest

from desktop.domain.chats import Hit
from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.domain.errors import Problem
from desktop.domain.folding import excerpt, occurrences
from desktop.paths import Paths
from desktop.storage import search as search_module
from desktop.storage.conversations import ConversationStore

SPOIL = "UPDATE search_messages_data SET block = x'ffffffffffffffffffffffff'"

Open = Callable[[], tuple[ConversationStore, list[Problem]]]


def said(store: ConversationStore, *texts: str, title: str = "") -> list[Message]:
    conversation = Conversation(title=title)
    store.save_conversation(conversation)
    messages: list[Message] = []
    for text in texts:
        parent = messages[-1].id if messages else ""
        messages.append(Message(Role.USER, text, parent_id=parent))
    store.save_messages(conversation.id, messages, messages[-1].id if messages else "")
    return messages


def found(store: ConversationStore, text: str) -> list[str]:
    """The texts found, in order; titles in brackets."""
    hits = store.search(text)
    for hit in hits:
        assert all(0 <= a < b <= len(hit.excerpt) for a, b in hit.ranges)
    return [hit.excerpt if hit.message_id else f"[{hit.title}]" for hit in hits]


def marked(hit: Hit) -> list[str]:
    return [hit.excerpt[a:b] for a, b in hit.ranges]


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("The quick brown fox", "fox"),
        ("The quick brown fox", "brown the "),
        ("The quick brown fox", "QUI"),
        ("Füchse im Wald", "fuchse"),
        ("Fuchse im Wald", "füchs"),
        ("cafe\u0301 au lait", "café"),
        ("STRASSE", "straße"),
        ("我们喜欢吃苹果", "喜欢"),
        ("我们喜欢吃苹果", "果"),
        ("我们喜欢吃苹果", "喜欢吃苹"),
        ("ひらがなとカタカナ", "カタ"),
        ("안녕하세요 세계", "하세"),
        ("สวัสดีชาวโลก", "ชาว"),
        ("Привет, мир", "МИР"),
        ("مرحبا بالعالم", "بالعالم"),
        ("हिन्दी में", "हिन्दी"),
        ("\uff46\uff55\uff4c\uff4c", "full"),
        ("a fox 🦊 here", "🦊"),
        ("call foo_bar(x)", "foo_bar"),
        ("C++ and C#", "c++"),
        ('say "hello" now', '"hello"'),
        ("a NEAR b", "NEAR"),
        ("fox AND hound OR cat", "AND OR NOT"[:6]),
        ("version 2.10.3", "2.10"),
        ("mixed 中文 text", "中文 text"),
        ("price: 5* (five)", "5*"),
    ],
)
def test_it_is_found(store: ConversationStore, text: str, sought: str) -> None:
    said(store, "something else entirely", text)
    hits = store.search(sought)
    assert [hit.excerpt for hit in hits] == [text]
    assert hits[0].ranges
    said(store, title=text)
    assert f"[{text}]" in found(store, sought)


@pytest.mark.parametrize(
    "sought",
    ["hound", "ox", "们我", "foxes", "the hound", "fox zebra", "", " ", "-", "*", '"', "()"],
)
def test_it_is_not_found(store: ConversationStore, sought: str) -> None:
    said(store, "the fox", "我们", title="fox")
    assert store.search(sought) == ()


@pytest.mark.parametrize(
    "sought",
    [
        '"',
        "a AND",
        "text:fox",
        "-fox",
        "^fox",
        "fox*",
        "{fox}",
        "NEAR(fox)",
        "\0fox",
        "\ud800",
        "' --",
    ],
)
def test_no_query_is_an_error(store: ConversationStore, sought: str) -> None:
    said(store, "the fox")
    store.search(sought)
    store.search(sought * 3000)


def test_a_finished_word_is_only_itself(store: ConversationStore) -> None:
    said(store, "the foxes", "the fox")
    assert found(store, "fox ") == ["the fox"]
    assert sorted(found(store, "fox")) == ["the fox", "the foxes"]


def test_the_best_is_first(store: ConversationStore) -> None:
    said(store, "one fox among many other words that say nothing of it", "fox fox fox", "none")
    assert found(store, "fox")[0] == "fox fox fox"
    ranks = [hit.rank for hit in store.search("fox")]
    assert ranks == sorted(ranks)


def test_titles_come_first_and_leave_room(store: ConversationStore) -> None:
    for number in range(10):
        said(store, "a fox", title=f"fox {number}")
    hits = store.search("fox", limit=6)
    assert [bool(hit.message_id) for hit in hits] == [False] * 3 + [True] * 3
    assert store.search("fox", limit=0) == ()


def test_a_hit_tells_where_it_is(store: ConversationStore) -> None:
    before = "word " * 100
    [message] = said(store, f"{before}a red\nfox{' more' * 100}", title="Animals")
    [hit] = store.search("fox red")
    assert (hit.message_id, hit.title, hit.role) == (message.id, "Animals", Role.USER)
    assert hit.created_at == message.created_at
    assert marked(hit) == ["red", "fox"]
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert "red fox" in hit.excerpt
    assert len(hit.excerpt) < 200


@pytest.mark.parametrize("place", [0, 1990, 3995, 4000, 123_456])
def test_the_excerpt_of_a_long_text_holds_the_match(place: int) -> None:
    text = "ä " * (place // 2) + "a walrus" + " more" * 5000
    shown, ranges = excerpt(text, ["walrus"], 160)
    assert [shown[a:b] for a, b in ranges] == ["walrus"]


@pytest.mark.parametrize(
    ("text", "sought", "places"),
    [
        ("aXa", "x", ((1, 2),)),
        ("ß and ss", "SS", ((0, 1), (6, 8))),
        ("ﬁsh", "fi", ((0, 1),)),
        ("cafe\u0301s", "fés", ((2, 6),)),
        ("aaa", "aa", ((0, 2),)),
        ("a.b", ".", ((1, 2),)),
        ("abc", "", ()),
        ("abc", "\u0301", ()),
    ],
)
def test_where_a_text_is_found(text: str, sought: str, places: object) -> None:
    assert occurrences(text, sought) == places


def test_find_goes_through_the_branch_in_view(store: ConversationStore) -> None:
    first, second, third = said(store, "a Fox.", "nothing", "foxes, 狐狸!")
    [conversation] = store.summaries()
    hidden = Message(Role.ASSISTANT, "hidden fox", parent_id=first.id)
    store.save_messages(conversation.id, [hidden], third.id)
    assert store.find_in(conversation.id, "FOX") == {first.id: 0, third.id: 2}
    assert store.find_in(conversation.id, "狸!") == {third.id: 2}
    assert store.find_in(conversation.id, "") == {}
    assert store.find_in(conversation.id, "zebra") == {}
    assert store.find_in("unknown", "fox") == {}
    assert second.id not in store.find_in(conversation.id, "fox")


def test_hidden_branches_are_found_too(store: ConversationStore) -> None:
    [first] = said(store, "question")
    [conversation] = store.summaries()
    for text in ("an old walrus", "a new one"):
        answer = Message(Role.ASSISTANT, text, parent_id=first.id)
        store.save_messages(conversation.id, [answer], answer.id)
    assert found(store, "walrus") == ["an old walrus"]


def test_the_index_follows_every_change(store: ConversationStore) -> None:
    [message] = said(store, "first words", title="old title")
    [row] = store.summaries()
    changed = message.with_text("second words")
    store.save_messages(row.id, [changed], message.id)
    assert (found(store, "first"), found(store, "second")) == ([], ["second words"])
    store.rename(row.id, "new title")
    assert (found(store, "old"), found(store, "new")) == ([], ["[new title]"])
    store.save_conversation(Conversation(id=row.id, title="third title"))
    assert (found(store, "new"), found(store, "third")) == ([], ["[third title]"])
    with pytest.raises(ValueError, match="another conversation"):
        store.save_messages("another", [changed.with_text("stolen")], message.id)
    assert (found(store, "stolen"), found(store, "second")) == ([], ["second words"])
    store.delete_messages(row.id, [message.id])
    assert found(store, "words") == []
    _index_is_whole(store)


def test_a_message_that_is_saved_twice_at_once_is_found_once(store: ConversationStore) -> None:
    [message] = said(store, "walrus")
    [row] = store.summaries()
    grown = [message.with_text(f"walrus {number}") for number in range(3)]
    store.save_messages(row.id, grown, message.id)
    assert found(store, "walrus") == ["walrus 2"]
    _index_is_whole(store)


def test_an_answer_is_found_when_it_is_done(store: ConversationStore) -> None:
    [question] = said(store, "question")
    [row] = store.summaries()
    answer = Message(Role.ASSISTANT, "wal", parent_id=question.id, state=State.WRITING)
    for text, state in [("wal", State.WRITING), ("walrus", State.WRITING), ("walrus", State.STOP)]:
        assert found(store, "walrus") == []
        answer = Message(Role.ASSISTANT, text, answer.id, question.id, state=state)
        store.save_messages(row.id, [answer], answer.id)
    assert found(store, "walrus") == ["walrus"]
    _index_is_whole(store)


def test_words_that_are_everywhere_are_ranked_among_the_newest(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_MOST_RANKED", 3)
    said(store, "fox fox fox", *(f"a fox {number}" for number in range(5)), "fox fox")
    assert found(store, "fox") == ["fox fox", "a fox 4", "a fox 3"] or set(found(store, "fox")) == {
        "fox fox",
        "a fox 4",
        "a fox 3",
    }


def _index_is_whole(store: ConversationStore) -> None:
    with store._database.writing("check") as connection:
        for name in ("search_titles", "search_messages"):
            check = "INSERT INTO name (name) VALUES ('integrity-check')".replace("name", name)
            connection.execute(check)
        count = "SELECT count(*) FROM messages WHERE state <> 'writing'"
        indexed = "SELECT count(*) FROM search_messages_docsize"
        assert connection.execute(count).fetchone() == connection.execute(indexed).fetchone()


@pytest.mark.parametrize("statement", [SPOIL, "DROP"])
def test_a_damaged_or_missing_index_is_made_anew(
    store: ConversationStore, open_again: Open, paths: Paths, statement: str
) -> None:
    said(store, "a walrus", title="Walrus")
    store.close()
    with sqlite3.connect(paths.database) as connection:
        tables = ("search_titles", "search_messages")
        for name in tables if statement == "DROP" else ():
            connection.execute(f"DROP TABLE {name}")
        if statement != "DROP":
            connection.execute(statement)
    connection.close()
    store, problems = open_again()
    assert problems == []
    assert found(store, "walrus") == ["[Walrus]", "a walrus"]
    _index_is_whole(store)
    _, problems = open_again()
    assert problems == []


def test_a_damaged_index_keeps_nobody_from_saving(
    store: ConversationStore, open_again: Open, paths: Paths
) -> None:
    [message] = said(store, "a walrus")
    store.close()
    with sqlite3.connect(paths.database) as connection:
        connection.execute(SPOIL)
    connection.close()
    store, _ = open_again()
    [row] = store.summaries()
    more = Message(Role.USER, "a zebra", parent_id=message.id)
    store.save_messages(row.id, [more, message.with_text("an otter")], more.id)
    assert (found(store, "walrus"), found(store, "otter")) == ([], ["an otter"])
    assert found(store, "zebra") == ["a zebra"]
    _index_is_whole(store)
