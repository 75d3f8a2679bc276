"""A damaged file is kept, what can be read from it is read, and the window has a store."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage import connection as connection_module
from desktop.storage.conversations import ConversationStore
from desktop.storage.recovery import set_aside

Open = Callable[[], tuple[ConversationStore, list[Problem]]]
Texts = dict[str, str]

PAGE = 4096
CHATS, TURNS = 20, 20


@pytest.fixture
def texts(store: ConversationStore) -> Texts:
    """A file of some hundred pages; the text of each message by its id."""
    texts: Texts = {}
    for chat in range(CHATS):
        conversation = Conversation(title=f"Chat {chat}")
        store.save_conversation(conversation)
        messages: list[Message] = []
        for turn in range(TURNS):
            text = f"{chat}/{turn} " * (1000 if turn == 7 else 40)
            parent = messages[-1].id if messages else ""
            messages.append(Message(Role.USER, text, parent_id=parent))
            texts[messages[-1].id] = text
        store.save_messages(conversation.id, messages, messages[-1].id)
    store.close()
    return texts


def _noise(seed: int, size: int) -> bytes:
    """Bytes without any order, but the same in each run."""
    return hashlib.shake_256(str(seed).encode()).digest(size)


def _kept(paths: Paths) -> list[Path]:
    return sorted(paths.data_dir.glob("chats.damaged-*.db"))


def _texts_in(path: Path) -> Texts:
    connection = sqlite3.connect(path)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    rows = dict(connection.execute("SELECT id, text FROM messages").fetchall())
    connection.close()
    return rows


def _recovered(paths: Paths, open_again: Open, damaged: bytes) -> tuple[Texts, str]:
    """Open the damaged file as at a start; what it holds then, and what the user is told."""
    paths.database.write_bytes(damaged)
    store, problems = open_again()
    assert not store.is_temporary
    assert len(problems) == 1
    [kept] = _kept(paths)
    assert kept.read_bytes() == damaged
    assert kept.name in problems[0].remedy
    assert not list(paths.data_dir.glob(".repair-*"))
    conversation = Conversation(title="after the damage")
    store.save_conversation(conversation)
    store, later = open_again()
    assert later == []
    assert store.get(conversation.id) == conversation
    return _texts_in(paths.database), problems[0].what


@pytest.mark.parametrize("size", [16, 100, PAGE])
def test_with_a_damaged_header_every_message_is_read(
    texts: Texts, paths: Paths, open_again: Open, size: int
) -> None:
    data = bytearray(paths.database.read_bytes())
    data[:size] = _noise(size, size)
    found, told = _recovered(paths, open_again, bytes(data))
    assert found == texts
    assert f"{CHATS * TURNS} messages in {CHATS} chats could be read again" in told


def test_with_damaged_names_of_tables_every_message_is_read(
    texts: Texts, paths: Paths, open_again: Open
) -> None:
    """SQLite then quotes bytes that are no text."""
    data = paths.database.read_bytes()
    found, _ = _recovered(paths, open_again, data.replace(b"CREATE INDEX", b"CREATE \x9e\xffDEX"))
    assert found == texts


@pytest.mark.parametrize("page", [0, 20])
def test_what_is_only_in_the_log_is_read_too(
    texts: Texts, paths: Paths, open_again: Open, page: int
) -> None:
    """As after a kill and damage in one."""
    store, _ = open_again()
    latest = store.latest()
    assert latest is not None
    message = latest.messages[0].with_text(latest.messages[0].text[::-1])
    store.save_messages(latest.id, [message], latest.messages[-1].id)
    log = Path(f"{paths.database}-wal")
    written = log.read_bytes()
    data = bytearray(paths.database.read_bytes())
    store.close()
    data[page * PAGE : (page + 1) * PAGE] = _noise(page, PAGE)
    paths.database.write_bytes(data)
    log.write_bytes(written)
    store, problems = open_again()
    assert "was damaged" in problems[0].what
    kept = store.get(latest.id)
    assert kept is not None
    assert kept.messages[0] == message


def test_the_log_goes_where_the_file_goes(tmp_path: Path) -> None:
    """SQLite would write a log that stayed over the next file of that name."""
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"chats.db{ending}").write_text(f"file{ending}")
    kept = set_aside(tmp_path / "chats.db")
    assert kept.suffix == ".db"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        kept.name: "file",
        f"{kept.name}-wal": "file-wal",
    }


@pytest.mark.parametrize("share", [0.9, 0.5, 0.2])
def test_of_a_truncated_file_the_rest_is_read(
    texts: Texts, paths: Paths, open_again: Open, share: float
) -> None:
    data = paths.database.read_bytes()
    found, _ = _recovered(paths, open_again, data[: int(len(data) * share)])
    assert found.items() <= texts.items()
    if share == 0.9:
        assert len(found) > len(texts) / 2


@pytest.mark.parametrize("data", [b"x", b"no database at all" * 1000, bytes(20_000)])
def test_a_file_with_nothing_of_ours_is_replaced(
    paths: Paths, open_again: Open, data: bytes
) -> None:
    open_again()[0].close()
    found, told = _recovered(paths, open_again, data)
    assert found == {}
    assert "Nothing of it could be read again" in told


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_in_the_middle_cost_only_what_they_hit(
    texts: Texts, paths: Paths, open_again: Open, seed: int
) -> None:
    data = bytearray(paths.database.read_bytes())
    for number in range(4):
        noise = _noise(4 * seed + number, PAGE)
        page = 10 + int.from_bytes(noise[:4], "big") % (len(data) // PAGE - 10)
        data[page * PAGE : (page + 1) * PAGE] = noise
    found, _ = _recovered(paths, open_again, bytes(data))
    assert found.keys() <= texts.keys()
    whole = [id_ for id_, text in found.items() if text == texts[id_]]
    assert len(whole) > len(texts) / 2


def test_recovered_chats_can_be_read_from_their_first_message_on(
    texts: Texts, paths: Paths, open_again: Open
) -> None:
    """A lost message in the middle must not hide those before it."""
    connection = sqlite3.connect(paths.database)
    connection.execute("DELETE FROM messages WHERE position IN (5, 6)")
    connection.execute("DELETE FROM conversations WHERE rowid % 2 = 0")
    connection.commit()
    ids = [row[0] for row in connection.execute("SELECT id FROM conversations")]
    lost = connection.execute("SELECT DISTINCT conversation_id FROM messages").fetchall()
    connection.close()
    data = bytearray(paths.database.read_bytes())
    data[:16] = bytes(16)
    paths.database.write_bytes(data)
    store, _ = open_again()
    assert len(lost) == CHATS
    assert len(ids) == CHATS / 2
    for (id_,) in lost:
        conversation = store.get(id_)
        assert conversation is not None
        turns = [message.text.split()[0].partition("/")[2] for message in conversation.messages]
        assert turns == [str(turn) for turn in range(TURNS) if turn not in (5, 6)]


def test_an_end_between_the_two_renames_of_a_repair_costs_nothing(
    texts: Texts, paths: Paths, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    repairs = paths.data_dir / ".repair-1"
    repairs.mkdir()
    paths.database.rename(repairs / "new.db")
    _, problems = open_again()
    assert problems == []
    assert _texts_in(paths.database) == texts
    assert not repairs.exists()


def test_what_an_unfinished_repair_left_is_cleared_away(
    texts: Texts, paths: Paths, open_again: Open
) -> None:
    repairs = paths.data_dir / ".repair-1"
    repairs.mkdir()
    (repairs / "new.db").write_bytes(b"half")
    open_again()
    assert _texts_in(paths.database) == texts
    assert not repairs.exists()


def test_an_emptied_file_is_not_passed_over(paths: Paths, open_again: Open) -> None:
    paths.prepare()
    paths.database.touch()
    store, problems = open_again()
    assert not store.is_temporary
    assert "was empty" in problems[0].what
    _, problems = open_again()
    assert problems == []


@pytest.mark.parametrize("version", [0, 1, -5, 2_000_000_000])
def test_the_database_of_another_program_is_set_aside(
    paths: Paths, open_again: Open, version: int
) -> None:
    paths.prepare()
    connection = sqlite3.connect(paths.database)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
    before = paths.database.read_bytes()
    store, problems = open_again()
    assert not store.is_temporary
    assert len(problems) == 1
    assert [kept.read_bytes() for kept in _kept(paths)] == [before]


def test_damage_met_at_work_is_looked_into_at_the_next_start(
    texts: Texts, paths: Paths, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file that was closed well is not read through at start."""
    monkeypatch.setattr(connection_module, "_ALWAYS_CHECKED", 0)
    data = bytearray(paths.database.read_bytes())
    for page in range(10, len(data) // PAGE, 3):
        data[page * PAGE : (page + 1) * PAGE] = b"\xff" * PAGE
    paths.database.write_bytes(data)
    store, problems = open_again()
    assert problems == []
    with pytest.raises(Problem, match="damaged") as caught:
        _delete_everything(store)
    assert "start it again" in caught.value.remedy
    store, problems = open_again()
    assert len(_kept(paths)) == 1
    assert "was damaged" in problems[0].what
    _, problems = open_again()
    assert problems == []


def _delete_everything(store: ConversationStore) -> None:
    for _ in range(CHATS):
        latest = store.latest()
        assert latest is not None
        store.delete_messages(latest.id, [message.id for message in latest.messages])


def test_when_there_is_no_room_to_rebuild_the_damaged_file_stays_where_it_is(
    texts: Texts, paths: Paths, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device", target)

    data = b"damaged" + paths.database.read_bytes()[7:]
    paths.database.write_bytes(data)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", full)
        store, problems = open_again()
        assert store.is_temporary
        assert "The disk is full" in problems[0].what
    assert paths.database.read_bytes() == data
    assert _kept(paths) == []
    store, _ = open_again()
    assert not store.is_temporary
    assert _texts_in(paths.database) == texts
