"""One answer as it grows: which tokens are decoded together, and what is told at the end."""

from collections.abc import Sequence

import pytest

from desktop.domain.conversation import State
from desktop.domain.events import Done, Reading, Token
from desktop.domain.sampling import defaults
from desktop.engine import runtime
from desktop.engine.clock import Clock
from desktop.engine.runtime import PIECE_S, Answer
from desktop.engine.text_stream import TextStream


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now


class Model:
    """What an answer tells of the model."""

    device = "CPU"
    properties = {"INFERENCE_PRECISION_HINT": "f32"}  # noqa: RUF012 (never changed)
    adapters = {"pirate-1a2b3c4d": 0.5}  # noqa: RUF012 (never changed)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(runtime, "time", time)
    return time


def letters(ids: Sequence[int]) -> str:
    return "".join(chr(number) for number in ids)


def answer(*stops: str) -> Answer:
    return Answer("one", 7, defaults(), TextStream(letters, stops), Clock())


def texts(events: Sequence[Token | Done]) -> list[str]:
    return [event.text for event in events if isinstance(event, Token)]


def test_tokens_that_come_slowly_are_each_shown_at_once(time: Time) -> None:
    growing = answer()
    for letter in "abc":
        assert texts(list(growing.write([ord(letter)], State.STOP))) == [letter]
        time.now += 2 * PIECE_S


def test_tokens_that_come_fast_are_decoded_together_and_none_is_lost(time: Time) -> None:
    growing = answer()
    pieces: list[str] = []
    for letter in "Once upon":
        pieces += texts(list(growing.write([ord(letter)], State.LENGTH)))
        time.now += PIECE_S / 3 + 0.001
    assert pieces == ["O", "nce", " up"]
    end = list(growing.finish(Model()))  # type: ignore[arg-type]
    assert texts(end) == ["on"]
    done = end[-1]
    assert isinstance(done, Done)
    assert (done.text, done.state) == ("Once upon", State.LENGTH)
    assert done.statistics.generated_tokens == done.statistics.steps == 9
    assert done.statistics.prompt_tokens == 7
    assert done.statistics.properties == Model.properties
    assert done.statistics.adapters == Model.adapters


def test_an_answer_that_may_end_at_a_text_is_looked_at_after_each_token(time: Time) -> None:
    growing = answer("pon")
    shown: list[str] = []
    for letter in "Once upon a":
        shown += texts(list(growing.write([ord(letter)], State.LENGTH)))
        if growing.ended:
            break
    assert letter == "n"
    assert "".join(shown) == "Once u"
    assert growing.state is State.STOP


def test_no_more_is_read_than_there_is() -> None:
    assert answer().reading(32) == Reading("one", 7, 7)
