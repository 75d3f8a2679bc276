"""What the spell-checker tells the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LanguageUsed:
    """Words are checked in this language; empty: not at all, for there is no dictionary."""

    language: str
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsChecked:
    """Which words are spelt as they should be."""

    language: str
    known: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What may have been meant."""

    word: str
    meant: tuple[str, ...]


SpellingNotice = LanguageUsed | WordsChecked | Suggested
