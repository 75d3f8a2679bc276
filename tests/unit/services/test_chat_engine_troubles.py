"""What becomes of a conversation when the engine crashes, hangs, or does not load."""

import time
from collections.abc import Callable

import pytest

from desktop.domain import events
from desktop.domain.conversation import State
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.hardware import Device
from desktop.engine.fake import FakeEngine, Script
from desktop.engine.protocol import Command, Generate, Load
from desktop.services.chat import commands, due, engine_use, notices
from desktop.services.chat.notices import EngineState
from tests.unit.services.harness import (
    FAKE_MODEL,
    OTHER_MODEL,
    Engines,
    MakeChat,
    ManualEngine,
    done,
    half_an_answer,
    ready_chat,
    two_models,
    user_texts,
)

SEND = commands.Send("Hello")
LONG_ENOUGH_TO_LOSE_PATIENCE_S = 0.8


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "HANG_S", 0.5)
    monkeypatch.setattr(engine_use, "HANG_CHECK_S", 0.02)


# a crash


def test_a_crash_in_the_middle_of_an_answer_keeps_the_text_and_says_why(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "Once upon"))
    engine.die()
    failed = chat.ended()
    assert (failed.text, failed.state) == ("Once upon", State.FAILED)
    assert failed.problem.startswith("The engine stopped unexpectedly (code -11).")
    saved = chat.quit()
    assert saved.messages[-1] == failed


