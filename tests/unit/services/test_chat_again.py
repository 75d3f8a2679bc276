"""Going on with an answer that was cut, and making one again exactly as it was made."""

from dataclasses import replace

import pytest

from desktop.domain import events
from desktop.domain.conversation import Message, State, Statistics
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.engine.protocol import Generate, Load
from desktop.services.chat import commands, notices
from tests.unit.services.harness import (
    FAKE_MODEL,
    OTHER_MODEL,
    Chat,
    Engines,
    FakeModelService,
    MakeChat,
    ManualEngine,
    Models,
    exchange,
    ready_chat,
)


def turns(request: Generate) -> list[str]:
    return [turn.content for turn in request.turns]


# going on with an answer


def cut(chat: Chat, engine: ManualEngine) -> Message:
    """An answer that was cut at its length."""
    return exchange(chat, engine, "One", "Once upon", State.LENGTH)


def rest(request: Generate, text: str, state: State = State.STOP) -> events.Done:
    figures = Statistics(20, 18, 5, 4.0, 30.0, steps=5, sampling={"max_new_tokens": 8, "seed": 2})
    return events.Done(request.request_id, text, state, figures)


def test_a_cut_answer_goes_on_where_it_ends(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    begun = cut(chat, engine)
    assert begun.statistics
    chat.post(commands.ContinueAnswer(begun.id))
    request = engine.got(Generate)
    assert request.continues
    assert turns(request) == ["One", "Once upon"]
    assert request.request_id != begun.id
    engine.say(events.Token(request.request_id, " a time"))
    grown = chat.until(notices.AnswerGrew)
    assert (grown.message_id, grown.text) == (begun.id, " a time")
    engine.say(rest(request, " a time."))
    whole = chat.ended(State.STOP)
    assert (whole.id, whole.text) == (begun.id, "Once upon a time.")
    figures = whole.statistics
    assert figures
    assert figures.generated_tokens == begun.statistics.generated_tokens + 5
    assert figures.ttft_ms == begun.statistics.ttft_ms
    assert figures.prompt_tokens == begun.statistics.prompt_tokens
    assert chat.quit().messages[1] == whole
    chat = make_chat(engines)
    engine = engines.next()
    engine.load()
    chat.post(commands.ContinueAnswer(begun.id))  # it is complete
    chat.post(commands.Send("Two"))
    assert not engine.got(Generate).continues


def test_going_on_is_stopped_in_the_middle_and_goes_on_once_more(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    begun = cut(chat, engine)
    chat.post(commands.ContinueAnswer(begun.id))
    second = engine.got(Generate)
    engine.say(events.Token(second.request_id, " a"))
    chat.until(notices.AnswerGrew)
    chat.post(commands.Stop())
    assert chat.ended().text == "Once upon a"
    chat.post(commands.ContinueAnswer(begun.id))
    third = engine.got(Generate)
    assert turns(third) == ["One", "Once upon a"]
    engine.say(rest(second, " a", State.STOPPED), rest(third, " time."))
    whole = chat.ended(State.STOP)
    assert whole.text == "Once upon a time."
    assert whole.statistics
    assert whole.statistics.generated_tokens == 3 + 5 + 5


@pytest.mark.parametrize("crash", [True, False])
def test_going_on_that_fails_keeps_what_was_there(
    make_chat: MakeChat, engines: Engines, crash: bool
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    begun = cut(chat, engine)
    chat.post(commands.ContinueAnswer(begun.id))
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, " a"))
    if crash:
        engine.die()
    else:
        engine.say(events.Failed(request.request_id, "No."))
    failed = chat.ended()
    assert (failed.text, failed.state) == ("Once upon a", State.FAILED)
    assert failed.statistics == begun.statistics
    assert chat.quit().messages[1] == failed


@pytest.mark.parametrize("which", ["question", "complete", "empty", "earlier", "nowhere"])
def test_only_the_last_answer_goes_on_and_only_when_it_was_cut(
    make_chat: MakeChat, engines: Engines, which: str
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Once", State.LENGTH)
    if which == "empty":
        second = exchange(chat, engine, "Two", "", State.LENGTH)
    elif which == "complete":
        second = exchange(chat, engine, "Two", "Zwei")
    else:
        second = exchange(chat, engine, "Two", "Zw", State.LENGTH)
    ids = {"question": second.parent_id, "earlier": first.id, "nowhere": "nowhere"}
    chat.post(commands.ContinueAnswer(ids.get(which, second.id)))
    chat.quit()
    assert len(engine.all(Generate)) == 2


# making an answer again

HOT = {"temperature": 1.0, "max_new_tokens": 40, "top_p": 0.5}
PROPERTIES = {"KV_CACHE_PRECISION": "f16"}
SYSTEM = "Be brief."
DEVICES = (Device("CPU", "A processor"), Device("GPU", "", why_not="It has no driver."))


def figures(request: Generate, device: str = "CPU") -> Statistics:
    """What the real engine tells of an answer."""
    return Statistics(
        generated_tokens=3,
        device=device,
        properties=dict(PROPERTIES),
        sampling={**request.sampling, "seed": 99},
    )


def answered(chat: Chat, engine: ManualEngine, command: commands.ChatCommand) -> Message:
    """Do what asks the engine for an answer, which tells what it was made with."""
    chat.post(command)
    request = engine.got(Generate)
    engine.say(events.Done(request.request_id, "Eins", State.STOP, figures(request)))
    return chat.ended(State.STOP)


def made_hot(chat: Chat, engine: ManualEngine) -> Message:
    """An answer that was made with settings of its own, which the chat no longer has."""
    chat.post(commands.ChangeSystemPrompt(SYSTEM), commands.ChangeSampling(HOT))
    made = answered(chat, engine, commands.Send("One"))
    chat.post(commands.ChangeSystemPrompt("Be long."), commands.ChangeSampling({}))
    chat.post(commands.UsePreset("customer-support", {"summary": "A parcel is lost."}))
    return made


def two() -> Models:
    return Models([FAKE_MODEL, OTHER_MODEL])


def test_an_answer_is_made_again_with_all_it_was_made_with(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    made = made_hot(chat, engine)
    assert made.statistics
    first = engine.all(Generate)[0]
    chat.post(commands.MakeAgain(made.id))
    again = engine.got(Generate)
    assert (again.turns, again.layout) == (first.turns, None)
    assert turns(again) == [SYSTEM, "One"]
    assert again.sampling == {**first.sampling, "seed": 99}
    engine.say(events.Done(again.request_id, "Eins", State.STOP, figures(again)))
    copy = chat.ended(State.STOP)
    assert copy.statistics == made.statistics
    assert chat.all(notices.ForksChanged)[-1].forks[copy.id].siblings == (made.id, copy.id)
    chat.post(commands.Send("Two"))
    assert turns(engine.got(Generate))[0].endswith("A parcel is lost.")  # as the chat is held now
    assert engines.count == 1
    assert len(engine.all(Load)) == 1


def test_the_layout_of_an_answer_is_used_again(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.UsePreset("customer-support", {"summary": "A parcel is lost."}))
    made = answered(chat, engine, commands.Send("One"))
    first = engine.all(Generate)[0]
    assert first.layout
    chat.post(commands.UsePreset("concise", {}), commands.MakeAgain(made.id))
    again = engine.got(Generate)
    assert (again.turns, again.layout) == (first.turns, first.layout)


def test_an_answer_of_another_model_is_made_there_and_the_chat_returns_to_its_own(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, first = ready_chat(make_chat, engines, FakeModelService(two()))
    made = answered(chat, first, commands.Send("One"))
    chat.post(commands.ChooseModel("other"))
    other: ManualEngine = engines.next()
    other.load()
    chat.post(commands.MakeAgain(made.id))
    back: ManualEngine = engines.next()
    load = back.got(Load)
    assert (load.context_length, load.device) == (FAKE_MODEL.context_length, "CPU")
    assert load.properties == PROPERTIES
    back.say(events.Loaded("CPU", load.context_length, 0.1))
    request = back.got(Generate)
    back.say(events.Done(request.request_id, "Eins", State.STOP, figures(request)))
    copy = chat.ended(State.STOP)
    assert copy.statistics == made.statistics
    assert engines.next().got(Load).context_length == OTHER_MODEL.context_length
    assert chat.quit().settings.model == "other"


def test_other_properties_are_another_process(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    made = answered(chat, engine, commands.Send("One"))
    chat.post(commands.Send("Two"))
    request = engine.got(Generate)
    tuned = replace(figures(request), properties={"KV_CACHE_PRECISION": "u8"})
    engine.say(events.Done(request.request_id, "Zwei", State.STOP, tuned))
    chat.ended()
    chat.post(commands.MakeAgain(made.id))
    assert engines.next().got(Load).properties == PROPERTIES


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        ([OTHER_MODEL], "fake, int4"),
        ([OTHER_MODEL, replace(FAKE_MODEL, weights="int8")], "fake, int4"),
    ],
)
def test_without_the_model_an_answer_is_not_made_again(
    make_chat: MakeChat, engines: Engines, installed: list[Model], said: str
) -> None:
    models = two()
    chat, engine = ready_chat(make_chat, engines, FakeModelService(models))
    made = answered(chat, engine, commands.Send("One"))
    models.models = tuple(installed)
    chat.post(commands.MakeAgain(made.id))
    told = chat.until(notices.Trouble)
    assert said in told.what
    assert told.remedy
    assert chat.quit().messages[1] == made


def test_without_the_device_an_answer_is_not_made_again(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Devices(DEVICES))
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    engine.say(events.Done(request.request_id, "Eins", State.STOP, figures(request, "GPU")))
    made = chat.ended()
    chat.post(commands.MakeAgain(made.id))
    assert "GPU" in chat.until(notices.Trouble).what
    assert chat.quit().messages[1] == made
    assert len(engine.all(Generate)) == 1


def test_what_an_answer_was_made_with_may_not_be_known(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("One"))
    engine.say(events.Failed(engine.got(Generate).request_id, "No."))
    failed = chat.ended(State.FAILED)
    chat.post(commands.MakeAgain(failed.parent_id), commands.MakeAgain(failed.id))
    for _ in range(2):
        assert "not known" in chat.until(notices.Trouble).what
    assert chat.quit().messages[1] == failed
    assert len(engine.all(Generate)) == 1
