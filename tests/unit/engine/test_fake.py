"""The scripted engine: whatever the program asks, something comes back."""

import queue
from collections.abc import Iterator
from typing import TypeAlias

import pytest

from desktop.domain.conversation import ContextPolicy, State
from desktop.domain.events import (
    Counted,
    Devices,
    Done,
    Ended,
    Event,
    Failed,
    Fitted,
    Loaded,
    Overfull,
    Rendered,
    Tuned,
)
from desktop.domain.sampling import defaults
from desktop.engine import protocol
from desktop.engine.fake import FakeEngine, Script
from desktop.engine.protocol import Turn

WITHIN_S = 10.0
TURNS = (Turn("user", "Count to"), Turn("assistant", "One,"))
Heard: TypeAlias = "queue.SimpleQueue[Event]"


@pytest.fixture
def heard() -> Heard:
    return queue.SimpleQueue()


@pytest.fixture
def engine(heard: Heard) -> Iterator[FakeEngine]:
    engine = FakeEngine(Script(pause=0.0, overfull=True))
    engine.start(heard.put)
    yield engine
    engine.end()


def until(heard: Heard, *kinds: type[Event]) -> Event:
    while True:
        event = heard.get(timeout=WITHIN_S)
        if isinstance(event, kinds):
            return event
        assert not isinstance(event, (Failed, Ended)), event


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (protocol.ListDevices(), Devices),
        (protocol.Load("fake", "CPU"), Loaded),
        (protocol.CountTokens("a", ("one two", "")), Counted),
        (protocol.Render("a", "fake", TURNS), Rendered),
        (protocol.Tune("fake", "CPU"), Tuned),
        (protocol.Fit("a", TURNS, defaults()), Fitted),
        (protocol.Fit("a", TURNS, defaults(), ContextPolicy.ASK), Overfull),
        (protocol.Generate("a", TURNS, defaults()), Done),
        (protocol.Generate("a", TURNS, defaults(), ContextPolicy.ASK), Overfull),
        (protocol.Generate("a", TURNS, defaults(), continues=True), Done),
        (protocol.OpenBare("openvino-genai", "fake", "CPU"), Failed),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, type) else value.__name__,
)
def test_every_command_is_answered(
    engine: FakeEngine, heard: Heard, command: protocol.Command, kind: type[Event]
) -> None:
    engine.send(command)
    event = until(heard, kind)
    assert getattr(event, "request_id", "") == getattr(command, "request_id", "")
    assert engine.received == [command]


def test_unloading_is_done_in_silence(engine: FakeEngine, heard: Heard) -> None:
    engine.send(protocol.Unload())
    engine.send(protocol.ListDevices())
    assert isinstance(heard.get(timeout=WITHIN_S), Devices)


def test_a_prompt_holds_what_was_said(engine: FakeEngine, heard: Heard) -> None:
    engine.send(protocol.Render("a", "fake", TURNS))
    rendered = until(heard, Rendered)
    assert isinstance(rendered, Rendered)
    assert all(turn.content in rendered.text for turn in TURNS)


def test_a_stop_ends_an_answer(engine: FakeEngine, heard: Heard) -> None:
    engine.send(protocol.Stop("a"))
    engine.send(protocol.Generate("a", TURNS, defaults()))
    done = until(heard, Done)
    assert isinstance(done, Done)
    assert (done.text, done.state) == ("", State.STOPPED)
