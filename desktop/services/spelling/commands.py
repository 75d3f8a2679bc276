"""What the window asks of the spell-checker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UseLanguage:
    """Check with the dictionary of the first of these languages that has one; none: do not."""

    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckWords:
    """Tell which of these words are known."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggest:
    """Tell what may have been meant."""

    word: str


@dataclass(frozen=True, slots=True)
class AddWord:
    """Know this word from now on."""

    word: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End the service."""


SpellingCommand = UseLanguage | CheckWords | Suggest | AddWord | Quit
