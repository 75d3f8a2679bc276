"""The one door to the network: whether it is open, and everything that went through it.

Only a child process of the kinds in `jobs.ON_THE_NETWORK` ever uses the network, and none of them
is started without passing here.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.domain.conversation import now
from desktop.domain.errors import Problem
from desktop.domain.events import Contacted
from desktop.domain.words import tr


class Outcome(StrEnum):
    """What became of a use of the network."""

    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # by the user, or as Cellar went offline


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that was contacted, and what for."""

    at: str  # the time (UTC, ISO 8601) of the first contact
    host: str
    why: str
    received: int  # bytes
    outcome: Outcome = Outcome.UNDER_WAY


class Visit:
    """One job on the network. Lives in the thread that waits for the job."""

    def __init__(self, door: "Door", end: Callable[[], None]) -> None:
        self._door = door
        self.end = end
        self.shut_out = False  # it was ended as Cellar went offline

    def note(self, contacted: Contacted) -> None:
        """The job has contacted a host, again perhaps."""
        self._door.note(self, contacted)


class Door:
    """Made anywhere, used from any thread."""

    def __init__(self, closed: Callable[[], bool] = lambda: False) -> None:
        """`closed` tells whether the user wants no network access."""
        self.locked = False  # for this session, whatever the setting says
        self.on_change: Callable[[], None] = lambda: None  # called in any thread
        self._closed = closed
        self._changing = threading.Lock()
        self._visits: set[Visit] = set()
        self._contacts: dict[tuple[Visit, str, str], Contact] = {}

    @property
    def closed(self) -> bool:
        """True while nothing may use the network."""
        return self.locked or self._closed()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Every contact since the program started, the newest first."""
        with self._changing:
            return tuple(reversed(self._contacts.values()))

    def why_closed(self) -> str:
        """What to do about a door that is closed."""
        if self.locked:
            return tr("Start it without --offline, or add a model from a file.")
        return tr("Switch “Offline” off on the page “Privacy”, or add a model from a file.")

    @contextmanager
    def visit(self, end: Callable[[], None]) -> Iterator[Visit]:
        """Be on the network for as long as this lasts; `end` ends it. Raises Problem."""
        visit = Visit(self, end)
        with self._changing:
            if self.closed:
                raise self.refusal()
            self._visits.add(visit)
        outcome = Outcome.STOPPED
        try:
            yield visit
            outcome = Outcome.DONE
        except Problem:
            outcome = Outcome.STOPPED if visit.shut_out else Outcome.FAILED
            raise
        finally:
            self._leave(visit, outcome)

    def shut(self) -> None:
        """End whatever is on the network. The setting, or `locked`, keeps others from coming."""
        with self._changing:
            visits = tuple(self._visits)
        for visit in visits:
            visit.shut_out = True
            visit.end()

    def refusal(self) -> Problem:
        """Why nothing may use the network now."""
        return Problem(tr("Cellar is offline."), self.why_closed())

    def note(self, visit: Visit, contacted: Contacted) -> None:
        """Keep a contact; the bytes of the same job, host and purpose are added up."""
        key = (visit, contacted.host, contacted.why)
        with self._changing:
            known = self._contacts.get(key) or Contact(now(), contacted.host, contacted.why, 0)
            received = known.received + contacted.received
            self._contacts[key] = replace(known, received=received)
        self.on_change()

    def _leave(self, visit: Visit, outcome: Outcome) -> None:
        with self._changing:
            self._visits.discard(visit)
            for key, contact in self._contacts.items():
                if key[0] is visit:
                    self._contacts[key] = replace(contact, outcome=outcome)
        self.on_change()
