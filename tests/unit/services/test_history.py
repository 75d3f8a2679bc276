"""The service beside the chat: search, export, import and backups, on a file a window has open."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TypeVar

import pytest

from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, Role
from desktop.paths import Paths
from desktop.services.history import commands, notices
from desktop.services.history.commands import HistoryCommand
from desktop.services.history.formats import CHOICES, chosen
from desktop.services.history.notices import HistoryNotice
from desktop.services.history.service import HistoryService
from desktop.services.presets.store import PresetStore
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_store

N = TypeVar("N")
PATIENCE_S = 20
JSON = next(each.id for each in CHOICES if each.suffix == ".json")


class History:
    """The service in its thread, and a window's own connection beside it."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths.of(str(folder / "data"))
        self.store, problems = open_store(self.paths)
        assert not problems
        self.told: list[HistoryNotice] = []
        presets = PresetStore(folder / "shipped", folder / "own")
        self.service = HistoryService(self.paths, presets, self.told.append)
        self._thread = Thread(target=self.service.run)
        self._thread.start()

    def post(self, *wanted: HistoryCommand) -> None:
        for command in wanted:
            self.service.post(command)

    def until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < end, self.told
            time.sleep(0.005)

    def answer(self, kind: type[N], *wanted: HistoryCommand) -> N:
        """What of this kind is told next."""
        before = len(self.told)
        self.post(*wanted)
        self.until(lambda: any(isinstance(each, kind) for each in self.told[before:]))
        return next(each for each in self.told[before:] if isinstance(each, kind))

    def close(self) -> None:
        self.post(commands.Quit())
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        self.store.close()


def keep(store: ConversationStore, title: str, text: str) -> str:
    chat = Conversation(title=title)
    message = Message(Role.USER, text)
    store.save_conversation(chat)
    store.save_messages(chat.id, [message], message.id)
    return chat.id


def titles(store: ConversationStore) -> list[str]:
    return sorted(each.title for each in store.summaries(limit=10_000))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path)
    made.post(commands.UseStore(kept=True))
    yield made
    made.close()


def test_what_the_window_has_just_saved_is_found(history: History) -> None:
    fox = keep(history.store, "Animals", "a red fox by the sea")
    keep(history.store, "Food", "plum cake")
    found = history.answer(notices.Found, commands.Search("fox"))
    assert found.text == "fox"
    assert [hit.conversation_id for hit in found.hits] == [fox]
    hit = found.hits[0]
    assert [hit.excerpt[a:b] for a, b in hit.ranges] == ["fox"]


def test_only_the_newest_of_searches_that_wait_is_made(tmp_path: Path) -> None:
    history = History(tmp_path)
    try:
        keep(history.store, "Animals", "a red fox")
        # They wait behind the first, for which the store is not known yet.
        for text in ("f", "fo", "fox"):
            history.service._newest = None
            history.service.post(commands.Search(text))
        history.until(lambda: bool(history.told))
    finally:
        history.close()
    assert isinstance(history.told[-1], notices.Found)
    assert history.told[-1].text == "fox"


def test_chats_in_memory_cannot_be_searched_and_it_says_so(history: History) -> None:
    keep(history.store, "Animals", "a red fox")
    history.post(commands.UseStore(kept=False))
    found = history.answer(notices.Found, commands.Search("fox"))
    assert not found.hits
    assert "memory only" in found.problem
    trouble = history.answer(notices.HistoryTrouble, commands.ListBackups())
    assert "memory only" in trouble.what


def test_the_messages_of_one_chat_that_hold_a_text_are_found(history: History) -> None:
    fox = keep(history.store, "Animals", "a red fox by the sea")
    keep(history.store, "More", "another fox")
    found = history.answer(notices.FoundIn, commands.FindIn(fox, "FOX"))
    assert (found.chat_id, found.text, found.problem) == (fox, "FOX", "")
    assert len(found.ids) == 1
    history.post(commands.UseStore(kept=False))
    found = history.answer(notices.FoundIn, commands.FindIn(fox, "fox"))
    assert (found.ids, "memory only" in found.problem) == ((), True)


