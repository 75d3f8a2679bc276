"""The prompt layout of a model in a chat: chosen, seen, and what the engine is asked with."""

from dataclasses import replace

from desktop.domain import events
from desktop.engine.fake import FAKE_MODEL
from desktop.engine.protocol import Generate, Render, Turn
from desktop.paths import resources
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChooseLayout, ListLayouts, PreviewLayout, Send, UsePreset
from desktop.services.layouts.store import Choice, LayoutStore
from tests.unit.services.harness import (
    Chat,
    Engines,
    FakeModelService,
    MakeChat,
    ManualEngine,
    Models,
    done,
    ready_chat,
)

LAYOUTS = LayoutStore(resources() / "layouts", resources() / "nowhere").shipped
OLD = replace(FAKE_MODEL, layout="dialogpt")


def asked(chat: Chat, engine: ManualEngine) -> Generate:
    chat.post(Send("Hi"))
    request = engine.got(Generate)
    engine.say(done(request, "Hello."))
    chat.ended()
    return request


def test_a_model_is_asked_in_its_own_layout(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines, FakeModelService(Models([OLD])))
    assert asked(chat, engine).layout == LAYOUTS["dialogpt"].layout
    chat.post(ListLayouts())
    listed = chat.until(notices.LayoutsListed)
    assert listed.native == LAYOUTS["dialogpt"]
    assert (listed.choice, listed.of_preset) == (Choice(), "")


def test_the_users_choice_and_then_the_presets_come_first(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines, FakeModelService(Models([OLD])))
    chat.post(ChooseLayout(Choice("chatml")))
    assert chat.until(notices.LayoutsListed).choice == Choice("chatml")
    assert asked(chat, engine).layout == LAYOUTS["chatml"].layout
    chat.post(UsePreset("customer-support", {}), ListLayouts())
    assert chat.until(notices.LayoutsListed).of_preset == "Customer support"
    layout = asked(chat, engine).layout
    assert layout is not None
    assert layout.user == "Customer: "
    chat.post(UsePreset("plain-assistant", {}), ChooseLayout(Choice()))
    assert asked(chat, engine).layout == LAYOUTS["dialogpt"].layout


def test_the_prompt_that_is_seen_is_that_of_the_chat(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    asked(chat, engine)
    layout = LAYOUTS["chatml"].layout
    chat.post(PreviewLayout(None, "next"), PreviewLayout(layout, "next"))
    first, second = engine.got(Render), engine.got(Render)
    assert (first.layout, second.layout) == (None, layout)
    assert second.source == str(FAKE_MODEL.folder)
    assert second.turns == (Turn("user", "Hi"), Turn("assistant", "Hello."), Turn("user", "next"))
    engine.say(events.Rendered(first.request_id, "too late"))
    engine.say(events.Rendered(second.request_id, "x" * 100_000))
    seen = chat.until(notices.LayoutPreviewed)
    assert "too late" not in seen.text
    assert 20_000 < len(seen.text) < 40_000
    chat.post(PreviewLayout(None, "next"))
    engine.say(events.Failed(engine.got(Render).request_id, "No template.", "Choose a layout."))
    assert chat.until(notices.LayoutPreviewed).problem == "No template. Choose a layout."


def test_without_a_model_nothing_is_told(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines, FakeModelService(Models([])))
    chat.post(commands.ListLayouts())
    chat.settled()
    assert chat.all(notices.LayoutsListed) == []
    assert chat.all(notices.Trouble) == []
