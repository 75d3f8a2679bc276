"""Work in child processes, one job after another, that can be ended from outside."""

import contextlib
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from desktop.domain.errors import Problem
from desktop.domain.events import (
    Contacted,
    Ended,
    Event,
    Failed,
    FoundRepositories,
    Inspected,
    JobDone,
    Progress,
    Transferring,
)
from desktop.domain.words import tr
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Command, Fetch, Inspect, SearchHub
from desktop.services.contacts import Door, Visit

OnEvent = Callable[[Event], None]
Answer = TypeVar("Answer", JobDone, Inspected, FoundRepositories)

ON_THE_NETWORK = (Fetch, Inspect, SearchHub)  # no other child may use it


class Cancelled(Exception):
    """Whoever asked for the work has ended it."""


class Work:
    """Runs jobs for one thread. `end` may be called from any other."""

    def __init__(self, make_job: Callable[[str], Engine], door: Door | None = None) -> None:
        """`door` decides about the network, and remembers what it was used for."""
        self._make_job = make_job
        self._door = door or Door()
        self._visit: Visit | None = None
        self._shut_out = False  # by the door
        self._changing = threading.Lock()
        self._child: Engine | None = None
        self._ended = False

    @property
    def on_network(self) -> bool:
        """True while the job that runs uses the network, or was ended because of that."""
        return self._visit is not None or self._shut_out

    def run(self, command: Command, on_event: OnEvent) -> JobDone:
        """Make something in a process of its own; see `answer`."""
        return self.answer(command, JobDone, on_event)

    def answer(self, command: Command, kind: type[Answer], on_event: OnEvent) -> Answer:
        """Do a job in a process of its own. Raises Problem or Cancelled; the process is ended.

        Whatever ends the wait (Ctrl-C too) ends the process.
        """
        child = self._make_job("fetch" if isinstance(command, ON_THE_NETWORK) else "convert")
        with self._network(command, child) as visit:
            self._visit = visit
            try:
                return self._answer(child, command, kind, on_event)
            except Cancelled:
                if visit is not None and visit.shut_out:
                    self._shut_out = True
                    raise self._door.refusal() from None
                raise
            finally:
                child.end()
                self._visit = None

    def _network(self, command: Command, child: Engine) -> AbstractContextManager[Visit | None]:
        if isinstance(command, ON_THE_NETWORK):
            return self._door.visit(child.end)
        return contextlib.nullcontext()

    def _answer(
        self, child: Engine, command: Command, kind: type[Answer], on_event: OnEvent
    ) -> Answer:
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        with self._changing:
            if self._ended:
                raise Cancelled
            self._child = child
            child.start(events.put)
        if self._visit is not None and self._visit.shut_out:  # before there was a process to end
            raise Cancelled
        child.send(command)
        while True:
            event = events.get()
            if isinstance(event, kind):
                return event
            if isinstance(event, Contacted) and self._visit is not None:
                self._visit.note(event)
            _take(event, on_event)

    def end(self) -> None:
        """End the job that runs, and refuse those to come."""
        with self._changing:
            self._ended = True
            if self._child is not None:
                self._child.end()


def _take(event: Event, on_event: OnEvent) -> None:
    """Hand an event on. One that ends the job raises Problem or Cancelled."""
    match event:
        case Progress() | Transferring() | Contacted():
            on_event(event)
        case Failed(what=what, remedy=remedy):
            raise Problem(what, remedy)
        case Ended(expected=True):
            raise Cancelled
        case Ended(exit_code=code):
            raise Problem(why_ended(code, tr("The work")).what, tr("Try again."))
