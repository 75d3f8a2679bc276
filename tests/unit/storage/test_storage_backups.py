"""Daily copies, one of them put back, and commands beside an open window."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage import database as database_module
from desktop.storage.backups import back_up_daily
from desktop.storage.conversations import ConversationStore
from desktop.storage.migrations import STEPS
from desktop.storage.opening import open_for_reading, open_store, open_to_change
from desktop.storage.restoring import back_up_if_due, backups, restore

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def said(store: ConversationStore, text: str) -> str:
    conversation, message = Conversation(title=text), Message(Role.USER, text)
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    return conversation.id


def titles(store: ConversationStore) -> list[str]:
    return [row.title for row in store.summaries()]


def _dated(paths: Paths, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Path | None:
    name = moment.strftime("%Y%m%d-%H%M%S")
    monkeypatch.setattr("desktop.storage.backups.time_for_name", lambda: name)
    return back_up_daily(paths.database, paths.backups, moment)


def test_one_copy_a_day_and_seven_at_most(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _dated(paths, monkeypatch, NOW) is None  # nothing to keep yet
    said(store, "fox")
    assert _dated(paths, monkeypatch, NOW) is not None
    assert _dated(paths, monkeypatch, NOW + timedelta(hours=23)) is None
    for day in range(1, 10):
        assert _dated(paths, monkeypatch, NOW + timedelta(days=day)) is not None
    found = backups(paths)
    assert [each.made_at for each in found] == [NOW + timedelta(days=9 - day) for day in range(7)]
    assert {each.kind for each in found} == {"daily"}
    assert all(each.size == each.path.stat().st_size > 0 for each in found)


def test_a_clock_that_went_back_makes_a_copy(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(store, "fox")
    assert _dated(paths, monkeypatch, NOW + timedelta(days=400)) is not None
    assert _dated(paths, monkeypatch, NOW) is not None


def test_a_copy_holds_everything_but_the_index(store: ConversationStore, paths: Paths) -> None:
    id_ = said(store, "fox")
    store.pin(id_, True)
    copy = back_up_if_due(paths)
    assert copy is not None
    assert copy.stat().st_mode & 0o077 == 0
    connection = sqlite3.connect(copy)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert connection.execute("SELECT title, pinned FROM conversations").fetchall() == [("fox", 1)]
    connection.close()
    assert "conversations_in_list" in names
    assert not [name for name in names if name.startswith("search")]
    assert [path.name for path in paths.backups.iterdir()] == [copy.name]


def test_a_copy_is_made_by_another_thread_while_the_window_writes(
    store: ConversationStore, paths: Paths
) -> None:
    for number in range(20):
        said(store, f"fox {number} " * 1000)
    made: list[Path | None] = []
    thread = threading.Thread(target=lambda: made.append(back_up_if_due(paths)))
    thread.start()
    for number in range(20):
        said(store, f"hound {number}")
    thread.join()
    assert made
    assert made[0] is not None
    connection = sqlite3.connect(made[0])
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM messages").fetchone()[0] >= 20
    connection.close()


def test_without_chats_there_is_nothing_to_copy(paths: Paths) -> None:
    assert back_up_if_due(paths) is None
    assert backups(paths) == ()


def test_a_copy_that_fails_is_told_and_leaves_nothing(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    said(store, "fox")
    monkeypatch.setattr("desktop.storage.backups.replace", full)
    with pytest.raises(Problem, match=r"disk is full, so Cellar could not make a backup"):
        back_up_if_due(paths)
    assert list(paths.backups.iterdir()) == []


def test_restoring_brings_back_and_keeps_what_was_there(
    store: ConversationStore, paths: Paths, open_again: Open
) -> None:
    said(store, "old fox")
    assert back_up_if_due(paths)
    said(store, "new hound")
    store.close()
    [backup] = backups(paths)
    kept = restore(paths, backup.path)
    assert kept is not None
    store, problems = open_again()
    assert problems == []
    assert titles(store) == ["old fox"]
    assert len(store.search("fox")) == 2
    connection = sqlite3.connect(kept)
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)
    connection.close()
    assert backup.path.exists()


def test_a_copy_of_an_older_schema_is_restored(paths: Paths, open_again: Open) -> None:
    sample = Path(__file__).parents[2] / "data" / "databases" / "schema-1.db"
    paths.backups.mkdir(parents=True)
    copy = paths.backups / "chats-schema-1-20260101-000000.db"
    shutil.copyfile(sample, copy)
    assert restore(paths, copy) is None
    store, problems = open_again()
    assert problems == []
    assert titles(store) == ["Füchse 🦊"]
    assert len(store.search("fuchse")) == 1


@pytest.mark.parametrize("bad", ["nothing", "noise", "cut", "foreign", "newer"])
def test_a_bad_copy_is_refused_and_nothing_changes(
    store: ConversationStore, paths: Paths, open_again: Open, bad: str
) -> None:
    for number in range(50):
        said(store, f"fox {number} " * 100)
    copy = back_up_if_due(paths)
    assert copy is not None
    store.close()
    data = copy.read_bytes()
    if bad == "nothing":
        copy.unlink()
    elif bad == "foreign":
        copy.unlink()
        with sqlite3.connect(copy) as connection:
            connection.execute("CREATE TABLE bookmarks (url)")
            connection.execute("PRAGMA user_version = 1")
        connection.close()
    elif bad == "newer":
        with sqlite3.connect(copy) as connection:
            connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        connection.close()
    else:
        copy.write_bytes(b"noise" * 9999 if bad == "noise" else data[: len(data) // 2])
    before = paths.database.read_bytes()
    with pytest.raises(Problem) as caught:
        restore(paths, copy)
    assert caught.value.remedy
    assert paths.database.read_bytes() == before
    assert not list(paths.data_dir.glob("chats.replaced*"))
    store, problems = open_again()
    assert problems == []
    assert len(titles(store)) == 50


def test_nothing_is_restored_under_an_open_window(store: ConversationStore, paths: Paths) -> None:
    said(store, "fox")
    copy = back_up_if_due(paths)
    assert copy is not None
    with pytest.raises(Problem, match="window is open"):
        restore(paths, copy)
    assert titles(store) == ["fox"]


def test_an_end_in_the_middle_of_restoring_costs_nothing(
    store: ConversationStore, paths: Paths, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(store, "fox")
    copy = back_up_if_due(paths)
    assert copy is not None
    said(store, "hound")
    store.close()
    half = paths.data_dir / f"{database_module.REPAIR}x"
    half.mkdir()
    shutil.copyfile(copy, half / database_module.REPAIRED)
    paths.database.rename(paths.data_dir / "chats.replaced-20261121-120000.db")
    store, problems = open_again()
    assert problems == []
    assert titles(store) == ["fox"]


def test_a_command_reads_while_the_window_writes(store: ConversationStore, paths: Paths) -> None:
    first = said(store, "fox")
    reader, problems = open_for_reading(paths)
    assert problems == []
    assert titles(reader) == ["fox"]
    said(store, "hound")
    assert titles(reader) == ["hound", "fox"]
    assert len(reader.search("fox")) == 2
    with pytest.raises(Problem, match="read-only"):
        reader.rename(first, "changed")
    assert titles(store) == ["hound", "fox"]
    reader.close()
    said(store, "more")


def test_without_a_window_a_command_has_the_folder(store: ConversationStore, paths: Paths) -> None:
    said(store, "fox")
    store.close()
    for opened in (open_for_reading, open_to_change):
        other, problems = opened(paths)
        assert problems == []
        assert titles(other) == ["fox"]
        other.close()


def test_a_folder_without_chats_is_not_changed_by_reading(paths: Paths) -> None:
    reader, problems = open_for_reading(paths)
    assert (titles(reader), problems) == ([], [])
    reader.close()
    assert not paths.data_dir.exists()


def test_a_command_that_writes_is_refused_while_the_window_is_open(
    store: ConversationStore, paths: Paths
) -> None:
    with pytest.raises(Problem, match="window is open") as caught:
        open_to_change(paths)
    assert "in the window" in caught.value.remedy
    said(store, "fox")
    store.close()
    other, _ = open_store(paths)
    assert not other.is_temporary
    other.close()


@pytest.mark.parametrize(("version", "words"), [(1, "An older version"), (99, "a newer version")])
def test_a_window_of_another_version_keeps_its_file(
    store: ConversationStore, paths: Paths, version: int, words: str
) -> None:
    with store._database.reading("pretend") as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(Problem, match=words):
        open_for_reading(paths)
