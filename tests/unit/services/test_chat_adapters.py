"""Adapters of a conversation: which the model is loaded with, and when it is loaded anew."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from desktop.domain import events
from desktop.domain.adapters import AdapterPart, AppliedAdapter, Strengths
from desktop.domain.conversation import Message, State, Statistics
from desktop.domain.model import Model
from desktop.engine.protocol import Generate, Load
from desktop.services.chat import commands, notices
from desktop.services.engine_host import LoadChoices
from tests.unit.services.harness import (
    FAKE_MODEL,
    Chat,
    Engines,
    MakeChat,
    ManualEngine,
    ready_chat,
    two_models,
)


class Adapters:
    """The adapters that each model has; tests take some away."""

    def __init__(self) -> None:
        self.known = {FAKE_MODEL.id: {"pirate", "poet"}, "other": {"pirate"}}

    def of(self, model: Model, strengths: Mapping[str, float]) -> tuple[AppliedAdapter, ...]:
        return tuple(
            AppliedAdapter(name, name, strength, (AdapterPart(f"{name}.safetensors", "", 1.0),))
            for name, strength in sorted(strengths.items())
            if name in self.known[model.id]
        )


@pytest.fixture
def adapters() -> Adapters:
    return Adapters()


def adapted_chat(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> tuple[Chat, ManualEngine]:
    choices = LoadChoices(adapters_of=adapters.of)
    return ready_chat(make_chat, engines, two_models(), choices=choices)


def loaded(engines: Engines) -> tuple[ManualEngine, Strengths]:
    """The next process, made ready, and what it was loaded with."""
    engine: ManualEngine = engines.next()
    load = engine.got(Load)
    engine.say(events.Loaded("CPU", FAKE_MODEL.context_length, 0.1))
    return engine, {adapter.id: adapter.strength for adapter in load.adapters}


def answered(chat: Chat, engine: ManualEngine, strengths: Strengths, text: str = "Aye") -> Message:
    chat.post(commands.Send("Hello"))
    request = engine.got(Generate)
    figures = Statistics(
        7, 0, 3, 12.0, 90.0, device="CPU", adapters=strengths, sampling=request.sampling
    )
    engine.say(events.Done(request.request_id, text, State.STOP, figures))
    return chat.ended(State.STOP)


def test_a_change_is_another_process_and_stays_with_the_chat(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"pirate": 0.5, "poet": 0.0}))
    engine, strengths = loaded(engines)
    assert strengths == {"pirate": 0.5}
    made = answered(chat, engine, strengths)
    assert made.statistics
    assert made.statistics.adapters == {"pirate": 0.5}
    chat.post(commands.ChangeAdapters({"pirate": 1.0}))
    _, strengths = loaded(engines)
    assert strengths == {"pirate": 1.0}
    saved = chat.quit()
    assert saved.settings.adapters == {"pirate": 1.0}
    assert saved.messages[1].statistics == made.statistics


def test_an_answer_that_is_being_written_is_not_disturbed(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, engine = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.Send("Hello"))
    request = engine.got(Generate)
    chat.post(commands.ChangeAdapters({"poet": 1.0}))
    engine.say(events.Done(request.request_id, "Hello.", State.STOP, Statistics()))
    assert chat.ended(State.STOP).text == "Hello."
    _, strengths = loaded(engines)
    assert strengths == {"poet": 1.0}


def test_chats_with_other_adapters_do_not_share_a_process(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"pirate": 1.0}))
    engine, _ = loaded(engines)
    answered(chat, engine, {"pirate": 1.0})
    first = chat.in_view
    chat.post(commands.NewChat())
    assert loaded(engines)[1] == {}
    chat.post(commands.OpenChat(first))
    assert loaded(engines)[1] == {"pirate": 1.0}


def test_adapters_that_the_model_does_not_have_wait_for_the_one_that_has(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"poet": 1.0}))
    assert loaded(engines)[1] == {"poet": 1.0}
    chat.post(commands.ChooseModel("other"))
    assert loaded(engines)[1] == {}
    chat.post(commands.ChooseModel(FAKE_MODEL.id))
    assert loaded(engines)[1] == {"poet": 1.0}


def test_an_adapter_that_goes_or_comes_back_is_noticed(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"pirate": 1.0}))
    loaded(engines)
    chat.post(commands.RefreshAdapters())  # nothing has changed: nothing is loaded
    adapters.known[FAKE_MODEL.id] = set()
    chat.post(commands.RefreshAdapters())
    assert loaded(engines)[1] == {}
    adapters.known[FAKE_MODEL.id] = {"pirate"}
    chat.post(commands.RefreshAdapters())
    assert loaded(engines)[1] == {"pirate": 1.0}
    assert engines.count == 4


def test_a_preset_leaves_the_adapters(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"pirate": 1.0}))
    loaded(engines)
    chat.post(commands.UsePreset("concise", {}))
    opened = chat.until(notices.Opened, lambda n: n.same)
    assert opened.conversation.settings.adapters == {"pirate": 1.0}


# making an answer again


def test_an_answer_is_made_again_with_its_adapters(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, engine = adapted_chat(make_chat, engines, adapters)
    plain = answered(chat, engine, {}, "Hello")
    chat.post(commands.ChangeAdapters({"pirate": 0.5}))
    engine, strengths = loaded(engines)
    made = answered(chat, engine, strengths)
    chat.post(commands.MakeAgain(made.id))
    again = engine.got(Generate)  # it runs so already
    engine.say(events.Done(again.request_id, "Aye", State.STOP, made.statistics or Statistics()))
    chat.ended()
    chat.post(commands.MakeAgain(plain.id))
    engine, strengths = loaded(engines)
    assert strengths == {}
    again = engine.got(Generate)
    engine.say(events.Done(again.request_id, "Hello", State.STOP, replace(Statistics())))
    chat.ended()
    assert loaded(engines)[1] == {"pirate": 0.5}


def test_without_its_adapter_an_answer_is_not_made_again(
    make_chat: MakeChat, engines: Engines, adapters: Adapters
) -> None:
    chat, _ = adapted_chat(make_chat, engines, adapters)
    chat.post(commands.ChangeAdapters({"pirate": 1.0}))
    engine, strengths = loaded(engines)
    made = answered(chat, engine, strengths)
    adapters.known[FAKE_MODEL.id] = {"poet"}
    chat.post(commands.MakeAgain(made.id))
    trouble = chat.until(notices.Trouble)
    assert "“pirate”" in trouble.what
    assert trouble.remedy
    assert chat.quit().messages[1] == made
