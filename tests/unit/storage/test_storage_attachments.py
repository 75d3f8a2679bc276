"""Attachments in the database: found by their text, exported, imported, recovered."""

import json
from dataclasses import replace
from pathlib import Path

from desktop.domain.attachments import attachment_of, composed, parted
from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, Role
from desktop.exporters.common import Options
from desktop.exporters.registry import encoded, format_named
from desktop.importers.reading import Reading
from desktop.storage.codec import attachments_of, quotations_of
from desktop.storage.conversations import ConversationStore

NOTES = attachment_of("notes.txt", "The wombat is nocturnal.\nIt digs.")


def saved(store: ConversationStore) -> tuple[Conversation, Message]:
    text, quotations = composed([NOTES], "Which animal is this?")
    message = Message(Role.USER, text, attachments=quotations)
    conversation = Conversation(title="Animals")
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    return conversation, message


def test_they_come_back_as_they_were(store: ConversationStore) -> None:
    conversation, message = saved(store)
    read = store.get(conversation.id)
    assert read is not None
    assert read.messages == (message,)
    store.save_draft_attachments(conversation.id, [NOTES])
    view = store.open(conversation.id)
    assert view is not None
    assert view.draft_attachments == (NOTES,)


def test_search_finds_their_text_and_their_names(store: ConversationStore) -> None:
    _, message = saved(store)
    for sought in ("wombat", "notes.txt", "nocturnal digs"):
        assert [hit.message_id for hit in store.search(sought)] == [message.id]


def test_a_file_of_chats_keeps_them(store: ConversationStore, tmp_path: Path) -> None:
    conversation, _ = saved(store)
    store.save_draft_attachments(conversation.id, [NOTES])
    whole = store.whole(conversation.id)
    assert whole is not None
    path = tmp_path / "chats.json"
    path.write_bytes(b"".join(encoded(format_named("json", ""), [whole], Options())))
    assert list(Reading(path)) == [whole]
    copy = store.duplicate(conversation.id, "Copy")
    copied = store.get(copy or "")
    assert copied is not None
    [message] = copied.messages
    assert parted(message.text, message.attachments).attachments == (NOTES,)


def test_a_forged_file_hides_nothing(store: ConversationStore, tmp_path: Path) -> None:
    conversation, message = saved(store)
    whole = store.whole(conversation.id)
    assert isinstance(whole, Whole)
    body = json.loads(b"".join(encoded(format_named("json", ""), [whole], Options())))
    [entry] = body["conversations"][0]["messages"]
    path = tmp_path / "chats.json"
    for forged in ([{"name": "x", "length": 5}], [{"name": "notes.txt", "length": 10**9}]):
        entry["attachments"] = forged
        path.write_text(json.dumps(body), "utf-8")
        [read] = Reading(path)
        [read_message] = read.conversation.messages
        parts = parted(read_message.text, read_message.attachments)
        assert (parts.attachments, parts.typed) == ((), message.text)
    for amiss in ([{"name": "x"}], ["x"], {"name": "x"}, [{"name": 7, "length": 1}]):
        entry["attachments"] = amiss
        path.write_text(json.dumps(body), "utf-8")
        reading = Reading(path)
        assert list(reading) == []
        assert len(reading.skipped) == 1


def test_columns_that_make_no_sense_are_taken_mildly() -> None:
    for amiss in ("", "{", "7", '{"a":1}', '[{"name":1}]', "[1]", None, 5, "[" * 5000):
        assert quotations_of(amiss) == ()
        assert attachments_of(amiss) == ()


def test_formats_for_reading_hold_their_text() -> None:
    text, quotations = composed([NOTES], "Which?")
    message = Message(Role.USER, text, attachments=quotations)
    chat = Whole(replace(Conversation(title="x"), messages=(message,)), message.id)
    for name in ("markdown", "text", "html"):
        written = b"".join(encoded(format_named(name, ""), [chat], Options())).decode()
        assert "The wombat is nocturnal.\nIt digs." in written
        assert "notes.txt" in written
