"""Fitting a conversation into a context: with words for tokens, and a template of a few."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from desktop.domain import events
from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.domain.sampling import defaults
from desktop.engine.budget import Budget, Fitting
from desktop.engine.protocol import Fit, Generate, Turn

CONTEXT = 100
RESERVE = 20  # words, of the answer
ROOM = CONTEXT - RESERVE


class Model:
    """Counts words; its template writes a word before each text, one at the start and the end."""

    def __init__(self, *, hides_reasoning: bool = False) -> None:
        self.counted: list[str] = []
        self._hides_reasoning = hides_reasoning

    def count(self, text: str) -> int:
        self.counted.append(text)
        return len(text.split())

    def render(self, turns: Sequence[Turn]) -> str:
        texts = [f"<{turn.role}> {self._text(turn)}" for turn in turns]
        return " ".join(["<begin>", *texts, "<answer>"])

    def _text(self, turn: Turn) -> str:
        return turn.content.partition("</think>")[2] if self._hides(turn) else turn.content

    def _hides(self, turn: Turn) -> bool:
        return self._hides_reasoning and "</think>" in turn.content

    def budget(self, prompt_limit: int = CONTEXT - 1) -> Budget:
        return Budget(self.count, self.render, CONTEXT, prompt_limit)


def words(number: int, word: str = "w") -> str:
    return " ".join(f"{word}{index}" for index in range(number))


def talk(*sizes: int, system: int = 0) -> tuple[Turn, ...]:
    """Questions and answers in turn, each of so many words of its own."""
    spoken = [
        Turn("user" if index % 2 == 0 else "assistant", words(size, f"{index}."))
        for index, size in enumerate(sizes)
    ]
    return (*([Turn("system", words(system, "s"))] if system else []), *spoken)


def request(
    turns: Sequence[Turn],
    policy: ContextPolicy = ContextPolicy.DROP_OLDEST,
    *,
    max_new_tokens: int = RESERVE,
    pin_first: bool = False,
) -> Generate:
    values = defaults() | {"max_new_tokens": max_new_tokens}
    return Generate("a", tuple(turns), values, policy, pin_first)


def fitted(fitting: Fitting) -> events.Fitted:
    assert isinstance(fitting.report, events.Fitted), fitting
    return fitting.report


def test_a_conversation_that_fits_is_sent_whole() -> None:
    model = Model()
    turns = talk(10, 20, 5, system=4)
    fitting = model.budget().fit(request(turns))
    assert fitting.prompt == model.render(turns)
    assert fitting.report == events.Fitted("a", 39 + 4 + 2, CONTEXT)


def test_what_just_fits_and_one_word_more() -> None:
    frames = 2 + 3
    exact = talk(10, 20, ROOM - 30 - frames)
    assert fitted(Model().budget().fit(request(exact))).used == ROOM
    over = talk(10, 20, ROOM - 30 - frames + 1)
    assert fitted(Model().budget().fit(request(over))).unseen == (0, 1)


@pytest.mark.parametrize("policy", [ContextPolicy.DROP_OLDEST, ContextPolicy.LAST_EXCHANGE])
@pytest.mark.parametrize("system", [0, 6])
@pytest.mark.parametrize("pin", [False, True])
def test_over_many_turns_no_prompt_is_too_long_and_most_only_grow(
    policy: ContextPolicy, system: int, pin: bool
) -> None:
    model = Model()
    budget = model.budget()
    sizes = [(7 * number) % 9 + 2 for number in range(81)]
    prompts: list[str] = []
    for length in range(1, len(sizes) + 1, 2):
        turns = talk(*sizes[:length], system=system)
        fitting = budget.fit(request(turns, policy, pin_first=pin))
        used = fitted(fitting).used
        assert used == len(fitting.prompt.split()) <= ROOM
        assert turns[-1].content in fitting.prompt
        assert not system or turns[0].content in fitting.prompt
        prompts.append(fitting.prompt)
    grown = [new.startswith(old.removesuffix("<answer>")) for old, new in pairwise(prompts)]
    assert grown.count(False) in range(3, len(grown) // 3)


def test_what_was_left_out_is_told_and_is_not_in_the_prompt() -> None:
    turns = talk(30, 30, 10, 10, 5, system=3)
    fitting = Model().budget().fit(request(turns))
    assert fitted(fitting).unseen == (1, 2)
    for index, turn in enumerate(turns):
        assert (turn.content in fitting.prompt) == (index not in (1, 2))


def test_the_reserve_for_the_answer_is_a_quarter_at_most() -> None:
    turns = talk(30, 30, 10)
    assert fitted(Model().budget().fit(request(turns, max_new_tokens=4000))).used == 75
    assert fitted(Model().budget().fit(request(turns, max_new_tokens=1))).used == 75
    longer = talk(30, 30, 11)
    assert fitted(Model().budget().fit(request(longer, max_new_tokens=4000))).unseen == (0, 1)
    assert fitted(Model().budget().fit(request(longer, max_new_tokens=1))).unseen == ()


def test_a_device_that_reads_less_has_less_room() -> None:
    turns = talk(10, 20, 10)
    assert fitted(Model().budget(prompt_limit=40).fit(request(turns))).unseen == (0, 1)
    with pytest.raises(Problem, match=r"has 43 tokens.* can read 40"):
        Model().budget(prompt_limit=40).fit(request(talk(40)))


@pytest.mark.parametrize("policy", ContextPolicy)
def test_a_single_message_may_take_the_reserve_but_not_more(policy: ContextPolicy) -> None:
    budget = Model().budget()
    assert fitted(budget.fit(request(talk(96), policy))).used == 99
    for turns in (talk(97), talk(5, 5, 97)):
        with pytest.raises(Problem, match=r"Your message has 100 tokens.* can read 99") as caught:
            budget.fit(request(turns, policy))
        assert caught.value.remedy
    with pytest.raises(Problem, match="Your message and the system prompt have 104 tokens"):
        budget.fit(request(talk(50, system=50), policy))


def test_the_user_is_asked_before_anything_is_left_out() -> None:
    turns = talk(30, 30, 30)
    fitting = Model().budget().fit(request(turns, ContextPolicy.ASK))
    assert fitting == Fitting(events.Overfull("a", 95, ROOM))
    fits = talk(30, 30, 10)
    assert fitted(Model().budget().fit(request(fits, ContextPolicy.ASK))).unseen == ()


def test_the_same_message_is_counted_once() -> None:
    model = Model()
    budget = model.budget()
    turns = talk(5, 6, 7)
    budget.fit(request(turns))
    model.counted.clear()
    budget.fit(request((*turns, *talk(3, 4))))
    assert not {turn.content for turn in turns} & set(model.counted)


def test_what_would_be_seen_is_told_for_the_next_question() -> None:
    def fit(turns: Sequence[Turn], policy: ContextPolicy) -> events.Fitted | events.Overfull:
        values = defaults() | {"max_new_tokens": RESERVE}
        return Model().budget().fit(Fit("f", tuple(turns), values, policy)).report

    drop, ask = ContextPolicy.DROP_OLDEST, ContextPolicy.ASK
    assert fit((), drop) == events.Fitted("f", 3, CONTEXT)
    assert fit(talk(10, 20), drop) == events.Fitted("f", 35, CONTEXT)
    assert fit(talk(30, 30, 5, 5, 5), drop) == events.Fitted("f", 20, CONTEXT, (0, 1))
    assert fit(talk(30, 30, 5, 15), drop) == events.Fitted("f", 25, CONTEXT, (0, 1))
    assert fit(talk(30, 30, 5, 15), ask) == events.Overfull("f", 87, ROOM)


def test_reasoning_that_the_template_leaves_out_takes_no_room() -> None:
    turns = (
        Turn("user", words(5)),
        Turn("assistant", f"<think> {words(200)} </think> {words(5)}"),
        Turn("user", words(5)),
    )
    fitting = Model(hides_reasoning=True).budget().fit(request(turns))
    assert fitting.report == events.Fitted("a", 20, CONTEXT)
    assert fitted(Model().budget().fit(request(turns))).unseen == (0, 1)


def test_a_prompt_that_is_longer_than_its_parts_is_cut_down_further() -> None:
    class Grudging(Model):
        def render(self, turns: Sequence[Turn]) -> str:
            extra = words(3 * len(turns), "extra") if len(turns) > 3 else ""
            return f"{super().render(turns)} {extra}"

    turns = talk(8, 8, 8, 8, 8, 8, 8)
    assert sum(len(turn.content.split()) + 1 for turn in turns) + 2 < ROOM
    fitting = Grudging().budget().fit(request(turns))
    assert fitted(fitting).unseen
    assert fitted(fitting).used <= ROOM


def test_a_template_for_one_question_only_still_gets_one() -> None:
    class Single(Model):
        def render(self, turns: Sequence[Turn]) -> str:
            if len(turns) > 1:
                raise Problem("Only one question.")
            return super().render(turns)

    assert fitted(Single().budget().fit(request(talk(10)))).used == 13
    assert fitted(Single().budget().fit(request(talk(50, 20, 10)))).unseen == (0, 1)
