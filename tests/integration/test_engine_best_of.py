"""Several answers, of which the model keeps the likeliest; and guessing from the prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.conversation import State
from desktop.domain.events import Event, Loaded, Reading
from desktop.engine.protocol import Load
from tests.integration.engine_process import CONTEXT, EngineProcess

pytestmark = pytest.mark.integration

STORY = "Tell me a story about a fox."
REPEAT = (
    "Repeat this text word for word: The quick brown fox jumps over the lazy dog near the river"
    " bank while the sun sets slowly behind the old stone mill and the miller closes the door."
)
SAMPLED = {"temperature": 1.0, "seed": 5, "max_new_tokens": 16}


def test_the_likeliest_of_several_is_kept(engine: EngineProcess) -> None:
    one = engine.ask(STORY, **SAMPLED)
    best = engine.ask(STORY, **SAMPLED, best_of=4)
    assert best.text != one.text
    assert best.state is State.LENGTH
    assert best.statistics.generated_tokens == 16
    assert best.statistics.sampling["best_of"] == 4
    assert best.statistics.tokens_per_s > 0
    assert "".join(best.pieces) == best.text
    assert engine.ask(STORY, **SAMPLED, best_of=4).text == best.text


def test_greedy_answers_are_all_the_same(engine: EngineProcess) -> None:
    assert engine.ask(STORY, best_of=4).text == engine.ask(STORY).text


def test_each_of_several_ends_before_a_stop_text(engine: EngineProcess) -> None:
    for seed in range(3):
        answer = engine.ask(STORY, temperature=1.0, seed=seed, best_of=3, stop=(" the", "e "))
        assert " the" not in answer.text
        assert "e " not in answer.text


def test_a_stop_keeps_what_was_written_of_the_best(engine: EngineProcess) -> None:
    seen: list[Event] = []

    def look(request_id: str, event: Event) -> None:
        seen.append(event)
        if isinstance(event, Reading) and len(seen) == 6:
            engine.stop(request_id)

    answer = engine.ask(STORY, temperature=1.0, best_of=3, max_new_tokens=1000, on_event=look)
    assert answer.state is State.STOPPED
    assert answer.text
    assert answer.statistics.generated_tokens < 500


@pytest.fixture(scope="module")
def guessing_engine(model_folder: Path) -> Iterator[EngineProcess]:
    """An engine that guesses the next tokens from the prompt."""
    engine = EngineProcess()
    engine.send(Load(str(model_folder), "CPU", context_length=CONTEXT, prompt_lookup=True))
    assert isinstance(engine.until(Loaded), Loaded)
    yield engine
    engine.end()


def test_guessing_takes_fewer_steps_where_the_answer_repeats_the_prompt(
    guessing_engine: EngineProcess,
) -> None:
    answer = guessing_engine.ask(REPEAT, repetition_penalty=1.0, max_new_tokens=40)
    statistics = answer.statistics
    assert statistics.generated_tokens > 10
    assert statistics.generated_tokens / statistics.steps > 1.5
    assert "".join(answer.pieces) == answer.text


def test_guessing_reads_long_prompts_in_pieces_and_only_once(
    guessing_engine: EngineProcess,
) -> None:
    long = "one two three four five " * 120
    first = guessing_engine.ask(long)
    assert len([event for event in first.events if isinstance(event, Reading)]) > 2
    again = guessing_engine.ask(long)
    assert again.statistics.prompt_tokens - again.statistics.cached_tokens < 64
    assert guessing_engine.ask(long, max_new_tokens=1).statistics.generated_tokens == 1
