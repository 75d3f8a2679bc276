"""The forms in which a conversation can be put to a template that does not take it as it is."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from desktop.engine.protocol import Turn

Turns = tuple[Turn, ...]


def forms(turns: Sequence[Turn]) -> list[Turns]:
    """The conversation as it is, then what comes ever less near to it, without repetitions.

    System texts go to the user's next turn, first those after the beginning, then all of them.
    Where that is not enough, turns of the same role in succession become one.
    """
    as_they_are = tuple(turns)
    one_system = tuple(_folded(turns, keep_first=True))
    no_system = tuple(_folded(turns, keep_first=False))
    systems = (as_they_are, one_system, no_system)
    return list(dict.fromkeys([*systems, *map(_merged, systems)]))


def _folded(turns: Sequence[Turn], *, keep_first: bool) -> Iterator[Turn]:
    waiting: list[str] = []
    for position, turn in enumerate(turns):
        if turn.role == "user":
            yield Turn("user", _joined([*waiting, turn.content]))
            waiting.clear()
        elif turn.role == "system" and not (keep_first and position == 0):
            waiting.extend([turn.content] if turn.content.strip() else [])
        else:
            yield turn
    if waiting:
        yield Turn("user", _joined(waiting))


def _merged(turns: Turns) -> Turns:
    runs = groupby(turns, key=lambda turn: turn.role)
    return tuple(Turn(role, _joined([turn.content for turn in run])) for role, run in runs)


def _joined(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else "\n\n".join(text for text in texts if text.strip())
