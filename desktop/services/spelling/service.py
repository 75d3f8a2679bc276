"""The thread of the spell-checker: opening dictionaries and looking for what was meant is slow."""

import logging
import queue
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.spelling import best_language
from desktop.services.spelling import commands, notices
from desktop.services.spelling.commands import SpellingCommand
from desktop.services.spelling.dictionaries import MOST_SUGGESTIONS, Dictionaries, Dictionary
from desktop.services.spelling.notices import SpellingNotice

log = logging.getLogger(__name__)


class SpellingService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self, dictionaries: Dictionaries, notify: Callable[[SpellingNotice], None]
    ) -> None:
        self._dictionaries = dictionaries
        self._notify = notify
        self._inbox: queue.SimpleQueue[SpellingCommand] = queue.SimpleQueue()
        self._language = ""
        self._dictionary: Dictionary | None = None

    def post(self, command: SpellingCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        while not isinstance(command := self._inbox.get(), commands.Quit):
            try:
                self._handle(command)
            except Exception:  # what a dictionary raises takes only itself away
                log.exception("%s was not handled", type(command).__name__)
                self._close()

    def _handle(self, command: SpellingCommand) -> None:
        match command:
            case commands.UseLanguage(wanted):
                self._use(wanted)
            case commands.CheckWords(words) if self._dictionary is not None:
                check = self._dictionary.check
                known = {word: check(_plain(word)) for word in words}
                self._notify(notices.WordsChecked(self._language, known))
            case commands.Suggest(word) if self._dictionary is not None:
                meant = self._dictionary.suggest(_plain(word))[:MOST_SUGGESTIONS]
                self._notify(notices.Suggested(word, tuple(meant)))
            case commands.AddWord(word) if self._dictionary is not None:
                self._dictionary.add(_plain(word))
                self._notify(notices.WordsChecked(self._language, {word: True}))

    def _use(self, wanted: tuple[str, ...]) -> None:
        offered = self._dictionaries.languages()
        self._language = best_language(wanted, offered)
        self._dictionary = None
        if self._language:
            try:
                self._dictionary = self._dictionaries.open(self._language)
            except Problem as problem:
                log.warning("no dictionary for %s: %s", self._language, problem)
                self._language = ""
        self._notify(notices.LanguageUsed(self._language, offered))

    def _close(self) -> None:
        self._language, self._dictionary = "", None
        self._notify(notices.LanguageUsed(""))


def _plain(word: str) -> str:
    """With the apostrophe that dictionaries have."""
    return word.replace("’", "'")
