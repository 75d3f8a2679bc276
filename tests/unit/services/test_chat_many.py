"""Going from one chat to another while answers are written: whose turn it is, and who sees what."""

import pytest

from desktop.domain import events
from desktop.domain.conversation import State
from desktop.domain.hardware import Device
from desktop.engine.protocol import Fit, Generate, Load, Stop, Turn
from desktop.services.chat import commands, notices
from desktop.services.chat.notices import EngineState
from tests.unit.services.harness import (
    FAKE_MODEL,
    OTHER_MODEL,
    Chat,
    Engines,
    FakeModelService,
    MakeChat,
    ManualEngine,
    Models,
    done,
    exchange,
    half_an_answer,
    opened,
    ready_chat,
    two_models,
    user_texts,
)

NEW = commands.NewChat()
DEVICES = (Device("CPU", "A processor"), Device("GPU", "A graphics card"))


def asked_in_new_chat(chat: Chat, text: str) -> str:
    """Ask something in a new chat; its id."""
    chat_id = opened(chat, NEW).conversation.id
    chat.post(commands.Send(text))
    chat.until(notices.MessageAdded, lambda n: n.message.text == "")
    return chat_id


def elsewhere(chat: Chat) -> str:
    return chat.until(notices.AnswerElsewhere).chat_id