def test_an_export_comes_back_by_an_import(history: History, tmp_path: Path) -> None:
    first = keep(history.store, "One", "first text")
    keep(history.store, "Two", "second text")
    path = tmp_path / "out.json"
    exported = history.answer(notices.Exported, commands.Export((), path, JSON))
    assert (exported.chats, exported.empty) == (2, False)
    history.store.purge([first])
    imported = history.answer(notices.Imported, commands.Import((path,)))
    assert imported.chats == 1
    assert imported.sentence == "1 chat imported, 1 already there."
    assert titles(history.store) == ["One", "Two"]
    found = history.answer(notices.Found, commands.Search("first"))
    assert [hit.title for hit in found.hits] == ["One"]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda each: each.id)
def test_every_format_that_is_offered_can_be_written(
    history: History, tmp_path: Path, choice: notices.HistoryNotice
) -> None:
    assert hasattr(choice, "id")
    chat = keep(history.store, "One", "first text")
    path = tmp_path / "out"
    history.answer(notices.Exported, commands.Export((chat,), path, choice.id))
    assert path.exists()
    assert chosen(choice.id).label == choice.label  # type: ignore[attr-defined]


def test_an_import_tells_what_it_left_out(history: History, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    good = {"messages": [{"role": "user", "content": "hello"}]}
    path.write_text(f"{json.dumps(good)}\n{json.dumps({'messages': 'none'})}\n", "utf-8")
    imported = history.answer(notices.Imported, commands.Import((path,)))
    assert imported.chats == 1
    assert len(imported.skipped) == 1
    assert "line 2" in imported.skipped[0]


def many(path: Path, count: int, end: str = "") -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            messages = [{"role": "user", "content": f"question {number}"}]
            file.write(json.dumps({"messages": messages}) + "\n")
        file.write(end)


def test_of_a_file_that_is_broken_at_its_end_nothing_stays(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.arriving.AT_ONCE", 1000)  # five chats
    keep(history.store, "Mine", "own text")
    path = tmp_path / "in.jsonl"
    many(path, 20, '{"messages": [')
    trouble = history.answer(notices.HistoryTrouble, commands.Import((path,)))
    assert trouble.what
    assert titles(history.store) == ["Mine"]
    found = history.answer(notices.Found, commands.Search("question"))
    assert not found.hits


def test_an_import_can_be_stopped_and_leaves_nothing(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.arriving.AT_ONCE", 0)
    monkeypatch.setattr("desktop.services.history.transfers.TELL_EACH_S", 0.0)
    path = tmp_path / "in.jsonl"
    many(path, 3000)
    going = history.answer(notices.Transferring, commands.Import((path,)))
    assert (going.name, going.imports) == ("in.jsonl", True)
    history.answer(notices.TransferStopped, commands.StopTransfer())
    assert titles(history.store) == []


def test_the_window_can_save_and_search_while_an_import_is_under_way(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.arriving.AT_ONCE", 40_000)
    monkeypatch.setattr("desktop.services.history.transfers.TELL_EACH_S", 0.0)
    path = tmp_path / "in.jsonl"
    many(path, 2000)
    history.answer(notices.Transferring, commands.Import((path,)))
    keep(history.store, "Mine", "written meanwhile")
    found = history.answer(notices.Found, commands.Search("meanwhile"))
    assert [hit.title for hit in found.hits] == ["Mine"]
    history.until(lambda: isinstance(history.told[-1], notices.Imported))
    assert len(titles(history.store)) == 2001


def test_a_backup_is_made_on_request_and_listed(history: History) -> None:
    assert history.answer(notices.BackupsListed, commands.ListBackups()).backups == ()
    keep(history.store, "One", "text")
    listed = history.answer(notices.BackupsListed, commands.BackUp())
    [row] = [row for row in listed.backups if row.kind == "manual"]
    assert row.chats == 1
    assert (history.paths.backups / row.name).stat().st_size == row.size


def test_a_backup_that_cannot_be_read_is_listed_as_such(history: History) -> None:
    keep(history.store, "One", "text")
    listed = history.answer(notices.BackupsListed, commands.BackUp())
    name = listed.backups[0].name
    (history.paths.backups / name).write_bytes(b"no database at all" * 100)
    listed = history.answer(notices.BackupsListed, commands.ListBackups())
    assert {row.name: row.chats for row in listed.backups}[name] is None


def daily(history: History) -> list[str]:
    return [each.name for each in history.paths.backups.glob("chats-daily-*.db")]


def test_the_copy_of_the_day_is_made_at_the_start_by_itself(tmp_path: Path) -> None:
    history = History(tmp_path)
    try:
        keep(history.store, "One", "text")
        history.post(commands.UseStore(kept=True))
        history.until(lambda: len(daily(history)) == 1)
        history.post(commands.UseStore(kept=True))
        history.answer(notices.BackupsListed, commands.BackUp())
        assert len(daily(history)) == 1
    finally:
        history.close()


def test_a_copy_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    history = History(tmp_path)
    try:
        keep(history.store, "One", "text")
        history.paths.backups.write_text("in the way")
        trouble = history.answer(notices.HistoryTrouble, commands.UseStore(kept=True))
        assert "backup" in trouble.what
    finally:
        history.close()


def erased(history: History, *ids: str) -> bool:
    with closing(sqlite3.connect(history.paths.database)) as connection:
        query = "SELECT count(*) FROM conversations WHERE id = ?"
        return not any(connection.execute(query, (id_,)).fetchone()[0] for id_ in ids)


def test_what_was_deleted_in_an_earlier_run_is_erased_and_the_rest_can_be_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.service.ERASE_AFTER_S", 0.0)
    monkeypatch.setattr("desktop.services.history.erasing.AT_ONCE", 1)
    before = History(tmp_path)
    old = [keep(before.store, f"Old {number}", "the word plum") for number in range(3)]
    for id_ in old:
        before.store.delete(id_)
    before.store.add_part([Whole(Conversation(title="Half an import"))])
    before.close()
    time.sleep(0.01)  # the next run begins at a later time
    history = History(tmp_path)
    try:
        new = keep(history.store, "New", "the word fig")
        history.store.delete(new)
        history.post(commands.UseStore(kept=True))
        history.until(lambda: erased(history, *old))
        history.store.undelete(new)
        assert titles(history.store) == ["New"]
        history.until(lambda: history.store.left_over("9999") == ())
    finally:
        history.close()


def test_what_is_being_imported_is_seen_only_when_all_is_there(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.arriving.AT_ONCE", 0)
    monkeypatch.setattr("desktop.services.history.transfers.TELL_EACH_S", 0.0)
    path = tmp_path / "in.jsonl"
    many(path, 12)
    history.post(commands.Import((path,)))
    history.until(lambda: notices.Transferring("in.jsonl", 6, True) in history.told)
    assert titles(history.store) == []
    assert history.store.purge() == 0  # the user deletes for good what was deleted before
    history.until(lambda: isinstance(history.told[-1], notices.Imported))
    assert len(titles(history.store)) == 12


def test_a_chat_that_is_too_long_to_be_saved_at_once_arrives_whole(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.history.arriving.AT_ONCE", 1000)
    path, out = tmp_path / "in.jsonl", tmp_path / "out.json"
    messages = [{"role": "user", "content": f"question {number}"} for number in range(23)]
    path.write_text(json.dumps({"messages": messages}), "utf-8")
    imported = history.answer(notices.Imported, commands.Import((path,)))
    assert imported.chats == 1
    [row] = history.store.summaries()
    chat = history.store.get(row.id)
    assert chat is not None
    assert [each.text for each in chat.messages] == [f"question {n}" for n in range(23)]
    history.answer(notices.Exported, commands.Export((), out, JSON))
    imported = history.answer(notices.Imported, commands.Import((out,)))
    assert imported.sentence == "0 chats imported, 1 already there."


def test_before_a_backup_is_restored_all_transfers_end(history: History, tmp_path: Path) -> None:
    paths = tuple(tmp_path / f"in{number}.jsonl" for number in range(3))
    for path in paths:
        many(path, 20_000)
    history.answer(notices.Transferring, commands.Import(paths))
    ready = history.answer(notices.RestoreReady, commands.ReadyRestore("chats.db"))
    assert ready.backup == "chats.db"
    assert titles(history.store) == []
    assert not any(isinstance(each, notices.Imported) for each in history.told)


# erasing


def test_what_was_deleted_is_erased_from_every_file_when_the_user_wants_it(
    history: History,
) -> None:
    keep(history.store, "Kept", "kept-canary")
    gone = keep(history.store, "Gone", "gone-canary")
    history.answer(notices.BackupsListed, commands.BackUp())
    history.store.delete(gone)
    assert history.answer(notices.Erased, commands.EraseDeleted()).chats == 1
    history.close()
    written = b"".join(p.read_bytes() for p in history.paths.data_dir.rglob("*") if p.is_file())
    assert b"gone-canary" not in written
    assert b"kept-canary" in written
