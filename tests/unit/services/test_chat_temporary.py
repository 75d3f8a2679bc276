"""Temporary chats: nothing of them on disk, and the engine that knew them ends with them."""

from pathlib import Path

import pytest

from desktop.domain import events
from desktop.domain.conversation import State
from desktop.engine.protocol import Generate, Turn
from desktop.services.chat import commands, notices
from desktop.services.chat.preferences import Preferences
from tests.unit.services.harness import (
    Engines,
    MakeChat,
    ManualEngine,
    done,
    exchange,
    half_an_answer,
    opened,
    ready_chat,
    user_texts,
)

TEMPORARY = commands.NewChat(temporary=True)
CANARY = "canary-7f3a"


def on_disk(folder: Path, text: str = CANARY) -> list[str]:
    """The files in which a text is found, the database's log among them."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any(file.suffix == ".db" for file in files)
    return [file.name for file in files if text.encode() in file.read_bytes()]


def test_nothing_of_a_temporary_chat_is_on_disk(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    kept = chat.in_view
    exchange(chat, engine, "kept-canary", "Yes.")
    told = opened(chat, TEMPORARY)
    assert told.temporary
    chat.post(commands.ChangeSystemPrompt(f"{CANARY} prompt"), commands.SaveDraft(f"{CANARY} dra"))
    first = exchange(chat, engine, f"{CANARY} one", f"{CANARY} answer")
    chat.post(commands.RenameChat(chat.in_view, f"{CANARY} title"))
    chat.post(commands.Regenerate(first.id))
    engine.say(done(engine.got(Generate), f"{CANARY} again"))
    second = chat.ended()
    chat.post(commands.EditMessage(first.parent_id, f"{CANARY} two"))
    engine.say(done(engine.got(Generate), f"{CANARY} cut", State.LENGTH))
    cut = chat.ended()
    chat.post(commands.ContinueAnswer(cut.id))
    engine.say(done(engine.got(Generate), " end"))
    chat.ended()
    back = opened(chat, commands.ChooseBranch(second.id))
    assert user_texts(back.conversation) == [f"{CANARY} one", f"{CANARY} again"]
    assert back.temporary
    opened(chat, commands.DeleteBranch(second.id))
    opened(chat, commands.UndoDeleteBranch())
    chat.post(commands.Clear(), commands.UndoClear(), commands.DuplicateChat(chat.in_view))
    chat.post(commands.SaveDraft(f"{CANARY} last"))
    assert [row.title for row in chat.settled()] == ["kept-canary"]
    assert on_disk(chat.paths.data_dir) == []
    assert on_disk(chat.paths.data_dir, "kept-canary") != []  # the search finds what is there
    opened(chat, commands.OpenChat(kept))
    assert on_disk(chat.paths.data_dir) == []
    chat.quit()
    assert on_disk(chat.paths.data_dir) == []
    assert {n.chat.id for n in chat.all(notices.ChatChanged)} == {kept}


@pytest.mark.parametrize("how", ["open", "new", "temporary", "delete"])
def test_the_engine_ends_with_the_chat(make_chat: MakeChat, engines: Engines, how: str) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "One", "Eins")
    kept = chat.in_view
    secret = opened(chat, TEMPORARY).conversation.id
    exchange(chat, engine, CANARY, "Yes.")
    ways = {
        "open": commands.OpenChat(kept),
        "new": commands.NewChat(),
        "temporary": TEMPORARY,
        "delete": commands.DeleteChat(secret),
    }
    assert opened(chat, ways[how]).temporary is (how == "temporary")
    new: ManualEngine = engines.next()
    assert not engine.alive
    new.load()
    chat.post(commands.OpenChat(secret))
    assert chat.until(notices.Trouble).what == "This chat is no longer there."
    chat.post(commands.Send("Two"))
    assert CANARY not in str(new.got(Generate).turns)
    assert chat.all(notices.ChatDeleted) == []


def test_an_engine_that_never_heard_of_it_stays(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    opened(chat, TEMPORARY)
    chat.post(commands.SaveDraft(CANARY))
    opened(chat, commands.NewChat())
    exchange(chat, engine, "One", "Eins")
    assert engines.count == 1


def test_an_answer_in_a_temporary_chat_ends_with_it(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    opened(chat, TEMPORARY)
    request = half_an_answer(chat, engine, CANARY, "Yes")
    opened(chat, commands.NewChat())
    new: ManualEngine = engines.next()
    assert not engine.alive
    new.load()
    engine.say(done(request, "Yes."))
    exchange(chat, new, "One", "Eins")
    assert chat.all(notices.AnswerElsewhere) == []
    assert user_texts(chat.quit()) == ["One", "Eins"]


def test_an_answer_behind_is_written_to_its_end_before_the_engine_ends(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    opened(chat, TEMPORARY)
    chat.post(commands.Send(CANARY))
    chat.until(notices.MessageAdded)
    opened(chat, commands.NewChat())
    chat.post(commands.Send("Two"))
    chat.settled()
    assert engine.alive
    engine.say(events.Token(request.request_id, "Ei"), done(request, "Eins"))
    new: ManualEngine = engines.next()
    assert not engine.alive
    new.load()
    answer = new.got(Generate)
    assert answer.turns == (Turn("user", "Two"),)
    assert user_texts(chat.stored(first)) == ["One", "Eins"]
    assert [request.turns for request in engine.all(Generate)] == [(Turn("user", "One"),)]


def test_a_temporary_chat_gets_a_title_of_the_users_or_the_rules(
    make_chat: MakeChat, engines: Engines
) -> None:
    writes = Preferences(model_titles=lambda: True)
    chat, engine = ready_chat(make_chat, engines, preferences=writes)
    secret = opened(chat, TEMPORARY).conversation.id
    exchange(chat, engine, "Where is Paris?", "In France.")
    chat.post(commands.RenameChat(secret, "Mine"), commands.Clear(), commands.UndoClear())
    assert opened(chat, commands.UndoClear()).conversation.title == "Mine"
    chat.post(commands.RenameChat(secret, ""), commands.Clear())
    assert opened(chat, commands.UndoClear()).conversation.title == "Where is Paris?"
    assert len(engine.all(Generate)) == 1  # the model is not asked for a title


def test_a_temporary_chat_is_gone_after_a_start(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "One", "Eins")
    opened(chat, TEMPORARY)
    exchange(chat, engine, CANARY, "Yes.")
    assert user_texts(chat.quit()) == ["One", "Eins"]
    assert on_disk(chat.paths.data_dir) == []
