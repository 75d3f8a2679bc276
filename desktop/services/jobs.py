"""Work in child processes, one job after another, that can be ended from outside."""

import queue
import threading
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.events import Contacted, Ended, Event, Failed, JobDone, Progress, Transferring
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Command, Fetch

OnEvent = Callable[[Event], None]


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
        """Do a job in a process of its own. Raises Problem or Cancelled; the process is ended.

        Whatever ends the wait (Ctrl-C too) ends the process.
        """
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        child = self._make_job("fetch" if isinstance(command, Fetch) else "convert")
        with self._changing:
            if self._ended:
                raise Cancelled
            self._child = child
            child.start(events.put)
        child.send(command)
        try:
            return _outcome(events, on_event)
        finally:
            child.end()

    def end(self) -> None:
        """End the job that runs, and refuse those to come."""
        with self._changing:
            self._ended = True
            if self._child is not None:
                self._child.end()


def _outcome(events: "queue.SimpleQueue[Event]", on_event: OnEvent) -> JobDone:
    while True:
        match events.get():
            case Progress() | Transferring() | Contacted() as event:
                on_event(event)
            case JobDone() as done:
                return done
            case Failed(what=what, remedy=remedy):
                raise Problem(what, remedy)
            case Ended(expected=True):
                raise Cancelled
            case Ended(exit_code=code):
                raise Problem(why_ended(code, "The work").what, "Try again.")
