"""What the real engine answers with the real model."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.conversation import State
from desktop.domain.events import Done, Event, Failed, Reading, Token
from desktop.engine.protocol import Generate, Turn, Unload
from desktop.engine.text_stream import REPLACEMENT
from tests.integration.engine_process import CONTEXT, EngineProcess

pytestmark = pytest.mark.integration

CAPITAL = "What is the capital of France?"
STORY = "Tell me a story about a fox."
SMALL_CONTEXT = 128  # tokens
STOP_WITHIN_S = 1.0


@pytest.fixture(scope="module")
def small_engine(model_folder: Path) -> Iterator[EngineProcess]:
    """Another engine, whose model can read very little."""
    engine = EngineProcess()
    loaded = engine.load(model_folder, context_length=SMALL_CONTEXT)
    assert loaded.context_length == SMALL_CONTEXT
    yield engine
    engine.end()


def test_a_fact(engine: EngineProcess) -> None:
    answer = engine.ask(CAPITAL)
    assert "Paris" in answer.text
    assert answer.state is State.STOP
    statistics = answer.statistics
    assert 20 < statistics.prompt_tokens < 60
    assert 3 < statistics.generated_tokens < 40
    assert statistics.device == "CPU"
    assert statistics.ttft_ms > 0
    assert statistics.tokens_per_s > 0


def test_a_question_that_needs_the_conversation_before_it(engine: EngineProcess) -> None:
    follow_up = "And what language do they speak there?"
    assert "French" in engine.ask(CAPITAL, "The capital of France is Paris.", follow_up).text
    assert "French" not in engine.ask(follow_up).text


def test_the_system_prompt_matters(engine: EngineProcess) -> None:
    plain = engine.ask("Who are you?")
    pirate = engine.ask("Who are you?", system="You are Blackbeard, a pirate. Talk like a pirate.")
    assert plain.text != pirate.text


def test_the_pieces_join_to_the_answer(engine: EngineProcess) -> None:
    answer = engine.ask("Write a sentence in Japanese.", max_new_tokens=60)
    assert "".join(answer.pieces) == answer.text
    assert any(character > "\u3000" for character in answer.text)
    assert not any(REPLACEMENT in piece for piece in answer.pieces[:-1])
    assert len(answer.pieces) > 10


def test_temperature_0_gives_the_same_answer_cold_and_warm(
    engine: EngineProcess, small_engine: EngineProcess
) -> None:
    first = engine.ask(STORY)
    assert engine.ask(STORY).text == first.text
    assert engine.ask(STORY, seed=1).text == first.text
    assert small_engine.ask(STORY).text == first.text


def test_the_same_seed_gives_the_same_answer_cold_and_warm(
    engine: EngineProcess, small_engine: EngineProcess
) -> None:
    cold = small_engine.ask(STORY, temperature=0.9, seed=5)
    assert engine.ask(STORY, temperature=0.9, seed=5).text == cold.text
    assert engine.ask(STORY, temperature=0.9, seed=5).text == cold.text
    assert cold.statistics.sampling["seed"] == 5


def test_another_seed_gives_another_answer_and_a_drawn_one_is_told(engine: EngineProcess) -> None:
    answers = [engine.ask(STORY, temperature=0.9) for _ in range(3)]
    assert len({answer.text for answer in answers}) > 1
    told = answers[0].statistics.sampling["seed"]
    assert isinstance(told, int)
    assert engine.ask(STORY, temperature=0.9, seed=told).text == answers[0].text


def test_top_k_1_and_top_p_0_take_the_likeliest(engine: EngineProcess) -> None:
    likeliest = engine.ask(STORY).text
    assert engine.ask(STORY, temperature=1.5, top_k=1).text == likeliest
    assert engine.ask(STORY, temperature=1.5, top_p=0.0).text == likeliest


def test_repetition_penalty_matters(engine: EngineProcess) -> None:
    assert engine.ask(STORY, repetition_penalty=1.0).text != engine.ask(STORY).text


def test_max_new_tokens(engine: EngineProcess) -> None:
    answer = engine.ask(STORY, max_new_tokens=5)
    assert answer.state is State.LENGTH
    assert answer.statistics.generated_tokens == 5
    assert engine.ask(STORY, max_new_tokens=1).statistics.generated_tokens == 1


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (" Paris", "is"),
        ("Paris.", "is "),
        ("aris", "is P"),
        (" of France is", "city"),
        ("The", ""),
    ],
)
def test_an_answer_ends_before_a_stop_text(engine: EngineProcess, stop: str, text: str) -> None:
    answer = engine.ask(CAPITAL, stop=(stop, "never"))
    assert answer.state is State.STOP
    assert stop not in answer.text
    assert answer.text.endswith(text)
    assert "".join(answer.pieces) == answer.text


def test_a_stop_text_that_does_not_come_changes_nothing(engine: EngineProcess) -> None:
    answer = engine.ask(CAPITAL, stop=("Paris is", "###", "🙂"))
    assert answer.text == engine.ask(CAPITAL).text


# Stop


def stop_at(
    engine: EngineProcess, kind: type[Event], number: int
) -> tuple[Callable[[str, Event], None], list[float]]:
    """Stop at the so-manieth event of a kind, and note when that was."""
    seen: list[Event] = []
    stopped_at: list[float] = []

    def look(request_id: str, event: Event) -> None:
        if isinstance(event, kind):
            seen.append(event)
            if len(seen) == number:
                stopped_at.append(time.monotonic())
                engine.stop(request_id)

    return look, stopped_at


def test_stop_in_the_middle_of_an_answer(engine: EngineProcess) -> None:
    look, stopped_at = stop_at(engine, Token, 5)
    answer = engine.ask(STORY, max_new_tokens=2000, on_event=look)
    assert answer.seconds[-1] - stopped_at[0] < STOP_WITHIN_S
    assert answer.state is State.STOPPED
    assert answer.text == "".join(answer.pieces)
    assert len(answer.pieces) >= 5
    assert answer.statistics.generated_tokens < 200
    assert "Paris" in engine.ask(CAPITAL).text


def test_stop_while_a_long_prompt_is_read(engine: EngineProcess) -> None:
    look, stopped_at = stop_at(engine, Reading, 3)
    answer = engine.ask("seven thousand words " * 2300, on_event=look)
    assert answer.seconds[-1] - stopped_at[0] < STOP_WITHIN_S
    assert answer.state is State.STOPPED
    assert answer.text == ""
    assert "Paris" in engine.ask(CAPITAL).text


def test_stop_for_something_else_is_ignored(engine: EngineProcess) -> None:
    engine.stop("nobody")
    assert "Paris" in engine.ask(CAPITAL).text


def test_stop_before_the_question_stops_it_at_once(engine: EngineProcess) -> None:
    engine.stop("early")
    values = engine.ask(CAPITAL).statistics.sampling
    engine.send(Generate("early", (Turn("user", STORY),), values))
    done = engine.until(Done)
    assert isinstance(done, Done)
    assert (done.request_id, done.text, done.state) == ("early", "", State.STOPPED)


# long conversations


def test_reading_is_told_as_it_goes_on(engine: EngineProcess) -> None:
    answer = engine.ask("one two three four " * 200, max_new_tokens=2)
    readings = [event for event in answer.events if isinstance(event, Reading)]
    total = answer.statistics.prompt_tokens
    assert len(readings) > 2
    assert [reading.total for reading in readings] == [total] * len(readings)
    done = [reading.done for reading in readings]
    assert done == sorted(done)
    assert done[-1] <= total


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("word " * 9500, "9,5"), ("a megabyte of text " * 55_000, "330,")],
    ids=["9,500 tokens", "1 MB"],
)
def test_a_conversation_that_is_too_long_is_refused_with_numbers(
    engine: EngineProcess, text: str, tokens: str
) -> None:
    failed = engine.ask(text).failed
    assert f"has {tokens}" in failed.what
    assert f"can read {CONTEXT - 1:,}" in failed.what
    assert failed.remedy
    assert "Paris" in engine.ask(CAPITAL).text


def test_an_answer_ends_where_the_context_is_full(small_engine: EngineProcess) -> None:
    answer = small_engine.ask(STORY, max_new_tokens=2000)
    assert answer.state is State.LENGTH
    statistics = answer.statistics
    assert statistics.prompt_tokens + statistics.generated_tokens == SMALL_CONTEXT
    assert "Paris" in small_engine.ask(CAPITAL).text


def test_the_longest_prompt_that_fits_and_one_token_more(small_engine: EngineProcess) -> None:
    empty = small_engine.ask("a", max_new_tokens=1).statistics.prompt_tokens - 1
    fits = "a" + " a" * (SMALL_CONTEXT - empty - 2)
    answer = small_engine.ask(fits, max_new_tokens=10)
    assert answer.statistics.prompt_tokens == SMALL_CONTEXT - 1
    assert answer.statistics.generated_tokens == 1
    assert isinstance(small_engine.ask(fits + " a").events[-1], Failed)


# tokens


def test_tokens_are_counted(engine: EngineProcess) -> None:
    assert engine.counts("", "Hello world", "<|im_end|>") == (0, 2, 1)
    one, hundred = engine.counts(" cellar", " cellar" * 100)
    assert hundred == 100 * one


def test_a_long_text_is_counted_whole(engine: EngineProcess) -> None:
    assert engine.count("word " * 20_000) == pytest.approx(20_000, rel=0.01)


def test_without_a_model_there_is_no_answer_but_a_sentence(small_engine: EngineProcess) -> None:
    small_engine.send(Unload())
    failed = small_engine.ask(CAPITAL).failed
    assert (failed.what, failed.remedy) == ("No model is loaded.", "Choose a model first.")
