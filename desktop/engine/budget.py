"""What of a conversation fits into the model's context, counted with the model's own tokenizer."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from desktop.domain import context, events, thinking
from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.domain.sampling import Values
from desktop.domain.words import mark, number, tr
from desktop.engine.prompt.reasoning import parted
from desktop.engine.protocol import Fit, Generate, Turn

MESSAGES_KNOWN = 4096  # whose tokens need not be counted again
LARGEST_RESERVE = 4  # the answer's part of the context, at most: one in so many
FRAME = 8  # tokens around a message, where the template does not let itself be measured
PROBE = "x"

T = TypeVar("T")

_QUESTION = Turn("user", PROBE)


@dataclass(frozen=True, slots=True)
class Fitting:
    """What to tell of a request, and the prompt to answer; none where the user is to be asked."""

    report: events.Fitted | events.Overfull
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class _Frames:
    """Tokens that the template adds: once, and around a message of each kind."""

    once: int
    spoken: int
    system: int


class Budget:
    """Of one loaded model. `prompt_limit` is the most tokens that a prompt may have."""

    def __init__(
        self,
        count: Callable[[str], int],
        render: Callable[[Sequence[Turn]], str],
        context_length: int,
        prompt_limit: int,
    ) -> None:
        self._count_anew = count
        self._count = functools.lru_cache(MESSAGES_KNOWN)(count)
        self._render = render
        self._context_length = context_length
        self._prompt_limit = prompt_limit

    def fit(self, request: Generate | Fit) -> Fitting:
        """The prompt of as many turns as fit. Raises Problem when the last one alone does not."""
        turns = request.turns
        if isinstance(request, Fit) and (not turns or turns[-1].role != "user"):
            turns = (*turns, Turn("user", ""))  # what the next question will find
        available = self._available(request.sampling)
        roles, sizes = [turn.role for turn in turns], [self._size(turn) for turn in turns]
        all_but_last = context.left_out(roles, sizes, -1, ContextPolicy.LAST_EXCHANGE)
        room = available - self._frames.once
        while True:
            unseen = context.left_out(
                roles, sizes, room, request.context_policy, pin_first=request.pin_first
            )
            prompt = self._render(_without(turns, unseen))
            used = self._count_anew(prompt)
            if used <= (self._prompt_limit if unseen == all_but_last else available):
                report = events.Fitted(
                    request.request_id,
                    used,
                    self._context_length,
                    unseen,
                    thinks=thinking.opens(prompt),
                )
                return Fitting(report, prompt)
            if unseen == all_but_last:
                raise self._too_long(turns, used)
            if request.context_policy is ContextPolicy.ASK:
                self._check_last(turns, all_but_last)
                return Fitting(events.Overfull(request.request_id, used, available))
            room = sum(_without(sizes, unseen)) - 1  # the sizes said that it would fit

    def _available(self, values: Values) -> int:
        """Tokens that a prompt may have and leave room for the answer."""
        wanted = values["max_new_tokens"]
        most = self._context_length // LARGEST_RESERVE
        reserve = min(wanted, most) if isinstance(wanted, int) else most
        return min(self._prompt_limit, self._context_length - reserve)

    def _check_last(self, turns: Sequence[Turn], all_but_last: Sequence[int]) -> None:
        used = self._count_anew(self._render(_without(turns, all_but_last)))
        if used > self._prompt_limit:
            raise self._too_long(turns, used)

    def _too_long(self, turns: Sequence[Turn], used: int) -> Problem:
        with_system = any(turn.role in context.LASTING for turn in turns)
        if with_system:
            what = mark(
                "Your message and the system prompt have {used} tokens; this model can read"
                " {limit} at once."
            )
        else:
            what = mark("Your message has {used} tokens; this model can read {limit} at once.")
        return Problem(
            tr(what, used=number(used), limit=number(self._prompt_limit)),
            tr("Shorten it, or choose a model that can read more."),
        )

    def _size(self, turn: Turn) -> int:
        """Tokens of a turn in a prompt, its frame among them."""
        if turn.role in context.LASTING:
            return self._count(turn.content) + self._frames.system
        if turn.role == "assistant" and parted(turn.content)[0]:
            return self._size_of_reasoned(turn.content)
        return self._count(turn.content) + self._frames.spoken

    def _size_of_reasoned(self, text: str) -> int:
        """Most templates leave the reasoning of earlier answers out: only a prompt can tell."""
        around = self._prompt_tokens(_QUESTION, Turn("assistant", text), _QUESTION)
        question = self._count(PROBE) + self._frames.spoken
        return around - self._frames.once - 2 * question

    @functools.cached_property
    def _frames(self) -> _Frames:
        probe = self._count(PROBE)
        one = self._prompt_tokens(_QUESTION)
        try:
            three = self._prompt_tokens(_QUESTION, Turn("assistant", PROBE), _QUESTION)
            spoken = -((one + 2 * probe - three) // 2)  # half of the difference, rounded up
            system = self._prompt_tokens(Turn("system", PROBE), _QUESTION) - one - probe
        except Problem:  # of a template that takes one question only
            spoken = system = FRAME
        return _Frames(one - probe - spoken, spoken, system)

    def _prompt_tokens(self, *turns: Turn) -> int:
        return self._count(self._render(turns))


def _without(items: Sequence[T], indices: Sequence[int]) -> list[T]:
    gone = set(indices)
    return [item for index, item in enumerate(items) if index not in gone]
