"""How long an answer was thought about is measured and kept with it."""

from dataclasses import replace

import pytest

from desktop.domain import events
from desktop.domain.conversation import Message, Role, State, Statistics
from desktop.domain.model import Model
from desktop.engine.protocol import Generate
from desktop.services.chat import commands, notices, thought_clock
from desktop.services.chat.due import Due
from desktop.services.chat.thought_clock import ThoughtClock
from tests.unit.services.harness import Engines, MakeChat, done, ready_chat


class Time:
    """A clock that is set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 50.0
        monkeypatch.setattr(thought_clock.time, "monotonic", lambda: self.now)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def grown(clock: ThoughtClock, time: Time, *texts: str) -> float:
    """The milliseconds after these texts have come, a second after one another."""
    whole = ""
    for text in texts:
        whole += text
        clock.hear(whole)
        time.now += 1.0
    return clock.ms


@pytest.mark.parametrize(
    ("texts", "seconds"),
    [
        (("<think>", "Hm.", "</think>", "Yes.", " Or no."), 2),
        (("Hm.\n", "So.\n", "</think>\n", "Yes."), 2),
        (("<think>", "Hm.", " Hm."), 2),
        (("Yes.", " Or", " no."), 0),
        (("", "", "<think>", "</think>"), 1),
    ],
    ids=["both marks", "only the end", "never ended", "no thought", "nothing yet"],
)
def test_from_the_first_word_to_the_end_of_the_thought(
    time: Time, texts: tuple[str, ...], seconds: int
) -> None:
    assert grown(ThoughtClock(), time, *texts) == 1000 * seconds


def test_an_answer_that_is_gone_on_with_thinks_on_or_not_at_all(time: Time) -> None:
    assert grown(ThoughtClock("<think>Hm"), time, "<think>Hm", ".", "</think>") == 2000
    assert grown(ThoughtClock("<think>Hm</think>Yes"), time, "<think>Hm</think>Yes", " so") == 0


def test_it_is_kept_with_the_answer(time: Time, tmp_path: object) -> None:
    model = Model(id="m", name="M", weights="int4", folder=tmp_path, context_length=9)  # type: ignore[arg-type]
    begun = Message(Role.ASSISTANT, "<think>Hm", state=State.WRITING)
    due = Due(begun, (), ())
    due.thought.hear("<think>Hm")
    time.now += 3.0
    told = due.ended("<think>Hm.</think>Yes.", State.LENGTH, Statistics(generated_tokens=4), model)
    assert told.statistics
    assert told.statistics.thinking_ms == 3000
    further = Due(replace(told, state=State.WRITING), (), (), begun=told)
    again = further.ended(" More.", State.STOP, Statistics(generated_tokens=2), model)
    assert again.statistics
    assert (again.statistics.thinking_ms, again.statistics.generated_tokens) == (3000, 6)


def test_the_window_hears_of_a_thought_that_the_prompt_opened(
    make_chat: MakeChat, engines: Engines
) -> None:
    """Also when it comes back to the conversation; and the time is kept with the answer."""
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("Why?"))
    request = engine.got(Generate)
    engine.say(events.Fitted(request.request_id, 9, 4096, thinks=True))
    assert chat.until(notices.ContextUsed).thinks == request.request_id
    engine.say(events.Token(request.request_id, "Hm."))
    chat.until(notices.AnswerGrew)
    engine.say(done(request, "Hm. So", State.LENGTH))
    statistics = chat.ended().statistics
    assert statistics
    assert statistics.thinking_ms > 0
