"""The window has a store whatever is wrong with the folder, and the user is told what it is."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage import connection as connection_module
from desktop.storage import database as database_module
from desktop.storage import words as words_module
from desktop.storage.connection import DamagedFile
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import NOT_KEPT, open_store

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

OTHER_WINDOW = """
import sys
from pathlib import Path
from desktop.paths import Paths
from desktop.storage.opening import open_store
store, problems = open_store(Paths.of(Path(sys.argv[1])))
print(store.is_temporary, *[problem.what for problem in problems], flush=True)
if len(sys.argv) > 2:
    sys.stdin.read()
"""


def _other_window(paths: Paths) -> str:
    command = [sys.executable, "-c", OTHER_WINDOW, str(paths.data_dir)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _works(store: ConversationStore) -> None:
    message = Message(Role.USER, "hello")
    conversation = Conversation(messages=(message,))
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    assert store.get(conversation.id) == conversation
    store.delete_messages(conversation.id, [message.id])


def _is_temporary(store: ConversationStore, problems: list[Problem]) -> str:
    assert store.is_temporary
    assert len(problems) == 1
    assert problems[0].remedy.endswith(NOT_KEPT)
    _works(store)
    store.close()
    return problems[0].what


def test_a_second_window_works_and_keeps_nothing(store: ConversationStore, paths: Paths) -> None:
    assert _other_window(paths) == "True Cellar is already open with this data folder."
    assert _is_temporary(*open_store(paths)) == "Cellar is already open with this data folder."
    _works(store)
    store.close()
    assert _other_window(paths) == "False"


def test_the_folder_of_a_killed_window_is_free(paths: Paths, open_again: Open) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_WINDOW, str(paths.data_dir), "stay"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "False\n"
        _is_temporary(*open_store(paths))
        other.kill()
    store, problems = open_again()
    assert problems == []
    assert not store.is_temporary


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A real error that root gets as well, unlike that of a folder without write permission."""
    (tmp_path / "file").touch()
    told = _is_temporary(*open_store(Paths.of(tmp_path / "file")))
    assert "in the place of the folder" in told


def test_a_folder_in_the_place_of_the_file(paths: Paths, open_again: Open) -> None:
    paths.database.mkdir(parents=True)
    assert "could not open your chats" in _is_temporary(*open_store(paths))
    paths.database.rmdir()
    assert open_again()[1] == []