def test_the_next_message_after_a_crash_starts_the_engine_and_is_answered(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.got(Generate)
    engine.die()
    chat.ended(State.FAILED)
    assert engines.count == 1  # a crash at every start must not become a loop
    chat.post(commands.Send("Once more"))
    new = engines.next()
    new.load()
    new.say(done(new.got(Generate), "Here I am."))
    assert chat.ended(State.STOP).text == "Here I am."


def test_a_crash_between_answers_is_told(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.die(-9)
    told = chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    assert "memory" in told.what
    assert not told.repairable
    chat.post(commands.PrepareModel())
    engines.next().load()
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.READY)


@pytest.mark.usefixtures("impatient")
def test_a_crash_after_stop_leaves_the_next_engine_alone(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.got(Generate)
    chat.post(commands.Stop())
    chat.ended(State.STOPPED)
    engine.die()
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    chat.post(commands.Send("Again"))
    new = engines.next()
    new.load()
    request = new.got(Generate)
    time.sleep(LONG_ENOUGH_TO_LOSE_PATIENCE_S)
    assert new.alive
    new.say(done(request, "Hi."))
    chat.ended(State.STOP)
    assert engines.count == 2


def test_words_of_an_engine_that_is_gone_are_not_heard(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.got(Generate)
    engine.die()
    chat.ended(State.FAILED)
    chat.post(commands.Retry())
    new = engines.next()
    new.load()
    request = new.got(Generate)
    engine.say(done(request, "from the grave"), events.Failed("", "from the grave"))
    new.say(done(request, "Hi."))
    assert chat.ended().text == "Hi."


def test_an_engine_that_crashes_by_itself_in_every_answer(make_chat: MakeChat) -> None:
    chat = make_chat(lambda: FakeEngine(Script(dies_after=1, pause=0)))
    for text in ("one", "two"):
        chat.post(commands.Send(text))
        assert chat.ended().text == "This "
    assert [m.state for m in chat.quit().messages[1::2]] == [State.FAILED, State.FAILED]


def test_an_engine_that_cannot_be_started_is_told_and_the_window_lives(
    make_chat: MakeChat,
) -> None:
    class NoEngine(ManualEngine):
        def start(self, on_event: Callable[[Event], None]) -> None:
            raise Problem("There is too little memory to start it.", "Close other programs.")

    chat = make_chat(NoEngine)
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    chat.post(SEND)
    failed = chat.ended()
    assert failed.state is State.FAILED
    assert failed.problem.startswith("There is too little memory")
    assert user_texts(chat.quit()) == ["Hello", ""]


# loading that fails


def test_a_model_that_does_not_load_fails_the_answer_once(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    chat.post(SEND)
    chat.until(notices.MessageAdded)
    engine.say(events.Failed("", "The model could not be loaded on CPU.", "Choose another."))
    failed = chat.ended()
    assert failed.state is State.FAILED
    assert failed.problem == "The model could not be loaded on CPU. Choose another."
    chat.quit()
    assert len(engine.all(Load)) == 1
    assert engines.count == 1


def test_the_next_message_tries_to_load_again(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    engine.say(events.Failed("", "It could not be loaded."))
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    chat.post(SEND)
    engine.load()
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended().text == "Hi."


def test_a_failing_load_never_becomes_a_loop(make_chat: MakeChat) -> None:
    engine = FakeEngine(Script(load_failure="It could not be loaded."))
    chat = make_chat(lambda: engine)
    for text in ("one", "two"):
        chat.post(commands.Send(text))
        assert chat.ended(State.FAILED).problem.startswith("It could not be loaded.")
    chat.quit()
    assert sum(isinstance(command, Load) for command in engine.received) <= 3


def test_a_request_that_fails_leaves_the_engine_alone(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Failed(request.request_id, "The conversation has 9,000 tokens.", "Shorten."))
    failed = chat.ended()
    assert failed.problem == "The conversation has 9,000 tokens. Shorten."
    chat.post(commands.Send("Short"))
    second = engine.got(Generate)
    assert [turn.content for turn in second.turns] == ["Short"]  # the long one is left out
    engine.say(done(second, "Hi."))
    assert chat.ended().text == "Hi."


# an engine that hangs


@pytest.mark.usefixtures("impatient")
def test_an_engine_that_does_not_stop_is_ended_and_started_anew(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.got(Generate)
    chat.post(commands.Stop())
    chat.ended(State.STOPPED)
    new = engines.next()
    new.load()
    assert not engine.alive
    chat.post(commands.Send("Again"))
    new.say(done(new.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."
    assert engines.count == 2


@pytest.mark.usefixtures("impatient")
def test_a_message_sent_to_a_hung_engine_is_answered_by_the_next(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.got(Generate)
    chat.post(commands.Stop(), commands.Send("Again"))
    new = engines.next()
    new.load()
    new.say(done(new.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."


def test_an_engine_that_stops_in_time_stays(
    make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_use, "HANG_CHECK_S", 0.001)
    engines = Engines(lambda: FakeEngine(Script(answers=("word " * 10_000,), pause=0.001)))
    chat = make_chat(engines)
    for _ in range(3):
        chat.post(SEND)
        chat.until(notices.AnswerGrew)
        chat.post(commands.Stop())
        chat.ended(State.STOPPED)
        chat.until(notices.AnswerEnded, lambda n: n.message.statistics is not None)
    assert engines.count == 1


# another model or device


def test_another_model_is_loaded_in_another_process(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines, two_models())
    first = engines.next()
    assert first.got(Load).folder == str(FAKE_MODEL.folder)
    first.say(events.Loaded("CPU", 4096, 0.1))
    chat.post(commands.ChooseModel("other"))
    second = engines.next()
    second.load()
    assert not first.alive
    listed = chat.until(notices.ModelsListed, lambda n: n.current == OTHER_MODEL)
    assert listed.models == (FAKE_MODEL, OTHER_MODEL)
    chat.post(SEND)
    second.say(done(second.got(Generate), "Hi."))
    answer = chat.ended()
    assert answer.statistics
    assert answer.statistics.model == "other"
    assert chat.quit().settings.model == "other"


def test_the_chosen_model_is_used_again_at_the_next_start(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines, two_models())
    chat.post(commands.ChooseModel("other"), SEND)
    chat.until(notices.MessageAdded)
    chat.quit()
    chat = make_chat(engines, two_models())
    assert chat.until(notices.ModelsListed).current == OTHER_MODEL


def test_another_device_is_another_process(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChooseDevice("GPU"))
    new = engines.next()
    assert new.got(Load).device == "GPU"
    assert not engine.alive


@pytest.mark.parametrize(("why_not", "blamed"), [("There is none.", False), ("", True)])
def test_a_model_is_not_installed_anew_because_a_device_is_missing(
    make_chat: MakeChat, engines: Engines, why_not: str, blamed: bool
) -> None:
    chat, _ = ready_chat(make_chat, engines)
    chat.post(commands.ChooseDevice("GPU"))
    new = engines.next()
    new.got(Load)
    new.say(events.Devices((Device("GPU", "", why_not=why_not),)))
    new.say(events.Failed("", "The model could not be loaded on GPU.", "Choose another device."))
    told = chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    assert told.repairable is blamed


def test_the_same_model_again_costs_nothing(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChooseModel(FAKE_MODEL.id), commands.ChooseDevice("CPU"), SEND)
    engine.got(Generate)
    assert engines.count == 1
    assert len(engine.all(Load)) == 1


@pytest.mark.usefixtures("impatient")
def test_another_model_waits_until_the_answer_is_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines, two_models())
    first = engines.next()
    first.load()
    request = half_an_answer(chat, first, "Hello", "Once")
    chat.post(commands.ChooseModel("other"))
    chat.until(notices.ModelsListed, lambda n: n.current == OTHER_MODEL)
    first.say(done(request, "Once upon a time."))
    answer = chat.ended(State.STOP)
    assert answer.text == "Once upon a time."
    assert answer.statistics
    assert answer.statistics.model == FAKE_MODEL.id
    second = engines.next()
    assert second.got(Load).folder == str(OTHER_MODEL.folder)
    assert not first.alive


def test_another_model_after_a_stop_keeps_the_text(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines, two_models())
    first = engines.next()
    first.load()
    half_an_answer(chat, first, "Hello", "Once")
    chat.post(commands.ChooseModel("other"), commands.Stop())
    assert chat.ended(State.STOPPED).text == "Once"
    second = engines.next()
    second.load()
    time.sleep(LONG_ENOUGH_TO_LOSE_PATIENCE_S)
    chat.post(commands.Send("Again"))
    second.say(done(second.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."
    chat.quit()
    assert engines.count == 2  # nobody took the second for hung


def test_a_bug_is_told_and_the_conversation_goes_on(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)

    def explode(command: Command) -> None:
        if not isinstance(command, Generate):
            return
        engine.on_command = lambda _: None
        raise RuntimeError("the text of a user might be in here")

    engine.on_command = explode
    chat.post(SEND)
    told = chat.until(notices.Trouble)
    assert told.what == "Something unexpected went wrong (RuntimeError)."
    chat.post(commands.Stop(), commands.Send("Again"))
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."
