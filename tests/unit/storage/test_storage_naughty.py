"""The Big List of Naughty Strings, as titles and messages: kept, found, unchanged."""

import json
from collections.abc import Callable

from desktop.domain.conversation import Conversation, Message, Role, clean_text
from desktop.domain.errors import Problem
from desktop.domain.folding import fold, is_sought
from desktop.storage.conversations import ConversationStore
from tests.support import ROOT

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

LIST = json.loads((ROOT / "tests/data/naughty_strings.json").read_bytes())["strings"]
# What that list has not: it is of 2015.
MORE = (
    "田中さんにあげて下さい",
    "사회과학원 어학연구소",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇫🇦🇲",
    "\u05d4\u05b8\u05d9\u05b0\u05ea\u05b8\u05d4"
    "test\u0627\u0644\u0635\u0641\u062d\u0627\u062a \u0627\u0644\u062a\u0651\u062d\u0648\u0644",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "\u202atest\u202a \u2066 \u200b \ufeff",
    "మ్మ జ్ఞా",
    "\u0001\u0002\u001b[31m\u007f\u0085",
    "Robert'); DROP TABLE messages;--",
    "\u0130stanbul \u0131I \u017fs \u0149",
    "﷽" * 50,
    "a" * 100_000,
    "\U000e0041\U0010ffff\uffff",
    "null\r\n\ttab\u2028line\u2029",
)
# NUL is the one character that is replaced: no database and no tokenizer can hold it.
NAUGHTY = tuple(dict.fromkeys(clean_text(text) for text in (*LIST, *MORE)))


def test_they_are_kept_unchanged_and_found(store: ConversationStore, open_again: Open) -> None:
    ids: dict[str, tuple[str, str]] = {}
    for text in NAUGHTY:
        conversation, message = Conversation(title=text), Message(Role.USER, text)
        store.save_conversation(conversation)
        store.save_messages(conversation.id, [message], message.id)
        ids[text] = (conversation.id, message.id)
    store, problems = open_again()
    assert problems == []
    rows = {row.id: row.title for row in store.summaries(limit=1000)}
    for text, (conversation_id, message_id) in ids.items():
        assert rows[conversation_id] == text
        conversation = store.get(conversation_id)
        assert conversation is not None
        assert [message.text for message in conversation.messages] == [text]
        found = {hit.message_id for hit in store.search(text[:900], limit=1000)}
        assert (message_id in found) == is_sought(text), text
        assert store.find_in(conversation_id, text) == ({message_id: 0} if fold(text) else {})


def test_most_of_them_can_be_sought() -> None:
    assert len(NAUGHTY) > 140
    assert sum(map(is_sought, NAUGHTY)) > 0.8 * len(NAUGHTY)
