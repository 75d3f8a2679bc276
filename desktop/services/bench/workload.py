"""The prompts of a comparison: the same for all contestants, new in each round."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.bench import Work
from desktop.engine.protocol import Turn

TASK = "Write a very long story in which all of this happens, with many details."
QUESTION = "Go on, and tell what happened the next day."
EXCHANGES = 9  # before the tenth question
TRIAL = 40  # sentences that tell how many tokens one has

WHO = ("The cellar master", "A traveller", "The old cooper", "Her brother", "A fox", "The miller")
DID = ("carried", "found", "counted", "painted", "sold", "forgot", "repaired", "followed")
WHAT = ("seven barrels", "a silver key", "the green bottles", "a torn map", "two lanterns")
WHERE = ("below the tower", "near the river", "behind the vineyard", "in the market hall")
WHEN = ("at dawn", "after the harvest", "one winter evening", "when the bells rang")

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The conversations of one round."""

    single: tuple[Turn, ...]
    ninth: tuple[Turn, ...]
    tenth: tuple[Turn, ...]


class Workload:
    """Makes conversations of the wanted length. `count` counts with the model's tokenizer."""

    def __init__(self, work: Work, context_length: int, count: Count) -> None:
        trial = _text(random.Random(0), TRIAL)  # noqa: S311 - the same text each time is the point
        per_sentence = max(1.0, count(trial) / TRIAL)
        prompt = min(work.prompt, max(1, context_length // 2 - work.answer))
        history = min(work.history, 3 * context_length // 4)
        self._prompt = max(1, round(prompt / per_sentence))
        self._part = max(1, round(history / per_sentence / (2 * EXCHANGES)))

    def prompts(self, number: int) -> Prompts:
        """Those of a round. Different from their first words on, so that no cache knows them."""
        chance = random.Random(number)  # noqa: S311 - see above
        single = Turn("user", f"{_text(chance, self._prompt)} {TASK}")
        talk: list[Turn] = []
        for _ in range(EXCHANGES):
            talk.append(Turn("user", f"{_text(chance, self._part)} {QUESTION}"))
            talk.append(Turn("assistant", _text(chance, self._part)))
        # One that writes its answers itself has the last one in its cache: here it is short.
        talk[-1] = Turn("assistant", _sentence(chance))
        return Prompts(
            single=(single,),
            ninth=tuple(talk[:-1]),
            tenth=(*talk, Turn("user", QUESTION)),
        )


def _text(chance: random.Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    who, did, what, where, when = map(chance.choice, (WHO, DID, WHAT, WHERE, WHEN))
    return f"{who} {did} {what} {where} {when}, {chance.randrange(1000, 9999)} steps away."