def test_a_file_that_is_read_only(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own way to open a file for reading, because root may write to every file."""
    store.close()
    real = sqlite3.connect

    def connect_for_reading(name: object, **options: Any) -> sqlite3.Connection:
        place = f"{paths.database.as_uri()}?mode=ro" if name == paths.database else ":memory:"
        connection: sqlite3.Connection = real(place, uri=True, **options)
        return connection

    monkeypatch.setattr("sqlite3.connect", connect_for_reading)
    assert "is read-only" in _is_temporary(*open_store(paths))


@pytest.mark.parametrize("mode", ["NORMAL", "EXCLUSIVE"])
def test_another_program_that_holds_the_file(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    store.close()
    monkeypatch.setattr(connection_module, "_PATIENCE", 0.01)
    other = sqlite3.connect(paths.database, isolation_level=None)
    other.execute(f"PRAGMA locking_mode = {mode}").fetchall()
    other.execute("BEGIN IMMEDIATE")
    assert "Another program is using" in _is_temporary(*open_store(paths))
    other.close()
    store, problems = open_store(paths)
    assert problems == []
    assert not store.is_temporary
    store.close()


def test_a_file_that_cannot_be_rebuilt_is_no_reason_to_end(
    store: ConversationStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise DamagedFile

    store.close()
    before = paths.database.read_bytes()
    monkeypatch.setattr(database_module, "connect", fail)
    assert "could not be made" in _is_temporary(*open_store(paths))
    assert paths.database.read_bytes() == before


def test_a_program_that_holds_the_file_only_while_it_reads_does_no_harm(
    store: ConversationStore, paths: Paths
) -> None:
    other = sqlite3.connect(paths.database, isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM messages").fetchone() == (0,)
    conversation = Conversation()
    store.save_conversation(conversation)
    other.close()
    assert store.latest() == conversation


def _full(store: ConversationStore, conversation: Conversation) -> Problem:
    """Save ever more until the disk is full."""
    for _ in range(1000):
        message = Message(Role.USER, "x" * 20_000)
        try:
            store.save_messages(conversation.id, [message], message.id)
        except Problem as problem:
            return problem
    pytest.fail("the disk was never full")


def test_a_full_disk_is_told_and_costs_nothing_that_was_saved(
    store: ConversationStore, open_again: Open
) -> None:
    """SQLite's own limit on the size of a file stands for the disk."""
    _works(store)
    conversation = Conversation(messages=(Message(Role.USER, "before"),))
    store.save_conversation(conversation)
    store.save_messages(conversation.id, conversation.messages, conversation.messages[0].id)
    with store._database.reading("limit") as connection:
        connection.execute("PRAGMA max_page_count = 20").fetchone()
    problem = _full(store, conversation)
    assert problem.what == "The disk is full, so Cellar could not save your message."
    assert problem.remedy == "Free some space and try again."
    assert store.latest() is not None
    again, problems = open_again()
    assert problems == []
    kept = again.get(conversation.id)
    assert kept is not None
    _works(again)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 320 KiB, for a root that may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or _mount("-t", "tmpfs", "-o", "size=320k", "none", place)
    ):
        pytest.skip("only root on Linux can mount a disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def test_a_real_disk_that_fills_up(small_disk: Path) -> None:
    paths = Paths.of(small_disk / "data")
    store, problems = open_store(paths)
    assert problems == []
    conversation = Conversation()
    store.save_conversation(conversation)
    message = Message(Role.USER, "before")
    store.save_messages(conversation.id, [message], message.id)
    assert "The disk is full" in _full(store, conversation).what
    assert store.get(conversation.id) is not None
    store.close()
    assert "The disk is full" in _is_temporary(*open_store(paths))
    assert _mount("-o", "remount,size=2m", small_disk) == 0
    store, problems = open_store(paths)
    kept = store.get(conversation.id)
    assert problems == []
    assert kept is not None
    assert kept.messages[0].text == "x" * 20_000
    _works(store)
    store.close()


def test_a_real_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        assert filler.write(bytes(1_000_000)) < 1_000_000
    assert "The disk is full" in _is_temporary(*open_store(Paths.of(small_disk)))


def test_a_real_disk_that_is_read_only(small_disk: Path) -> None:
    paths = Paths.of(small_disk)
    store, _ = open_store(paths)
    store.close()
    assert _mount("-o", "remount,ro", small_disk) == 0
    assert "is read-only" in _is_temporary(*open_store(paths))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_READONLY_DIRECTORY", "is read-only"),
        ("SQLITE_IOERR_FSYNC", "The disk reports an error"),
        ("SQLITE_BUSY_SNAPSHOT", "Another program is using"),
        ("SQLITE_NOMEM", "The memory is full"),
        ("SQLITE_MISUSE", "gives the error “SQLITE_MISUSE”"),
    ],
)
def test_errors_that_cannot_be_made_are_worded_as_well(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    def fail(*arguments: object) -> None:
        error = sqlite3.OperationalError("something")
        error.sqlite_errorcode = getattr(sqlite3, name)
        error.sqlite_errorname = name
        raise error

    monkeypatch.setattr(database_module, "connect", fail)
    assert words in _is_temporary(*open_store(paths))


@pytest.mark.parametrize(("free", "words"), [(0, "The disk is full"), (2**30, "reports an error")])
def test_a_disk_error_on_a_full_disk_is_told_as_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, words: str
) -> None:
    """SQLite has such an error when there is no room for the index of its log."""
    monkeypatch.setattr(words_module, "free_space", lambda path: free)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert words in words_module.storage_problem(error, "save", tmp_path / "chats.db").what


def test_a_temporary_store_forgets(paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store, _ = open_store(Paths.of(tmp_path / "file"))
    store.save_conversation(Conversation())
    store.close()
    store, _ = open_store(Paths.of(tmp_path / "file"))
    assert store.latest() is None
    store.close()


def test_answers_to_the_disk_are_waited_for(store: ConversationStore) -> None:
    """What was said to be saved must outlive a power cut."""
    with store._database.reading("ask") as connection:
        for pragma, value in [
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
        ]:
            assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