def test_an_answer_goes_on_behind_another_chat(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    request = half_an_answer(chat, engine, "One", "Once")
    second = opened(chat, NEW)
    assert second.conversation.messages == ()
    assert elsewhere(chat) == first
    engine.say(events.Token(request.request_id, " upon"), done(request, "Once upon"))
    changed = chat.until(notices.ChatChanged)
    assert (changed.chat.id, changed.chat.message_count) == (first, 2)
    assert elsewhere(chat) == ""
    assert len(chat.all(notices.AnswerGrew)) == 1
    assert chat.all(notices.AnswerEnded) == []
    assert engine.all(Stop) == []
    answer = chat.stored(first).messages[1]
    assert (answer.text, answer.state) == ("Once upon", State.STOP)
    assert answer.statistics
    assert opened(chat, commands.OpenChat(first)).conversation.messages[1] == answer


def test_who_comes_back_sees_the_answer_so_far_and_it_grow(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    chat.post(NEW)
    elsewhere(chat)
    engine.say(events.Token(request.request_id, "Once"))
    engine.say(events.Fitted(request.request_id, 12, 100))
    engine.say(events.Devices(DEVICES))  # told by the service once it has heard the token
    chat.until(notices.DevicesListed)
    back = opened(chat, commands.OpenChat(first))
    assert [(m.text, m.state) for m in back.conversation.messages] == [
        ("One", State.STOP),
        ("Once", State.WRITING),
    ]
    assert chat.until(notices.ContextUsed).used == 12
    assert elsewhere(chat) == ""
    engine.say(events.Token(request.request_id, " upon"))
    assert chat.until(notices.AnswerGrew).text == " upon"
    chat.post(commands.Stop())
    assert chat.ended().text == "Once upon"


def test_questions_are_answered_one_at_a_time_in_the_order_asked_and_apart(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeSystemPrompt("Say alpha."), commands.Send("alpha one"))
    first = chat.in_view
    alpha = engine.got(Generate)
    second = asked_in_new_chat(chat, "beta one")
    third = asked_in_new_chat(chat, "gamma one")
    assert engine.all(Generate) == [alpha]
    assert alpha.turns == (Turn("system", "Say alpha."), Turn("user", "alpha one"))
    engine.say(done(alpha, "alpha two"))
    beta = engine.got(Generate)
    assert beta.turns == (Turn("user", "beta one"),)
    engine.say(done(beta, "beta two"))
    gamma = engine.got(Generate)
    assert gamma.turns == (Turn("user", "gamma one"),)
    engine.say(done(gamma, "gamma two"))
    assert chat.ended().text == "gamma two"
    told = [notice.chat_id for notice in chat.all(notices.AnswerElsewhere)]
    assert told == [first, second, ""]
    opened(chat, commands.OpenChat(second))
    chat.post(commands.Send("beta three"))
    assert [turn.content for turn in engine.got(Generate).turns] == [
        "beta one",
        "beta two",
        "beta three",
    ]
    for id_, name in ((first, "alpha"), (third, "gamma")):
        assert user_texts(chat.stored(id_)) == [f"{name} one", f"{name} two"]


def test_the_context_is_told_of_the_chat_in_view_only(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "alpha", "beta")
    old = engine.got(Fit)
    while not old.turns:
        old = engine.got(Fit)
    opened(chat, NEW)
    asked = engine.got(Fit)
    assert asked.turns == ()
    engine.say(events.Fitted(old.request_id, 77, 100), events.Fitted(asked.request_id, 3, 100))
    assert chat.until(notices.ContextUsed).used == 3


@pytest.mark.parametrize("choose", [commands.ChooseModel("other"), commands.ChooseDevice("GPU")])
def test_another_model_or_device_waits_for_the_answer_behind(
    make_chat: MakeChat, engines: Engines, choose: commands.ChatCommand
) -> None:
    chat, engine = ready_chat(make_chat, engines, two_models())
    first = chat.in_view
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    opened(chat, NEW)
    chat.post(choose, commands.Send("Two"))
    chat.settled()
    assert engine.alive
    assert (engines.count, engine.all(Stop)) == (1, [])
    engine.say(done(request, "Eins"))
    other = engines.next()
    load = other.got(Load)
    model = OTHER_MODEL if isinstance(choose, commands.ChooseModel) else FAKE_MODEL
    device = choose.device if isinstance(choose, commands.ChooseDevice) else "CPU"
    assert (load.context_length, load.device) == (model.context_length, device)
    assert not engine.alive
    other.say(events.Loaded(device, 100, 0.1))
    other.say(done(other.got(Generate), "Zwei"))
    answer = chat.ended(State.STOP)
    assert answer.statistics
    assert answer.statistics.model == model.id
    behind = chat.stored(first).messages[1]
    assert behind.statistics
    assert (behind.text, behind.statistics.model) == ("Eins", FAKE_MODEL.id)
    opened(chat, commands.OpenChat(first))
    back = engines.next().got(Load)
    assert (back.context_length, back.device) == (FAKE_MODEL.context_length, "CPU")


def test_an_answer_that_waits_behind_for_its_model_gets_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat: Chat = make_chat(engines, two_models())
    engine: ManualEngine = engines.next()
    engine.got(Load)
    chat.post(commands.Send("One"))
    opened(chat, NEW)
    chat.post(commands.ChooseModel("other"))
    chat.settled()
    assert engines.count == 1
    engine.say(events.Loaded("CPU", 100, 0.1))
    engine.say(done(engine.got(Generate), "Eins"))
    assert engines.next().got(Load).context_length == OTHER_MODEL.context_length


def test_the_pickers_show_what_the_chat_in_view_is_held_with(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines, two_models())
    engine.say(events.Devices(DEVICES))
    first = chat.in_view
    chat.post(commands.ChangeSampling({"temperature": 0.3}), commands.Send("One"))
    request = engine.got(Generate)  # which is written on all the while
    second = opened(chat, NEW).conversation.id
    assert chat.until(notices.DefaultsChanged).changed == {}
    chat.post(commands.ChangeSystemPrompt("Be brief."))
    chat.post(commands.ChooseModel("other"), commands.ChooseDevice("GPU"))
    chat.until(notices.ModelsListed, lambda n: n.current == OTHER_MODEL)
    chat.until(notices.DevicesListed, lambda n: n.current == "GPU")
    opened(chat, commands.OpenChat(first))
    assert chat.until(notices.ModelsListed).current == FAKE_MODEL
    assert chat.until(notices.DevicesListed).current == "CPU"
    assert chat.until(notices.DefaultsChanged).changed == {"temperature": 0.3}
    chat.post(commands.ChooseModel("other"))  # for the next answer
    assert chat.until(notices.ModelsListed).current == OTHER_MODEL
    engine.say(done(request, "Two."))
    assert chat.ended().statistics.model == FAKE_MODEL.id
    opened(chat, commands.OpenChat(second))
    assert chat.until(notices.ModelsListed).current == OTHER_MODEL
    assert chat.until(notices.DevicesListed).current == "GPU"
    chat.settled()
    assert {n.current for n in chat.all(notices.DevicesListed)} == {"CPU", "GPU"}


def test_a_model_that_is_removed_finishes_its_answer(make_chat: MakeChat, engines: Engines) -> None:
    models = Models([FAKE_MODEL, OTHER_MODEL])
    chat, engine = ready_chat(make_chat, engines, FakeModelService(models))
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    models.models = (OTHER_MODEL,)
    chat.post(commands.RefreshModels())
    assert chat.until(notices.ModelsListed).current == OTHER_MODEL
    chat.settled()
    engine.say(done(request, "Eins"))
    assert chat.ended(State.STOP).text == "Eins"
    assert engines.next().got(Load).context_length == OTHER_MODEL.context_length


def test_stop_ends_the_answer_in_view_and_no_other(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    opened(chat, NEW)
    chat.post(commands.Stop(), commands.Send("Two"), commands.Stop())
    assert chat.ended().state is State.STOPPED
    engine.say(done(request, "Eins"))
    chat.until(notices.AnswerElsewhere, lambda n: n.chat_id == "")
    assert engine.all(Stop) == []
    assert engine.all(Generate) == [request]


def test_a_crash_behind_fails_that_answer_and_the_next_one_gets_a_new_engine(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    asked_in_new_chat(chat, "Two")
    engine.say(events.Token(request.request_id, "Once"))
    engine.die()
    new: ManualEngine = engines.next()
    new.load()
    answer = new.got(Generate)
    assert answer.turns == (Turn("user", "Two"),)
    new.say(done(answer, "Zwei"))
    assert chat.ended(State.STOP).text == "Zwei"
    failed = chat.stored(first).messages[1]
    assert (failed.text, failed.state) == ("Once", State.FAILED)
    assert failed.problem


def test_quit_keeps_the_answer_behind_as_far_as_it_is(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    half_an_answer(chat, engine, "One", "Once")
    opened(chat, NEW)
    chat.quit()
    answer = chat.stored(first).messages[1]
    assert (answer.text, answer.state) == ("Once", State.STOPPED)


def test_the_last_chat_is_in_view_again_after_a_start(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "One", "Eins")
    opened(chat, NEW)
    exchange(chat, engine, "Two", "Zwei")
    opened(chat, commands.OpenChat(first))
    exchange(chat, engine, "Three", "Drei")
    chat.quit()
    again: Chat = make_chat(engines)
    again.until(notices.Opened)
    assert again.in_view == first


def test_a_chat_that_is_gone_is_told_and_the_one_in_view_stays(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.OpenChat("nowhere"))
    assert chat.until(notices.Trouble).what == "This chat is no longer there."
    exchange(chat, engine, "One", "Eins")
    assert user_texts(chat.quit()) == ["One", "Eins"]
    assert len(chat.all(notices.Opened)) == 1


def test_an_engine_that_is_hung_behind_is_ended_for_the_next_answer(
    make_chat: MakeChat, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.chat.due.HANG_S", 0.05)
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("One"))
    engine.got(Generate)
    chat.post(commands.Stop())
    chat.ended(State.STOPPED)
    asked_in_new_chat(chat, "Two")
    new: ManualEngine = engines.next()
    assert not engine.alive
    new.load()
    assert chat.until(notices.EngineChanged, lambda n: n.state is EngineState.READY)
    new.say(done(new.got(Generate), "Zwei"))
    assert chat.ended(State.STOP).text == "Zwei"
