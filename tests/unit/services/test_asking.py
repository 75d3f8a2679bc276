"""One question and its answer, with a scripted engine; and the questions that need no model."""

import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.domain import events
from desktop.domain.conversation import ContextPolicy, State
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.layout import Layout
from desktop.engine.fake import FAKE_MODEL, FakeEngine, FakeLibrary, Script
from desktop.engine.protocol import Command, Generate, ListDevices, Load, Render, Stop, Turn
from desktop.services import asking, engine_questions
from desktop.services.asking import Asking, Inbox, Question
from desktop.services.engine_host import EngineHost
from tests.unit.services.harness import ManualEngine

QUESTION = Question((Turn("user", "Hello"),), {"temperature": 0.7})


def asker(engine: Any) -> Asking:
    inbox: Inbox = queue.SimpleQueue()
    host = EngineHost(lambda: engine, FakeLibrary(), Path("cache"), lambda *e: inbox.put(e))
    return Asking(host, inbox)


def ask(engine: Any, on_event: Callable[[Event], None] = lambda _: None) -> events.Done:
    return asker(engine).ask(QUESTION, FAKE_MODEL, on_event)


class Answering(ManualEngine):
    """Loads at once, and answers a question with these events."""

    def __init__(self, *answer: Event) -> None:
        super().__init__()
        self._answer = answer

    def send(self, command: Command) -> None:
        super().send(command)
        if isinstance(command, Load):
            self.say(events.Loaded("CPU", 4096, 0.1))
        elif isinstance(command, Generate):
            self.say(*self._answer)


def test_an_answer_is_handed_over_as_it_comes_and_at_the_end() -> None:
    engine = FakeEngine(Script(answers=("Bonjour!",), pause=0, piece=3))
    seen: list[Event] = []
    done = ask(engine, seen.append)
    assert (done.text, done.state) == ("Bonjour!", State.STOP)
    assert done.statistics.model == FAKE_MODEL.id
    assert done.statistics.weights == FAKE_MODEL.weights
    pieces = [event.text for event in seen if isinstance(event, events.Token)]
    assert pieces == ["Bon", "jou", "r!"]
    assert any(isinstance(event, events.Loading) for event in seen)
    assert not engine.alive


def test_what_is_asked_goes_over_the_models_own_values() -> None:
    engine = FakeEngine(Script(pause=0))
    ask(engine)
    (request,) = [command for command in engine.received if isinstance(command, Generate)]
    assert request.turns == QUESTION.turns
    assert request.sampling["temperature"] == 0.7
    assert request.sampling["top_k"] == 50
    assert request.context_policy is ContextPolicy.DROP_OLDEST


def test_policy_and_layout_go_along() -> None:
    engine = FakeEngine(Script(pause=0))
    layout = Layout("Customer: ", "Agent: ")
    policy = ContextPolicy.LAST_EXCHANGE
    question = replace(QUESTION, context_policy=policy, pin_first=True, layout=layout)
    asker(engine).ask(question, FAKE_MODEL, lambda _: None)
    (request,) = [command for command in engine.received if isinstance(command, Generate)]
    assert request.context_policy is policy
    assert request.pin_first is True
    assert request.layout == layout


def test_ctrl_c_in_the_middle_of_an_answer_keeps_what_was_written() -> None:
    engine = FakeEngine(Script(answers=("word " * 2000,), pause=0.002))
    seen: list[str] = []

    def interrupt(event: Event) -> None:
        if isinstance(event, events.Token):
            seen.append(event.text)
            if len(seen) == 3:
                raise KeyboardInterrupt

    done = ask(engine, interrupt)
    assert done.state is State.STOPPED
    assert done.text.startswith("".join(seen[:3]))
    assert len(done.text) < 5000
    assert any(isinstance(command, Stop) for command in engine.received)
    assert not engine.alive


def test_a_second_ctrl_c_does_not_wait() -> None:
    engine = Answering(events.Token("ask", "Once"), events.Token("ask", " upon"))
    seen: list[Event] = []

    def interrupt(event: Event) -> None:
        seen.append(event)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(engine, interrupt)
    assert seen == [events.Token("ask", "Once"), events.Token("ask", " upon")]
    assert not engine.alive


def test_ctrl_c_while_the_model_loads_ends_at_once() -> None:
    engine = FakeEngine(Script(load_time=60))

    def interrupt(event: Event) -> None:
        if isinstance(event, events.Loading):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(engine, interrupt)
    assert not engine.alive


def test_an_engine_that_does_not_take_a_stop_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "STOP_PATIENCE_S", 0.05)
    engine = Answering(events.Token("ask", "Once"))

    def interrupt(_: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Problem, match="does not answer"):
        ask(engine, interrupt)
    assert not engine.alive


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (events.Failed("ask", "Too long.", "Shorten it."), r"Too long\. Shorten it\."),
        (events.Overfull("ask", 9300, 7935), r"9,300 tokens.* 7,935 at once\. Leave out the"),
        (events.Ended(-11, expected=False), r"code -11\)\. Try again\."),
        (events.Ended(-9, expected=False), r"memory ran out\. Try again\."),
    ],
)
def test_what_goes_wrong_is_a_problem_and_the_engine_is_ended(event: Event, words: str) -> None:
    engine = Answering(events.Token("ask", "Once"), event)
    with pytest.raises(Problem, match=words):
        ask(engine)
    assert not engine.alive


def test_a_load_that_fails_is_a_problem() -> None:
    with pytest.raises(Problem, match=r"It does not fit\. Choose another device\."):
        ask(FakeEngine(Script(load_failure="It does not fit.")))


# questions that need no model


RENDER = Render("render", "a-template", (Turn("user", "Hello"),))


class Replying(ManualEngine):
    """Answers whatever it is asked with one event, or with nothing."""

    def __init__(self, reply: Event | None) -> None:
        super().__init__()
        self._reply = reply

    def send(self, command: Command) -> None:
        super().send(command)
        if self._reply is not None:
            self.say(self._reply)


def test_devices_and_prompts_are_asked_for() -> None:
    engine = Replying(events.Devices(()))
    assert engine_questions.list_devices(lambda: engine) == events.Devices(())
    assert engine.received == [ListDevices()]
    assert not engine.alive
    engine = Replying(events.Rendered("render", "<|im_start|>"))
    assert engine_questions.render(lambda: engine, RENDER).text == "<|im_start|>"
    assert not engine.alive


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (events.Failed("render", "It may not do this.", "Use another."), "may not do this"),
        (events.Ended(-11, expected=False), r"template crashed the renderer \(code -11\)"),
    ],
)
def test_a_template_that_goes_wrong_is_a_problem(reply: Event, words: str) -> None:
    engine = Replying(reply)
    with pytest.raises(Problem, match=words):
        engine_questions.render(lambda: engine, RENDER)
    assert not engine.alive


def test_an_engine_without_openvino_is_a_problem() -> None:
    with pytest.raises(Problem, match=r"\(code 1\)\. Try again\."):
        engine_questions.list_devices(lambda: Replying(events.Ended(1, expected=False)))


def test_an_engine_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_questions, "ANSWER_WITHIN_S", 0.05)
    engine = Replying(None)
    with pytest.raises(Problem, match="does not answer"):
        engine_questions.list_devices(lambda: engine)
    assert not engine.alive
