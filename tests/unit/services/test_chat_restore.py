"""Going back to a backup while the window is open."""

from collections.abc import Callable

import pytest

from desktop.domain import events
from desktop.domain.hardware import Device
from desktop.engine.protocol import Generate, Turn
from desktop.paths import Paths
from desktop.services.chat import commands, notices
from desktop.services.chat.chat_list import ListStore
from desktop.storage.restoring import back_up
from tests.unit.services.harness import (
    FULL,
    Chat,
    Engines,
    MakeChat,
    ManualEngine,
    RefusingStore,
    done,
    exchange,
    ready_chat,
    user_texts,
)

TEMPORARY = commands.NewChat(temporary=True)


def backed_up(
    make_chat: MakeChat,
    engines: Engines,
    wrap: Callable[[ListStore], ListStore] = lambda store: store,
) -> tuple[Chat, ManualEngine, str]:
    """A chat that was backed up after its first exchange and had another one since."""
    chat, engine = ready_chat(make_chat, engines, wrap=wrap)
    exchange(chat, engine, "One", "Eins")
    backup = back_up(chat.paths)
    exchange(chat, engine, "Two", "Zwei")
    return chat, engine, backup.name


def titles(chat: Chat) -> list[str]:
    return [row.title for row in chat.settled()]


def test_a_backup_takes_the_place_of_the_chats_and_the_engine_goes_on(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, name = backed_up(make_chat, engines)
    engine.say(events.Devices((Device("CPU", "A processor"), Device("GPU", "A card"))))
    first = chat.in_view
    chat.post(commands.NewChat(), commands.ChooseDevice("CPU"))
    exchange(chat, engine, "Later", "Später")
    chat.post(commands.RestoreBackup(name))
    shown = chat.until(notices.Opened, lambda n: n.conversation.id == first)
    assert user_texts(shown.conversation) == ["One", "Eins"]
    assert [row.title for row in chat.until(notices.ChatsListed).chats] == ["One"]
    assert chat.until(notices.DevicesListed).devices  # the pickers are told anew
    kept = chat.until(notices.BackupRestored).kept
    assert kept
    chat.post(commands.Send("Three"))
    request = engine.got(Generate)
    assert request.turns == (Turn("user", "One"), Turn("assistant", "Eins"), Turn("user", "Three"))
    engine.say(done(request, "Drei"))
    assert chat.ended().text == "Drei"
    assert engines.count == 1
    assert user_texts(chat.quit()) == ["One", "Eins", "Three", "Drei"]
    assert any(kept in str(file) for file in chat.paths.data_dir.rglob("*"))


def test_the_chat_in_view_stays_there_when_the_backup_has_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, _ = backed_up(make_chat, engines)
    first = chat.in_view
    chat.post(commands.NewChat())
    exchange(chat, engine, "Later", "Später")
    backup = back_up(chat.paths)
    chat.post(commands.OpenChat(first), commands.RestoreBackup(backup.name))
    chat.until(notices.BackupRestored)
    assert chat.in_view == first
    assert titles(chat) == ["Later", "One"]


def damage(paths: Paths, name: str) -> None:
    (paths.backups / name).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def truncate(paths: Paths, name: str) -> None:
    whole = (paths.backups / name).read_bytes()
    (paths.backups / name).write_bytes(whole[: len(whole) // 2])


def remove(paths: Paths, name: str) -> None:
    (paths.backups / name).unlink()


@pytest.mark.parametrize("harm", [damage, truncate, remove])
def test_a_damaged_backup_leaves_everything_as_it_was(
    make_chat: MakeChat, engines: Engines, harm: Callable[[Paths, str], None]
) -> None:
    chat, engine, name = backed_up(make_chat, engines)
    first = chat.in_view
    chat.post(commands.NewChat())
    exchange(chat, engine, "Later", "Später")
    chat.post(commands.OpenChat(first), commands.SaveDraft("Half a thou"))
    chat.settled()
    harm(chat.paths, name)
    chat.post(commands.RestoreBackup(name))
    shown = chat.until(notices.Opened, lambda n: not n.same)
    assert (shown.conversation.id, shown.draft) == (first, "Half a thou")
    assert user_texts(shown.conversation) == ["One", "Eins", "Two", "Zwei"]
    told = chat.until(notices.Trouble)
    assert told.what
    assert "Traceback" not in told.what
    assert "unexpected" not in told.what
    exchange(chat, engine, "Three", "Drei")
    assert sorted(titles(chat)) == ["Later", "One"]
    assert chat.all(notices.BackupRestored) == []
    assert engines.count == 1


def test_an_answer_that_is_written_ends_and_is_kept_in_the_file_of_before(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, name = backed_up(make_chat, engines)
    chat.post(commands.Send("Three"))
    request = engine.got(Generate)
    chat.post(commands.RestoreBackup(name))
    chat.until(notices.BackupRestored)
    engine.say(events.Token(request.request_id, "late"), done(request, "late"))
    chat.settled()
    assert user_texts(chat.stored(chat.in_view)) == ["One", "Eins"]
    exchange(chat, engine, "Four", "Vier")
    assert user_texts(chat.quit()) == ["One", "Eins", "Four", "Vier"]


def test_an_engine_that_is_to_end_for_a_temporary_chat_ends_after_a_backup_too(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, name = backed_up(make_chat, engines)
    chat.post(commands.Send("Three"))
    engine.got(Generate)  # which keeps the engine
    chat.post(TEMPORARY, commands.Send("Secret"), commands.NewChat())
    chat.settled()
    assert engine.alive
    chat.post(commands.RestoreBackup(name))
    engines.next().load()
    assert not engine.alive


def test_chats_that_are_not_saved_are_not_replaced(make_chat: MakeChat, engines: Engines) -> None:
    stores: list[RefusingStore] = []

    def wrap(store: ListStore) -> RefusingStore:
        stores.append(RefusingStore(store))
        return stores[-1]

    chat, engine, name = backed_up(make_chat, engines, wrap)
    stores[0].problem = FULL
    exchange(chat, engine, "Three", "Drei")
    chat.post(commands.RestoreBackup(name))
    assert "could not be saved" in chat.until(notices.Trouble).what
    stores[0].problem = None
    assert user_texts(chat.quit()) == ["One", "Eins", "Two", "Zwei", "Three", "Drei"]
    assert chat.all(notices.BackupRestored) == []


def test_a_temporary_chat_is_not_lost_to_a_backup(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, name = backed_up(make_chat, engines)
    chat.post(TEMPORARY)
    exchange(chat, engine, "Secret", "Yes.")
    chat.post(commands.RestoreBackup(name))
    assert "temporary" in chat.until(notices.Trouble).what
    chat.post(commands.Send("More"))
    assert [turn.content for turn in engine.got(Generate).turns] == ["Secret", "Yes.", "More"]


def test_a_blank_temporary_chat_does_not_stand_in_the_way(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, _, name = backed_up(make_chat, engines)
    first = chat.in_view
    chat.post(TEMPORARY, commands.RestoreBackup(name))
    chat.until(notices.BackupRestored)
    assert chat.in_view == first
