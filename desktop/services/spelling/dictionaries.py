"""The dictionaries that the system has, through the library Enchant where it is installed."""

import logging
import os
from pathlib import Path
from typing import Any, Protocol

from desktop.domain.errors import Problem

log = logging.getLogger(__name__)

MOST_SUGGESTIONS = 6
FOLDER_VARIABLE = "ENCHANT_CONFIG_DIR"  # where Enchant keeps the words that are added


class Dictionary(Protocol):
    """Of one language."""

    def check(self, word: str) -> bool:
        """True for a word that is spelt as it should be."""

    def suggest(self, word: str) -> list[str]:
        """Words that may have been meant, the likeliest first."""

    def add(self, word: str) -> None:
        """Know a word from now on, in later sessions too."""


class Dictionaries(Protocol):
    """What can be had here."""

    def languages(self) -> tuple[str, ...]:
        """The languages, as in “de_AT”; none: there is no spell-checking here."""

    def open(self, language: str) -> Dictionary:
        """The dictionary of one of them. Raises Problem."""


class SystemDictionaries:
    """Those of Enchant: hunspell's, aspell's, the Mac's own. `folder` keeps words that are added.

    For one thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._broker: Any = None

    def languages(self) -> tuple[str, ...]:
        """None where Enchant is not installed."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.environ[FOLDER_VARIABLE] = str(self._folder)  # or it would write elsewhere
            import enchant
        except (ImportError, OSError) as error:
            log.info("no spell-checking: %s", type(error).__name__)
            return ()
        self._broker = self._broker or enchant.Broker()
        return tuple(sorted(self._broker.list_languages()))

    def open(self, language: str) -> Dictionary:
        """The dictionary of a language. Raises Problem."""
        import enchant

        try:
            found: Dictionary = self._broker.request_dict(language)
        except enchant.errors.Error as error:
            raise Problem(str(error)) from error
        return found
