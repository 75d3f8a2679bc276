"""The prefix cache: what is read once is not read again, and nothing of it shows in an answer."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.conversation import State
from desktop.domain.events import Event, Reading, Token
from tests.integration.engine_process import Answer, EngineProcess

pytestmark = pytest.mark.integration

CLOSE = 64  # tokens: two blocks of the cache
CAPITAL = "What is the capital of France?"
STORY = "Tell me a story about a fox."
CELLAR = "The cellar is cool and quiet, and the wine in it is older than the house above. " * 12
LONG = CELLAR * 10  # several pieces, however fast the computer is
MILL = "The mill stands at the river, where the water is loud and the bread is new. " * 12


@pytest.fixture(scope="module")
def other_engine(model_folder: Path) -> Iterator[EngineProcess]:
    """An engine of this module's own, to compare with."""
    engine = EngineProcess()
    engine.load(model_folder)
    yield engine
    engine.end()


def unread(answer: Answer) -> int:
    """Tokens of the prompt that had to be read."""
    return answer.statistics.prompt_tokens - answer.statistics.cached_tokens


def whole(answer: Answer) -> int:
    """Tokens of the conversation up to the end of its answer."""
    return answer.statistics.prompt_tokens + answer.statistics.generated_tokens


def test_a_turn_reads_only_what_is_new(engine: EngineProcess) -> None:
    said = [f"One. {CELLAR}"]
    before = engine.ask(*said)
    for question in ("And then?", "Who lives there?", "Why?"):
        said += [before.text, question]
        answer = engine.ask(*said)
        assert whole(before) - CLOSE < answer.statistics.cached_tokens <= whole(before)
        before = answer


def test_two_conversations_in_turn_keep_what_they_have_read(engine: EngineProcess) -> None:
    one, two = engine.ask(f"Two. {CELLAR}"), engine.ask(f"Two. {MILL}")
    assert unread(two) > 200
    again = engine.ask(f"Two. {CELLAR}", one.text, "Go on.")
    assert again.statistics.cached_tokens > whole(one) - CLOSE
    again = engine.ask(f"Two. {MILL}", two.text, "Go on.")
    assert again.statistics.cached_tokens > whole(two) - CLOSE


def test_regenerating_reads_nothing_again(engine: EngineProcess) -> None:
    first = engine.ask(f"Three. {CELLAR}", temperature=1.0, seed=1)
    assert unread(first) > 200
    assert unread(engine.ask(f"Three. {CELLAR}", temperature=1.0, seed=2)) < CLOSE


def test_editing_the_last_message_reads_that_message(engine: EngineProcess) -> None:
    first = engine.ask(f"Four. {CELLAR}")
    asked = engine.ask(f"Four. {CELLAR}", first.text, f"Compare: {MILL}")
    edited = engine.ask(f"Four. {CELLAR}", first.text, "Make it short.")
    assert unread(asked) > 200
    assert edited.statistics.cached_tokens > whole(first) - CLOSE


def stopping(engine: EngineProcess, kind: type[Event], number: int) -> Callable[[str, Event], None]:
    """Stop at the so-manieth event of a kind."""
    seen: list[Event] = []

    def look(request_id: str, event: Event) -> None:
        if isinstance(event, kind):
            seen.append(event)
            if len(seen) == number:
                engine.stop(request_id)

    return look


def test_what_was_read_before_a_stop_is_not_read_again(engine: EngineProcess) -> None:
    stopped = engine.ask(f"Five. {LONG}", on_event=stopping(engine, Reading, 2))
    assert stopped.state is State.STOPPED
    read = [event.done for event in stopped.events if isinstance(event, Reading)]
    answer = engine.ask(f"Five. {LONG}")
    assert answer.statistics.cached_tokens >= read[1]
    readings = [event.done for event in answer.events if isinstance(event, Reading)]
    assert readings[0] == answer.statistics.cached_tokens


@pytest.mark.parametrize("at", [1, 2, 9])
def test_a_stopped_answer_leaves_no_trace(
    engine: EngineProcess, other_engine: EngineProcess, at: int
) -> None:
    question = f"{STORY} It is called number {at}."
    sampled = {"temperature": 1.0, "seed": 11, "max_new_tokens": 40}
    stopped = engine.ask(question, **sampled, on_event=stopping(engine, Token, at))
    assert stopped.state is State.STOPPED
    fresh = other_engine.ask(question, **sampled)
    assert fresh.text.startswith(stopped.text)
    assert engine.ask(question, **sampled).text == fresh.text
    assert engine.ask(CAPITAL).text == other_engine.ask(CAPITAL).text


def test_a_stop_while_reading_leaves_no_trace(
    engine: EngineProcess, other_engine: EngineProcess
) -> None:
    question = f"Six. {LONG}"
    sampled = {"temperature": 1.0, "seed": 4, "max_new_tokens": 40}
    stopped = engine.ask(question, **sampled, on_event=stopping(engine, Reading, 2))
    assert (stopped.state, stopped.text) == (State.STOPPED, "")
    assert engine.ask(question, **sampled).text == other_engine.ask(question, **sampled).text


def test_the_same_seed_writes_the_same_whatever_the_length_of_the_prompt(
    engine: EngineProcess, other_engine: EngineProcess
) -> None:
    """Cold and from the cache, for prompts that end at each kind of place in a block."""
    sampled = {"temperature": 1.0, "seed": 7, "max_new_tokens": 12}
    empty = engine.ask("a", max_new_tokens=1).statistics.prompt_tokens - 1
    for length in (63, 64, 65, 66, 95, 96, 97):
        question = "a" + " a" * (length - empty - 1)
        cold = other_engine.ask(question, **sampled)
        assert cold.statistics.prompt_tokens == length
        engine.ask(question, max_new_tokens=1)
        warm = engine.ask(question, **sampled)
        assert warm.statistics.cached_tokens >= length - 33
        assert warm.text == cold.text
        assert other_engine.ask(question, **sampled).text == cold.text


def test_reading_counts_what_the_cache_had(engine: EngineProcess) -> None:
    question = f"Seven. {CELLAR * 2}"
    first = engine.ask(question)
    answer = engine.ask(question, first.text, MILL)
    readings = [event for event in answer.events if isinstance(event, Reading)]
    assert readings[0].done == answer.statistics.cached_tokens > 400
    assert readings[0].total == answer.statistics.prompt_tokens
    assert readings[-1].done > readings[0].done


def test_statistics_say_what_an_answer_took(engine: EngineProcess) -> None:
    statistics = engine.ask(STORY, max_new_tokens=20).statistics
    assert statistics.steps == statistics.generated_tokens == 20
    assert statistics.properties == {"KV_CACHE_PRECISION": "f16"}


def test_the_engine_is_free_soon_after_a_stop(engine: EngineProcess) -> None:
    """Nothing of a stopped prompt goes on being read: the next answer does not wait for it."""
    long = f"Eight. {CELLAR * 9}"
    began = time.monotonic()
    unstopped = engine.ask(f"Eight and a half. {CELLAR * 9}", max_new_tokens=1)
    whole_time = time.monotonic() - began
    assert unstopped.state is State.LENGTH
    engine.ask(long, on_event=stopping(engine, Reading, 2))
    began = time.monotonic()
    engine.ask(CAPITAL, max_new_tokens=1)
    assert time.monotonic() - began < whole_time / 3
