"""What the window is told of the context, and what the user decides about it."""

import pytest

from desktop.domain import events
from desktop.domain.conversation import ContextPolicy, State
from desktop.engine.fake import FakeEngine, Script
from desktop.engine.protocol import Fit, Generate, Load, Turn
from desktop.services.chat import commands, notices
from desktop.services.chat.preferences import Preferences
from tests.unit.services.harness import FAKE_MODEL as MODEL
from tests.unit.services.harness import (
    OTHER_MODEL,
    Chat,
    Engines,
    FakeModelService,
    MakeChat,
    ManualEngine,
    Models,
    done,
    ready_chat,
)

DROP, LAST, ASK = ContextPolicy


def answered(chat: Chat, engine: ManualEngine, question: str, answer: str) -> Fit:
    """An exchange; returns the question for what is seen, that follows it."""
    chat.post(commands.Send(question))
    engine.say(done(engine.got(Generate), answer))
    chat.ended(State.STOP)
    return engine.got(Fit)


def test_the_engine_is_asked_once_the_model_is_loaded(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    assert engine.all(Fit) == []
    engine.say(events.Loaded("CPU", 4096, 0.1))
    asked = engine.got(Fit)
    assert (asked.turns, asked.context_policy, asked.pin_first) == ((), DROP, False)
    engine.say(events.Fitted(asked.request_id, 31, 4096))
    assert chat.until(notices.ContextUsed) == notices.ContextUsed(31, 4096)


def test_what_an_answer_is_given_is_told_before_it_comes(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    answered(chat, engine, "One", "Eins")
    chat.post(commands.Send("Two"))
    request = engine.got(Generate)
    engine.say(events.Fitted(request.request_id, 400, 512, unseen=(0, 1)))
    engine.say(events.Token(request.request_id, "Zwei"))
    told = chat.until(notices.ContextUsed)
    ids = [notice.message.id for notice in chat.all(notices.MessageAdded)]
    assert told == notices.ContextUsed(400, 512, tuple(ids[:2]))
    assert chat.until(notices.AnswerGrew).text == "Zwei"


def test_after_an_answer_the_engine_is_asked_with_it(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    asked = answered(chat, engine, "One", "Eins")
    assert asked.turns == (Turn("user", "One"), Turn("assistant", "Eins"))
    engine.say(events.Fitted(asked.request_id, 77, 512))
    assert chat.until(notices.ContextUsed).used == 77


@pytest.mark.parametrize(
    "change",
    [
        commands.ChangeSystemPrompt("Be brief."),
        commands.ChangeContext(LAST, pin_first=True),
        commands.ChangeSampling({"max_new_tokens": 7}),
        commands.Clear(),
    ],
)
def test_a_change_has_the_engine_asked_again_and_a_repetition_does_not(
    make_chat: MakeChat, engines: Engines, change: commands.ChatCommand
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    before = answered(chat, engine, "One", "Eins")
    chat.post(change)
    after = engine.got(Fit)
    assert after.request_id != before.request_id
    assert after != Fit(after.request_id, *_content(before))
    chat.post(change, commands.RefreshModels())
    chat.quit()
    assert engine.all(Fit)[-1] == after


def _content(fit: Fit) -> tuple[object, ...]:
    return (fit.turns, fit.sampling, fit.context_policy, fit.pin_first)


def test_another_model_is_asked_anew(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines, FakeModelService(Models([MODEL, OTHER_MODEL])))
    first = engines.next()
    first.load()
    first.got(Fit)
    chat.post(commands.ChooseModel(OTHER_MODEL.id))
    second = engines.next()
    second.load()
    asked = second.got(Fit)
    first.say(events.Fitted(asked.request_id, 1, 4096))
    second.say(events.Fitted(asked.request_id, 2, 100))
    assert chat.until(notices.ContextUsed) == notices.ContextUsed(2, 100)


def test_late_words_about_an_older_question_are_dropped(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    old = engine.got(Fit)
    chat.post(commands.ChangeSystemPrompt("Be brief."))
    new = engine.got(Fit)
    engine.say(events.Fitted(old.request_id, 1, 4096))
    engine.say(events.Failed(old.request_id, "No.", "Never."))
    engine.say(events.Fitted(new.request_id, 2, 4096))
    assert chat.until(notices.ContextUsed).used == 2
    assert chat.all(notices.Trouble) == []


def test_the_engine_is_not_asked_while_an_answer_is_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.got(Fit)
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    chat.post(commands.ChangeSystemPrompt("Be brief."), commands.Stop())
    chat.ended(State.STOPPED)
    chat.post(commands.ChangeContext(LAST, pin_first=False))
    engine.say(done(request, "", State.STOPPED))
    asked = engine.got(Fit)
    assert engine.all(Fit) == [engine.all(Fit)[0], asked]
    assert (asked.turns[0].content, asked.context_policy) == ("Be brief.", LAST)


def test_the_choice_is_kept_with_the_conversation_and_goes_with_each_request(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeContext(LAST, pin_first=True), commands.Send("One"))
    request = engine.got(Generate)
    assert (request.context_policy, request.pin_first) == (LAST, True)
    kept = chat.quit().settings
    assert (kept.context_policy, kept.pin_first) == (LAST, True)


def test_a_new_conversation_does_what_the_settings_say(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines, preferences=Preferences(context_policy=ASK))
    assert chat.until(notices.Opened).conversation.settings.context_policy is ASK
    engine = engines.next()
    engine.load()
    chat.post(commands.Send("One"))
    assert engine.got(Generate).context_policy is ASK


def test_a_conversation_that_is_full_asks_and_goes_on_as_the_user_says(
    make_chat: MakeChat,
) -> None:
    engine = FakeEngine(Script(overfull=True, used=9300, available=7935, unseen=(0, 1), pause=0))
    chat = make_chat(lambda: engine)
    chat.post(commands.Send("One"))
    chat.ended(State.STOP)
    chat.post(commands.ChangeContext(ASK, pin_first=False), commands.Send("Two"))
    failed = chat.ended(State.FAILED)
    assert failed.text == ""
    assert "9,300" in failed.problem
    assert "7,935" in failed.problem
    assert chat.until(notices.ContextFull) == notices.ContextFull(failed.id, 9300, 7935)
    chat.post(commands.ChangeContext(DROP, pin_first=False), commands.Retry())
    assert chat.ended(State.STOP).text
    told = [notice for notice in chat.all(notices.ContextUsed) if notice.unseen]
    ids = [notice.message.id for notice in chat.all(notices.MessageAdded)]
    assert told[-1].unseen == tuple(ids[:2])


def test_a_meter_may_be_over_full(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Overfull(engine.got(Fit).request_id, 9300, 7935))
    assert chat.until(notices.ContextUsed) == notices.ContextUsed(9300, 7935)
    assert chat.all(notices.ContextFull) == []


def test_an_answer_that_was_stopped_before_the_engine_could_ask_is_let_go(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.got(Fit)
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    chat.post(commands.Stop())
    chat.ended(State.STOPPED)
    engine.say(events.Overfull(request.request_id, 9300, 7935))
    engine.got(Fit)  # which waits for the engine to have let go
    chat.quit()
    assert chat.all(notices.ContextFull) == []
