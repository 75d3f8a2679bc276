"""Running one job in a child process and waiting for it."""

import queue
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event, Failed, JobDone, Progress, Stage
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Command


def run_job(child: Engine, command: Command, on_stage: Callable[[Stage], None]) -> JobDone:
    """Start the child, give it the job, return what it made. Raises Problem; the child is ended.

    Whatever ends the wait (Ctrl-C too) ends the child.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    child.start(events.put)
    child.send(command)
    try:
        while True:
            match events.get():
                case Progress(stage):
                    on_stage(stage)
                case JobDone() as done:
                    return done
                case Failed(what=what, remedy=remedy):
                    raise Problem(what, remedy)
                case Ended(exit_code=code):
                    raise Problem(why_ended(code).what, "Try again.")
    finally:
        child.end()
