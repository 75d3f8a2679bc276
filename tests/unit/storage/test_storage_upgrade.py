"""Databases of older and newer programs."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.conversation import Message, Role, State
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore
from desktop.storage.database import Database, open_database
from desktop.storage.migrations import STEPS

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

SAMPLES = Path(__file__).parents[2] / "data" / "databases"
ONE_MORE = (*STEPS, "ALTER TABLE conversations ADD COLUMN more INTEGER NOT NULL DEFAULT 0")
CANARY = b"purple walrus"


@pytest.fixture
def sample(paths: Paths) -> Path:
    """A data folder with the database that a program of schema 1 left."""
    paths.prepare()
    shutil.copyfile(SAMPLES / "schema-1.db", paths.database)
    return paths.database


def _opened(paths: Paths, steps: tuple[str, ...]) -> Database:
    database, problems = open_database(paths.database, paths.backups, steps=steps)
    assert problems == []
    return database


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return version


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.db")), ids=lambda path: path.stem)
def test_the_database_of_every_older_program_is_read(
    paths: Paths, open_again: Open, path: Path
) -> None:
    paths.prepare()
    shutil.copyfile(path, paths.database)
    store, problems = open_again()
    assert problems == []
    conversation = store.latest()
    assert conversation is not None
    assert conversation.title == "Füchse 🦊"
    assert conversation.settings.system_prompt == "Be brief."
    assert conversation.settings.sampling == {"temperature": 0.5, "stop": ("END",)}
    assert [(message.role, message.text, message.state) for message in conversation.messages] == [
        (Role.USER, "Tell me a story about a fox.", State.STOP),
        (Role.ASSISTANT, "Once upon a time …", State.LENGTH),
    ]
    statistics = conversation.messages[1].statistics
    assert statistics is not None
    assert (statistics.generated_tokens, statistics.sampling["seed"]) == (4, 7)
    assert _version(paths.database) == len(STEPS)


def test_there_is_a_sample_of_every_schema() -> None:
    assert [path.stem for path in sorted(SAMPLES.glob("*.db"))] == [
        f"schema-{number}" for number in range(1, len(STEPS) + 1)
    ]


def test_a_copy_is_made_before_the_format_changes(sample: Path, paths: Paths) -> None:
    _opened(paths, ONE_MORE).close()
    assert _version(sample) == len(ONE_MORE)
    [copy] = paths.backups.iterdir()
    assert copy.name.startswith("chats-schema-1-")
    assert _version(copy) == 1
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (3,)
    connection.close()


def test_a_new_file_needs_no_copy(paths: Paths) -> None:
    paths.prepare()
    _opened(paths, ONE_MORE).close()
    assert not paths.backups.exists()


def test_a_step_that_fails_leaves_the_file_as_it_was(sample: Path, paths: Paths) -> None:
    broken = (*ONE_MORE, "DELETE FROM messages; INSERT INTO nowhere VALUES (1)")
    with pytest.raises(Problem, match="could not open your chats"):
        _opened(paths, broken)
    assert _version(sample) == len(ONE_MORE)
    database = _opened(paths, ONE_MORE)
    with database.reading("count") as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (3,)
    database.close()


def test_when_no_copy_can_be_made_nothing_is_changed(sample: Path, paths: Paths) -> None:
    paths.backups.write_text("a file in the place of the folder")
    with pytest.raises(Problem, match="in the place of the folder"):
        _opened(paths, ONE_MORE)
    assert _version(sample) == 1


def test_a_step_can_rebuild_a_table_that_others_refer_to(sample: Path, paths: Paths) -> None:
    rebuild = """
    CREATE TABLE renewed (id TEXT PRIMARY KEY NOT NULL, title TEXT, created_at TEXT,
        updated_at TEXT, settings TEXT, head_id TEXT, pinned INTEGER, archived INTEGER,
        deleted_at TEXT, title_origin TEXT, draft TEXT, choices TEXT, draft_attachments TEXT);
    INSERT INTO renewed SELECT * FROM conversations;
    DROP TABLE conversations;
    ALTER TABLE renewed RENAME TO conversations;
    """
    database = _opened(paths, (*STEPS, rebuild))
    with database.reading("count") as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (3,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_only_the_newest_copies_are_kept(sample: Path, paths: Paths) -> None:
    steps = ONE_MORE
    for number in range(5):
        steps = (*steps, f"CREATE TABLE extra_{number} (a)")
        _opened(paths, steps).close()
    assert len(list(paths.backups.iterdir())) == 3


def test_what_is_deleted_is_deleted_from_the_copies_too(sample: Path, paths: Paths) -> None:
    store = ConversationStore(_opened(paths, STEPS))
    conversation = store.latest()
    assert conversation is not None
    secret = Message(Role.USER, CANARY.decode() * 2000, parent_id=conversation.messages[-1].id)
    store.save_messages(conversation.id, [secret], secret.id)
    store.close()
    store = ConversationStore(_opened(paths, ONE_MORE))
    [copy] = paths.backups.glob(f"chats-schema-{len(STEPS)}-*")
    assert CANARY in copy.read_bytes()
    store.delete_messages(conversation.id, [secret.id])
    store.close()
    for path in paths.data_dir.rglob("*"):
        assert path.is_dir() or CANARY not in path.read_bytes()


def test_the_database_of_a_newer_program_is_left_untouched(
    sample: Path, paths: Paths, open_again: Open
) -> None:
    connection = sqlite3.connect(sample)
    connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    before = sample.read_bytes()
    store, problems = open_again()
    assert store.is_temporary
    assert "newer version of Cellar" in problems[0].what
    assert "not kept" in problems[0].remedy
    store.close()
    assert sample.read_bytes() == before
    assert sorted(path.name for path in paths.data_dir.iterdir()) == ["cellar.lock", "chats.db"]
