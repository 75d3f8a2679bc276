"""Questions about sources that are not here yet: one at a time, the newest one counts."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from desktop.domain.errors import Problem
from desktop.domain.fit import Machine
from desktop.domain.repository import RepositoryFacts
from desktop.domain.words import tr
from desktop.models.library import Library
from desktop.services import repositories
from desktop.services.jobs import Cancelled, Work
from desktop.services.network import Network
from desktop.services.plans import HUB
from desktop.services.shelf.choices import choices
from desktop.services.shelf.notices import Examined, Found

log = logging.getLogger(__name__)

END_WITHIN_S = 5.0

Answer: TypeAlias = Found | Examined


@dataclass(frozen=True, slots=True)
class Outside:
    """What is needed of the world to look at sources."""

    network: Network
    keep_token: Callable[[str], None]  # the user's, for the hub
    make_work: Callable[[], Work]
    read_machine: Callable[[], Machine]
    refuse_conversion: Callable[[], None] = lambda: None  # raises Problem where it cannot be


def why_not(refuse: Callable[[], None]) -> str:
    """Why something cannot be done, with what to do about it; empty where it can."""
    try:
        refuse()
    except Problem as problem:
        return str(problem)
    return ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question came to."""

    number: int
    notice: Answer


class Questions:
    """Lives in the shelf's thread; a question has one of its own, for it waits for a child."""

    def __init__(
        self, outside: Outside, library: Library, post: Callable[[Answered], None]
    ) -> None:
        self._library = library
        self._outside = outside
        self._post = post
        self._number = 0
        self._work: Work | None = None
        self._thread: threading.Thread | None = None

    def search(self, text: str) -> None:
        """Look for models of the hub by name."""
        network = self._outside.network
        self._ask(
            lambda work: Found(text, repositories.search(text, network, work)),
            lambda problem: Found(text, problem=problem),
        )

    def examine(self, source: str) -> None:
        """Look at one source."""

        def examined(work: Work) -> Examined:
            facts = self._facts(source, work)
            machine = self._outside.read_machine()
            return Examined(source, facts, choices(facts, machine, self._library.installed()))

        self._ask(examined, lambda problem: Examined(source, problem=problem))

    def stop(self) -> None:
        """Give up the question that is open."""
        self._number += 1
        if self._work is not None and self._thread is not None:
            self._work.end()
            self._thread.join(END_WITHIN_S)
        self._work = self._thread = None

    def hear(self, answered: Answered) -> Answer | None:
        """The answer, if it is still waited for."""
        if answered.number != self._number:
            return None
        self._work = self._thread = None
        return answered.notice

    def _facts(self, source: str, work: Work) -> RepositoryFacts:
        address = source.removeprefix(HUB)
        if address == source:
            return repositories.inspect_local(Path(source), work)
        repository, _, revision = address.partition("@")
        return repositories.inspect(repository, revision or "main", self._outside.network, work)

    def _ask(self, ask: Callable[[Work], Answer], failed: Callable[[str], Answer]) -> None:
        self.stop()
        number, work = self._number, self._outside.make_work()

        def answer() -> None:
            try:
                notice = ask(work)
            except Cancelled:
                return
            except Problem as problem:
                notice = failed(str(problem))
            except Exception as error:  # whoever has asked must not wait for ever
                log.exception("a question was not answered")
                notice = failed(
                    tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                )
            self._post(Answered(number, notice))

        self._work = work
        self._thread = threading.Thread(target=answer, name="question", daemon=True)
        self._thread.start()
