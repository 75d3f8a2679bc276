"""Titles that the model writes while nobody waits for it."""

import pytest

from desktop.domain import events
from desktop.domain.chats import TitleOrigin
from desktop.domain.conversation import Role, State
from desktop.engine.protocol import Generate, Stop
from desktop.services.chat import commands, notices
from desktop.services.chat.preferences import Preferences
from tests.unit.services.harness import (
    Chat,
    Engines,
    MakeChat,
    ManualEngine,
    done,
    exchange,
    ready_chat,
    user_texts,
)

WRITES = Preferences(model_titles=lambda: True)
QUESTION = "Where is Paris?"


def titling_chat(make_chat: MakeChat, engines: Engines) -> tuple[Chat, ManualEngine, Generate]:
    """A chat with one exchange, whose title the model is about to write."""
    chat, engine = ready_chat(make_chat, engines, preferences=WRITES)
    exchange(chat, engine, QUESTION, "In France.")
    return chat, engine, engine.got(Generate)


def title_in_list(chat: Chat) -> tuple[str, TitleOrigin]:
    (row,) = chat.settled()
    return row.title, row.title_origin


def test_the_model_names_a_chat_after_the_first_exchange(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, request = titling_chat(make_chat, engines)
    assert [turn.content for turn in request.turns[:2]] == [QUESTION, "In France."]
    assert request.turns[-1].role == Role.USER
    assert request.sampling["temperature"] == 0.0
    assert title_in_list(chat) == (QUESTION, TitleOrigin.RULE)
    engine.say(events.Token(request.request_id, '"Paris'))
    engine.say(done(request, 'Title: "Paris on the map."\nMore.'))
    named = chat.until(notices.ChatChanged, lambda n: n.chat.title != QUESTION).chat
    assert (named.title, named.title_origin) == ("Paris on the map", TitleOrigin.MODEL)
    chat.post(commands.Clear())
    chat.settled()
    chat.post(commands.UndoClear())
    assert chat.quit().title == "Paris on the map"
    assert chat.all(notices.AnswerGrew) == []
    assert len(chat.all(notices.AnswerEnded)) == 1


def test_it_does_not_unless_that_is_wanted(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, QUESTION, "In France.")
    assert title_in_list(chat) == (QUESTION, TitleOrigin.RULE)
    chat.quit()
    assert len(engine.all(Generate)) == 1


def test_a_question_of_the_users_goes_first(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    chat.post(commands.Send("And Rome?"))
    assert engine.got(Stop).request_id == title.request_id
    request = engine.received[-1]
    assert isinstance(request, Generate)
    engine.say(done(title, "Paris", State.STOPPED), done(request, "In Italy."))
    assert chat.ended().text == "In Italy."
    chat.quit()
    assert user_texts(chat.saved())[-1] == "In Italy."
    assert chat.saved().title == QUESTION
    assert engine.all(Generate) == [engine.all(Generate)[0], title, request]


def test_a_question_in_another_chat_goes_first_too(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    chat.post(commands.NewChat(), commands.Send("And Rome?"))
    assert engine.got(Stop).request_id == title.request_id
    engine.say(done(title, "Paris"))
    chat.until(notices.MessageAdded, lambda n: n.message.text == "")
    assert [row.title for row in chat.settled()] == ["And Rome?", QUESTION]


def test_a_name_that_the_user_gave_in_the_meantime_stays(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    chat.post(commands.RenameChat(chat.in_view, "Mine"))
    chat.settled()
    engine.say(done(title, "Paris"))
    assert title_in_list(chat) == ("Mine", TitleOrigin.USER)


def test_a_chat_that_the_user_has_named_is_not_named_by_the_model(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines, preferences=WRITES)
    chat.post(commands.RenameChat(chat.in_view, "Mine"))
    exchange(chat, engine, QUESTION, "In France.")
    chat.quit()
    assert len(engine.all(Generate)) == 1


def test_the_list_is_told_of_a_chat_that_was_left(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.NewChat())
    chat.settled()
    engine.say(done(title, "Paris"))
    told = chat.until(notices.ChatChanged).chat
    assert (told.id, told.title) == (first, "Paris")


def test_a_chat_that_was_deleted_gets_no_title(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.DeleteChat(first))
    chat.settled()
    engine.say(done(title, "Paris"))
    chat.post(commands.UndeleteChat(first))
    assert title_in_list(chat) == (QUESTION, TitleOrigin.RULE)


@pytest.mark.parametrize("text", ["", " \n ", '"""', "**"])
def test_an_empty_title_is_none(make_chat: MakeChat, engines: Engines, text: str) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    engine.say(done(title, text))
    assert title_in_list(chat) == (QUESTION, TitleOrigin.RULE)


def test_a_title_that_fails_is_not_asked_for_again(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine, title = titling_chat(make_chat, engines)
    engine.say(events.Failed(title.request_id, "No."))
    assert title_in_list(chat) == (QUESTION, TitleOrigin.RULE)
    chat.quit()
    assert len(engine.all(Generate)) == 2
    assert chat.all(notices.Trouble) == []


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED])
def test_an_answer_that_was_cut_gives_no_title(
    make_chat: MakeChat, engines: Engines, state: State
) -> None:
    chat, engine = ready_chat(make_chat, engines, preferences=WRITES)
    chat.post(commands.Send(QUESTION))
    request = engine.got(Generate)
    if state is State.FAILED:
        engine.say(events.Failed(request.request_id, "No."))
    else:
        engine.say(done(request, "In", State.STOPPED))
    chat.ended(state)
    chat.quit()
    assert len(engine.all(Generate)) == 1


def test_a_crash_in_the_middle_of_a_title_harms_nothing(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine, _ = titling_chat(make_chat, engines)
    engine.die()
    chat.post(commands.Send("And Rome?"))
    new: ManualEngine = engines.next()
    new.load()
    request = new.got(Generate)
    assert request.turns[-1].content == "And Rome?"
    new.say(done(request, "In Italy."))
    assert chat.ended(State.STOP).text == "In Italy."
