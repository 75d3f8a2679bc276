"""Which turns of a long conversation go, and which stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import left_out, overfull, turns, unseen_messages, visible
from desktop.domain.conversation import ContextPolicy, Message, Role

DROP, LAST, ASK = ContextPolicy
BUDGET = 100


@dataclass(frozen=True)
class Talk:
    """Turns with their sizes."""

    roles: tuple[str, ...]
    tokens: tuple[int, ...]

    def until(self, length: int) -> "Talk":
        return Talk(self.roles[:length], self.tokens[:length])

    def gone(self, policy: ContextPolicy = DROP, *, pin: bool = False) -> tuple[int, ...]:
        return left_out(self.roles, self.tokens, BUDGET, policy, pin_first=pin)

    def kept(self, policy: ContextPolicy = DROP, *, pin: bool = False) -> list[int]:
        gone = self.gone(policy, pin=pin)
        return [index for index in range(len(self.roles)) if index not in gone]

    def size(self, indices: Sequence[int]) -> int:
        return sum(self.tokens[index] for index in indices)

    @property
    def last_alone(self) -> list[int]:
        """What nothing can take away: the system texts, and the last question."""
        last = max(index for index, role in enumerate(self.roles) if role == "user")
        return [i for i, role in enumerate(self.roles) if role == "system" or i >= last]


@st.composite
def talks(draw: st.DrawFn, most: int = 40) -> Talk:
    """A system text or none, then questions and answers, a question at the end."""
    sizes = draw(st.lists(st.integers(1, most), min_size=1, max_size=41))
    sizes = sizes[: len(sizes) - (len(sizes) + 1) % 2]
    roles = ["user" if index % 2 == 0 else "assistant" for index in range(len(sizes))]
    if draw(st.booleans()):
        return Talk(("system", *roles), (draw(st.integers(1, most)), *sizes))
    return Talk(tuple(roles), tuple(sizes))


POLICIES = st.sampled_from([DROP, LAST])


def talk(*tokens: int, system: int = 0) -> Talk:
    """Questions and answers of these sizes in turn."""
    roles = ["user" if index % 2 == 0 else "assistant" for index in range(len(tokens))]
    return Talk(("system", *roles), (system, *tokens)) if system else Talk(tuple(roles), tokens)


@given(talks(), POLICIES, st.booleans())
def test_what_stays_never_has_more_than_the_budget(
    talk: Talk, policy: ContextPolicy, pin: bool
) -> None:
    kept = talk.kept(policy, pin=pin)
    assert talk.size(kept) <= BUDGET or kept == talk.last_alone


@given(talks(), POLICIES, st.booleans())
def test_the_last_question_and_the_system_text_always_stay(
    talk: Talk, policy: ContextPolicy, pin: bool
) -> None:
    assert set(talk.last_alone) <= set(talk.kept(policy, pin=pin))


@given(talks(), POLICIES, st.booleans())
def test_what_fits_is_left_whole(talk: Talk, policy: ContextPolicy, pin: bool) -> None:
    if sum(talk.tokens) <= BUDGET:
        assert talk.gone(policy, pin=pin) == ()


@given(talks(), POLICIES, st.booleans())
def test_as_a_talk_grows_what_went_stays_away_and_the_prompt_is_only_added_to(
    talk: Talk, policy: ContextPolicy, pin: bool
) -> None:
    lengths = [i + 1 for i, role in enumerate(talk.roles) if role == "user"]
    for shorter, longer in pairwise(lengths):
        before, after = (talk.until(length).kept(policy) for length in (shorter, longer))
        assert _first_spoken(talk, before) <= _first_spoken(talk, after)
        if _first_spoken(talk, before) == _first_spoken(talk, after):
            assert after[: len(before)] == before


def _first_spoken(talk: Talk, kept: Sequence[int]) -> int:
    return next(index for index in kept if talk.roles[index] != "system")


@given(talks(), POLICIES)
def test_what_stays_begins_with_a_question(talk: Talk, policy: ContextPolicy) -> None:
    assert talk.roles[_first_spoken(talk, talk.kept(policy))] == "user"


@given(talks(most=8))
def test_room_is_made_in_large_steps(talk: Talk) -> None:
    """Where no turn is large: seldom, and then so that half of the budget is free."""
    lengths = [i + 1 for i, role in enumerate(talk.roles) if role == "user"]
    for shorter, longer in pairwise(lengths):
        before, after = talk.until(shorter), talk.until(longer)
        if before.gone() != after.gone():
            assert after.size(after.kept()) <= BUDGET // 2


@given(talks(most=20))
def test_the_first_exchange_stays_when_it_is_pinned(talk: Talk) -> None:
    first = [i for i, role in enumerate(talk.roles) if role != "system"][:2]
    alone = {*talk.last_alone, *first}
    kept = talk.kept(pin=True)
    assert set(first) <= set(kept) or talk.size(sorted(alone)) > BUDGET


def test_the_oldest_go_until_half_is_free() -> None:
    long = talk(10, 20, 10, 20, 10, 20, 20)
    assert long.until(5).gone() == ()
    assert long.gone() == (0, 1, 2, 3)


def test_only_the_question_in_hand_is_kept() -> None:
    long = talk(10, 20, 10, 20, 10, 20, 20, 10, 20, system=5)
    assert long.gone(LAST) == (1, 2, 3, 4, 5, 6)
    assert long.kept(LAST) == [0, 7, 8, 9]


def test_a_large_exchange_that_the_question_is_about_stays_where_it_fits() -> None:
    assert talk(10, 20, 50, 20, 10).gone() == (0, 1)
    assert talk(10, 20, 70, 25, 10).gone() == (0, 1, 2, 3)


def test_a_pinned_exchange_goes_where_it_leaves_no_room_for_the_question() -> None:
    assert talk(40, 40, 5, 5, 15).gone(pin=True) == (2, 3)
    assert talk(40, 40, 5, 5, 25).gone(pin=True) == (0, 1, 2, 3)


def test_turns_after_the_last_question_stay_with_it() -> None:
    with_tool = Talk(("user", "assistant", "user", "assistant", "tool"), (30, 30, 30, 10, 10))
    assert with_tool.gone() == (0, 1)
    begun_by_the_model = Talk(("assistant", "user", "assistant", "user"), (30, 30, 30, 30))
    assert begun_by_the_model.gone() == (0, 1, 2)


def test_a_system_text_in_the_middle_stays() -> None:
    late = Talk(("user", "assistant", "system", "user"), (50, 40, 5, 20))
    assert late.gone() == (0, 1)


@pytest.mark.parametrize("roles", [(), ("system",), ("user",), ("system", "user"), ("assistant",)])
@pytest.mark.parametrize("policy", ContextPolicy)
def test_the_only_turns_stay_however_long(roles: tuple[str, ...], policy: ContextPolicy) -> None:
    assert left_out(roles, [1000] * len(roles), BUDGET, policy) == ()


@given(talks())
def test_nothing_goes_where_the_user_is_to_be_asked(talk: Talk) -> None:
    assert talk.gone(ASK) == ()


def test_a_conversation_that_does_not_fit_is_told_with_the_numbers() -> None:
    problem = overfull(9300, 7935)
    assert "9,300" in problem.what
    assert "7,935" in problem.what
    assert problem.remedy


# the messages of the turns that went


def message(role: Role, text: str) -> Message:
    return Message(role, text, id=text or "nothing")


TALKED = (
    message(Role.USER, "one"),
    message(Role.USER, "two"),
    message(Role.ASSISTANT, "three"),
    message(Role.USER, "failed"),
    message(Role.ASSISTANT, ""),
    message(Role.USER, "four"),
    message(Role.ASSISTANT, "five"),
    message(Role.USER, "six"),
)


@pytest.mark.parametrize(
    ("gone", "ids"),
    [
        ((), ()),
        ((0,), ("one", "two")),
        ((0, 1), ("one", "two", "three")),
        ((0, 1, 2), ("one", "two", "three", "failed", "nothing", "four")),
        ((2, 3), ("failed", "nothing", "four", "five")),
    ],
)
def test_turns_are_told_by_the_ids_of_their_messages(
    gone: tuple[int, ...], ids: tuple[str, ...]
) -> None:
    assert unseen_messages(TALKED, "", gone) == ids
    assert unseen_messages(TALKED, "Be brief.", [index + 1 for index in gone]) == ids


@given(st.lists(st.sampled_from(TALKED), max_size=8), st.sampled_from(["", "Be brief."]))
def test_every_turn_has_its_messages(messages: list[Message], system: str) -> None:
    spoken = [Message(one.role, one.text) for one in messages]
    offset = 1 if system else 0
    for index, (_, text) in enumerate(turns(spoken, system)[offset:], offset):
        gone = unseen_messages(spoken, system, [index])
        texts = [one.text for one in visible(spoken) if one.id in gone]
        assert text == "\n\n".join(texts)
