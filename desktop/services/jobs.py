"""Work in child processes, one job after another, that can be ended from outside."""

import queue
import threading
from collections.abc import Callable
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
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Command, Fetch, Inspect, SearchHub

OnEvent = Callable[[Event], None]
Answer = TypeVar("Answer", JobDone, Inspected, FoundRepositories)

ON_THE_NETWORK = (Fetch, Inspect, SearchHub)  # no other child may use it


class Cancelled(Exception):
    """Whoever asked for the work has ended it."""


class Work:
    """Runs jobs for one thread. `end` may be called from any other."""

    def __init__(self, make_job: Callable[[str], Engine]) -> None:
        self._make_job = make_job
        self._changing = threading.Lock()
        self._child: Engine | None = None
        self._ended = False

    def run(self, command: Command, on_event: OnEvent) -> JobDone:
        """Make something in a process of its own; see `answer`."""
        return self.answer(command, JobDone, on_event)

    def answer(self, command: Command, kind: type[Answer], on_event: OnEvent) -> Answer:
        """Do a job in a process of its own. Raises Problem or Cancelled; the process is ended.

        Whatever ends the wait (Ctrl-C too) ends the process.
        """
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        child = self._make_job("fetch" if isinstance(command, ON_THE_NETWORK) else "convert")
        with self._changing:
            if self._ended:
                raise Cancelled
            self._child = child
            child.start(events.put)
        child.send(command)
        try:
            return _outcome(events, kind, on_event)
        finally:
            child.end()

    def end(self) -> None:
        """End the job that runs, and refuse those to come."""
        with self._changing:
            self._ended = True
            if self._child is not None:
                self._child.end()


def _outcome(events: "queue.SimpleQueue[Event]", kind: type[Answer], on_event: OnEvent) -> Answer:
    while True:
        event = events.get()
        if isinstance(event, kind):
            return event
        match event:
            case Progress() | Transferring() | Contacted():
                on_event(event)
            case Failed(what=what, remedy=remedy):
                raise Problem(what, remedy)
            case Ended(expected=True):
                raise Cancelled
            case Ended(exit_code=code):
                raise Problem(why_ended(code, "The work").what, "Try again.")
