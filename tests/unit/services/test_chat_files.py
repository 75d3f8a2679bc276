"""Conversations out of the store and back: whole files, all or nothing, nothing changed."""

import errno
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, Role
from desktop.domain.errors import Problem
from desktop.exporters.common import Options
from desktop.exporters.registry import encoded, format_named
from desktop.services.exporting import all_ids, found, wholes, write_file, write_folder
from desktop.services.importing import import_file
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import temporary_store
from tests import chat_trees
from tests.chat_trees import NAUGHTY, dialogue

JSON = format_named("json")


@pytest.fixture
def store() -> Iterator[ConversationStore]:
    made = temporary_store()
    yield made
    made.close()


def exported(store: ConversationStore) -> bytes:
    return b"".join(encoded(JSON, wholes(store, all_ids(store)), Options()))


def file_of(path: Path, *chats: Whole) -> Path:
    write_file(path, encoded(JSON, chats, Options()))
    return path


@settings(max_examples=25)
@given(st.lists(chat_trees.wholes(), max_size=3))
def test_export_import_export_is_equal_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, chats: list[Whole]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    one, other = temporary_store(), temporary_store()
    try:
        import_file(one, file_of(folder / "a.json", *chats))
        data = exported(one)
        (folder / "b.json").write_bytes(data)
        assert len(import_file(other, folder / "b.json").added.ids) == len(chats)
        assert exported(other) == data
    finally:
        one.close()
        other.close()


def test_naughty_strings_are_stored_found_exported_and_imported(
    store: ConversationStore, tmp_path: Path
) -> None:
    chats = [dialogue(text, text, title=text) for text in NAUGHTY]
    import_file(store, file_of(tmp_path / "a.json", *chats))
    for text, chat in zip(NAUGHTY, chats, strict=True):
        kept = store.whole(chat.conversation.id)
        assert kept is not None
        clean = text.replace("\0", "\ufffd")
        assert [message.text for message in kept.conversation.messages] == [clean, clean]
        assert kept.conversation.title == clean


def test_the_same_file_again_changes_nothing(store: ConversationStore, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.json", dialogue("Hi", "Ho"), dialogue("A", "B"))
    assert import_file(store, path).sentence() == "2 chats imported."
    before = exported(store)
    again = import_file(store, path)
    assert again.sentence() == "0 chats imported, 2 already there."
    assert exported(store) == before


def test_a_chat_that_was_continued_since_is_already_there(
    store: ConversationStore, tmp_path: Path
) -> None:
    chat = dialogue("Hi", "Ho")
    path = file_of(tmp_path / "a.json", chat)
    import_file(store, path)
    more = Message(Role.USER, "And?", parent_id=chat.head_id)
    store.save_messages(chat.conversation.id, [more], more.id)
    assert import_file(store, path).added.known == 1


def test_ids_that_something_else_has_make_a_copy(store: ConversationStore, tmp_path: Path) -> None:
    chat = dialogue("Hi", "Ho")
    other = replace(
        chat,
        conversation=replace(
            chat.conversation, messages=(replace(chat.conversation.messages[0], text="Changed"),)
        ),
    )
    import_file(store, file_of(tmp_path / "a.json", chat))
    before = store.whole(chat.conversation.id)
    imported = import_file(store, file_of(tmp_path / "b.json", other, other))
    assert imported.added.copies == 2
    assert store.whole(chat.conversation.id) == before
    for id_ in imported.added.ids:
        copy = store.get(id_)
        assert copy is not None
        assert [message.text for message in copy.messages] == ["Changed"]


@pytest.mark.parametrize("end", ["", "{", '{"messages": 1}}', "\x00"])
def test_nothing_of_a_broken_file_is_imported(
    store: ConversationStore, tmp_path: Path, end: str
) -> None:
    import_file(store, file_of(tmp_path / "a.json", dialogue("Hi", "Ho")))
    before = exported(store)
    good = '{"messages": [{"role": "user", "content": "zebra"}]}\n' * 50
    (tmp_path / "b.jsonl").write_text(good + (end or good[:20]))
    with pytest.raises(Problem):
        import_file(store, tmp_path / "b.jsonl")
    assert exported(store) == before
    assert store.search("zebra") == ()
    assert import_file(store, file_of(tmp_path / "c.json", dialogue("Still", "works"))).added.ids


def test_what_is_left_out_is_told(store: ConversationStore, tmp_path: Path) -> None:
    lines = ['{"messages": [{"role": "user", "content": "a"}]}', '{"messages": []}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    imported = import_file(store, tmp_path / "a.jsonl")
    assert imported.sentence() == "1 chat imported, 1 left out."
    assert imported.skipped == ("Chat 2 (line 2): It has no messages.",)


def test_imported_chats_are_found(store: ConversationStore, tmp_path: Path) -> None:
    import_file(store, file_of(tmp_path / "a.json", dialogue("Where is the heron?", "Ho")))
    (hit,) = store.search("heron")
    assert "heron" in hit.excerpt


def test_a_file_is_replaced_only_when_all_of_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"before")

    def full() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Problem, match="The disk is full, so Cellar could not export the chats"):
        write_file(path, full())
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    assert path.read_bytes() == b"before"
    assert write_file(path, [b"af", b"ter"]) == 5
    assert path.read_bytes() == b"after"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"There is no “.*a\.json”"):
        write_file(tmp_path / "nothing" / "a.json", [b""])


def test_a_file_for_each_chat(tmp_path: Path) -> None:
    chats = [dialogue("Hi", "Ho", title=text) for text in ("../../etc/passwd", "CON", *NAUGHTY)]
    files = write_folder(tmp_path / "new", chats, JSON, Options())
    assert len(set(files)) == len(chats)
    assert {path.parent for path in files} == {tmp_path / "new"}
    assert files[0].name == f"etc passwd-{chats[0].conversation.id[:8]}.json"
    for path in files:
        assert len(json.loads(path.read_bytes())["conversations"]) == 1


def test_the_beginning_of_an_id_is_enough(store: ConversationStore) -> None:
    for id_ in ("abc1", "abc2", "b", "bcd"):
        chat = dialogue("Hi")
        store.add(replace(chat, conversation=replace(chat.conversation, id=id_)))
    assert (found(store, "abc1"), found(store, "bc"), found(store, "b")) == ("abc1", "bcd", "b")
    with pytest.raises(Problem, match="2 chats begin with “abc”"):
        found(store, "abc")
    for wrong in ("x", "", "%", "_"):
        with pytest.raises(Problem, match="There is no chat"):
            found(store, wrong)
