"""Long conversations with the real model, its context made small: nothing is cut silently."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from desktop.domain.conversation import ContextPolicy
from desktop.domain.events import Failed, Fitted, Overfull
from desktop.domain.sampling import Values, checked_values, defaults
from desktop.engine.protocol import Fit, Generate, Turn
from tests.integration.engine_process import Answer, EngineProcess

pytestmark = pytest.mark.integration

SMALL = 512  # tokens
RESERVE = 16
SYSTEM = Turn("system", "You answer in one short sentence about the cellar, and never about wine.")
QUESTIONS = (
    "What is kept in the cellar? Tell me about apples, potatoes and the shelf on the left.",
    "How cold is it there in summer? 🙂 Give the number in degrees.",
    "Who has the key? Say the name of the person, and where she keeps it during the week.",
    "世界で一番古い地下室はどこですか。",
    "for i in range(10):\n    print(f'{i:>4}')\n\nWhat does this print? Answer in a few words.",
)


@pytest.fixture(scope="module")
def small(model_folder: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess()
    assert engine.load(model_folder, context_length=SMALL).context_length == SMALL
    yield engine
    engine.end()


def values(max_new_tokens: int = RESERVE) -> Values:
    return defaults() | checked_values({"temperature": 0.0, "max_new_tokens": max_new_tokens})


def ask(
    engine: EngineProcess,
    turns: Sequence[Turn],
    policy: ContextPolicy = ContextPolicy.DROP_OLDEST,
    *,
    pin_first: bool = False,
) -> tuple[Fitted, Answer]:
    answer = engine.answer(Generate("turn", tuple(turns), values(), policy, pin_first))
    fitted = answer.events[0]
    assert isinstance(fitted, Fitted), fitted
    return fitted, answer


def fit(
    engine: EngineProcess,
    turns: Sequence[Turn],
    policy: ContextPolicy = ContextPolicy.DROP_OLDEST,
) -> Fitted | Overfull | Failed:
    engine.send(Fit("fit", tuple(turns), values(), policy))
    told = engine.until(Fitted, Overfull, Failed)
    assert isinstance(told, (Fitted, Overfull, Failed))
    return told


@pytest.mark.parametrize("policy", [ContextPolicy.DROP_OLDEST, ContextPolicy.LAST_EXCHANGE])
def test_a_conversation_goes_on_however_long_it_grows(
    small: EngineProcess, policy: ContextPolicy
) -> None:
    turns = [SYSTEM]
    drops, known = 0, 0  # tokens that the prompt before has, or begins with
    unseen: tuple[int, ...] = ()
    for number in range(24):
        turns.append(Turn("user", f"{number}. {QUESTIONS[number % len(QUESTIONS)]}"))
        fitted, answer = ask(small, turns, policy)
        assert answer.statistics.prompt_tokens == fitted.used <= SMALL - RESERVE
        assert fitted.available == SMALL
        assert answer.text
        assert 0 not in fitted.unseen
        assert len(turns) - 1 not in fitted.unseen
        assert set(unseen) <= set(fitted.unseen)
        if fitted.unseen == unseen:
            assert answer.statistics.cached_tokens >= min(known // 32 * 32 - 32, fitted.used - 64)
        else:
            drops += 1
        unseen, known = fitted.unseen, fitted.used
        turns.append(Turn("assistant", answer.text))
    assert 2 <= drops <= 8


def test_the_first_exchange_stays_when_it_is_pinned(small: EngineProcess) -> None:
    turns = [Turn("user", "My name is Zebedee. Remember it."), Turn("assistant", "I will.")]
    for number in range(12):
        question = Turn("user", QUESTIONS[number % len(QUESTIONS)])
        turns += [question, Turn("assistant", "It is as it is. " * 3)]
    turns.append(Turn("user", "What is my name?"))
    pinned, _ = ask(small, turns, pin_first=True)
    assert pinned.unseen
    assert not {0, 1} & set(pinned.unseen)
    free, _ = ask(small, turns)
    assert {0, 1} < set(free.unseen)


@pytest.mark.parametrize("policy", ContextPolicy)
@pytest.mark.parametrize("before", [(), (Turn("user", "Hello"), Turn("assistant", "Hi."))])
def test_a_message_that_is_too_long_by_itself_is_refused_with_the_numbers(
    small: EngineProcess, policy: ContextPolicy, before: tuple[Turn, ...]
) -> None:
    long = Turn("user", "word " * 600)
    answer = small.answer(Generate("turn", (*before, long), values(), policy))
    assert [type(event) for event in answer.events] == [Failed]
    assert "Your message has 63" in answer.failed.what
    assert f"can read {SMALL - 1} at once" in answer.failed.what
    assert answer.failed.remedy


def test_the_user_is_asked_and_may_then_choose(small: EngineProcess) -> None:
    long = Turn("assistant", "word " * 400)
    turns = (Turn("user", "Hello"), long, Turn("user", "What is the capital of France?"))
    assert ask(small, turns[:1], ContextPolicy.ASK)[0].unseen == ()
    more = (*turns[:2], Turn("user", "Go on. " * 30), Turn("assistant", "No."), turns[2])
    asked = small.answer(Generate("turn", more, values(), ContextPolicy.ASK))
    (told,) = asked.events
    assert isinstance(told, Overfull)
    assert told.available == SMALL - RESERVE < told.needed
    fitted, answer = ask(small, more, ContextPolicy.LAST_EXCHANGE)
    assert "Paris" in answer.text
    assert fitted.unseen
    assert fit(small, more, ContextPolicy.ASK) == Overfull("fit", told.needed, told.available)


def test_what_would_be_seen_is_told_without_an_answer(small: EngineProcess) -> None:
    empty = fit(small, ())
    assert isinstance(empty, Fitted)
    assert 0 < empty.used < 50
    turns = (Turn("user", "Hello"), Turn("assistant", "word " * 300))
    fits = fit(small, turns)
    assert isinstance(fits, Fitted)
    assert fits.unseen == ()
    question = Turn("user", "Go on.")
    assert ask(small, (*turns, question))[0].used == pytest.approx(fits.used + 3, abs=1)
    longer = fit(small, (*turns, question, Turn("assistant", "word " * 200)))
    assert isinstance(longer, Fitted)
    assert longer.unseen == (0, 1)


def test_control_signs_that_are_broken_up_do_not_break_the_budget(small: EngineProcess) -> None:
    """They have more tokens in a prompt than in a message."""
    signs = Turn("user", "<|im_end|> " * 60)
    turns = [signs, Turn("assistant", "No."), signs, Turn("assistant", "No."), Turn("user", "Hi")]
    fitted, answer = ask(small, turns)
    assert answer.statistics.prompt_tokens == fitted.used <= SMALL - RESERVE
    assert fitted.unseen
