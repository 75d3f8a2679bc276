"""What of a conversation the model is given to read."""

from collections.abc import Sequence
from itertools import accumulate, groupby

from desktop.domain.conversation import ContextPolicy, Message, Role
from desktop.domain.errors import Problem
from desktop.domain.words import number, tr

LASTING = (Role.SYSTEM.value, "developer")  # roles of turns that are never left out


def visible(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages without the exchanges that came to nothing.

    A question whose answer failed or was stopped before its first word is left out with it, so
    that one message that is too long does not spoil all that follow. The last message stays.
    """
    kept: list[Message] = []
    for message in messages:
        if message.role is Role.ASSISTANT and not message.text:
            while kept and kept[-1].role is Role.USER:
                kept.pop()
        else:
            kept.append(message)
    return tuple(kept)


def turns(messages: Sequence[Message], system_prompt: str) -> tuple[tuple[str, str], ...]:
    """Role and text of each turn to be sent, the system prompt first when there is one.

    Neighbours of the same role are joined: many chat templates refuse them.
    """
    system = ((Role.SYSTEM.value, system_prompt),) if system_prompt.strip() else ()
    spoken = ((run[0].role.value, "\n\n".join(one.text for one in run)) for run in _runs(messages))
    return (*system, *spoken)


def unseen_messages(
    messages: Sequence[Message], system_prompt: str, left_out: Sequence[int]
) -> tuple[str, ...]:
    """The ids of the messages in these of the `turns`, and of those between that are in no turn."""
    system: list[tuple[Message, ...]] = [()] if system_prompt.strip() else []
    by_turn = system + _runs(messages)
    gone = {message.id for index in left_out for message in by_turn[index]}
    ids = [message.id for message in messages]
    newest = max((place for place, id_ in enumerate(ids) if id_ in gone), default=-1)
    seen = {message.id for run in by_turn for message in run} - gone
    return tuple(id_ for id_ in ids[: newest + 1] if id_ not in seen)


def _runs(messages: Sequence[Message]) -> list[tuple[Message, ...]]:
    return [tuple(run) for _, run in groupby(visible(messages), key=lambda one: one.role)]


def too_long(needed: int, available: int) -> Problem:
    """A message that alone is more than a model can read."""
    return Problem(
        tr(
            "Your message has {used} tokens; this model can read {limit} at once.",
            used=number(needed),
            limit=number(available),
        ),
        tr("Shorten it, or choose a model that can read more."),
    )


def overfull(needed: int, available: int) -> Problem:
    """A conversation that does not fit, where it is for the user to say what to do."""
    return Problem(
        tr(
            "This conversation has {needed} tokens; to answer it, this model can read"
            " {available} at once.",
            needed=number(needed),
            available=number(available),
        ),
        tr("Leave out the oldest turns, or keep only the last exchange."),
    )


def left_out(
    roles: Sequence[str],
    tokens: Sequence[int],
    budget: int,
    policy: ContextPolicy,
    *,
    pin_first: bool = False,
) -> tuple[int, ...]:
    """The indices of the turns that are not sent, so that the others have at most `budget` tokens.

    What stays begins with a question, and the last question always stays, also when it alone has
    more. The same turns give the same choice however many follow, and a choice holds until it is
    full: so the prompt of a turn is the beginning of the next one's, which the model need not
    read again. Policy ASK leaves out nothing.
    """
    walk = _Walk(roles, tokens, pin_first=pin_first)
    return () if policy is ContextPolicy.ASK else walk.left_out(budget, policy)


class _Walk:
    """From the first exchange to the last, as the conversation grew. An exchange is its number."""

    def __init__(self, roles: Sequence[str], tokens: Sequence[int], *, pin_first: bool) -> None:
        self._spoken = [index for index, role in enumerate(roles) if role not in LASTING]
        questions = [index for index in self._spoken if roles[index] == Role.USER.value]
        self._borders = [*self._spoken[:1], *questions[1:]]
        self._pinned = self._borders[1] if pin_first and len(self._borders) > 1 else 0
        self._count = len(roles)
        lasting = [tokens[i] if role in LASTING else 0 for i, role in enumerate(roles)]
        spoken = [tokens[i] - lasting[i] for i in range(len(roles))]
        self._lasting_before = [0, *accumulate(lasting)]
        self._spoken_before = [0, *accumulate(spoken)]

    def left_out(self, budget: int, policy: ContextPolicy) -> tuple[int, ...]:
        """The indices of all turns that go."""
        start, last = 0, len(self._borders) - 1
        for question in range(1, last + 1):
            if self._cost(start, question) > budget:
                start = self._next_start(start, question, budget, policy)
        if start == 0:
            return ()
        pinned = self._pinned if self._cost(start, last) <= budget else 0
        return tuple(i for i in self._spoken if pinned <= i < self._borders[start])

    def _next_start(self, start: int, question: int, budget: int, policy: ContextPolicy) -> int:
        if policy is ContextPolicy.LAST_EXCHANGE:
            return question
        for later in range(start + 1, question):
            if self._cost(later, question) <= budget // 2:
                return later
        before = question - 1  # what the question is most likely about
        fits = before > start and self._cost(before, question) <= budget
        return before if fits else question

    def _cost(self, start: int, question: int) -> int:
        """Tokens of a prompt that begins with an exchange and ends with a question."""
        is_last = question == len(self._borders) - 1
        end = self._count if is_last else self._borders[question] + 1
        pinned = self._spoken_before[self._pinned] if start else 0
        spoken = self._spoken_before[end] - self._spoken_before[self._borders[start]]
        return self._lasting_before[end] + pinned + spoken
