"""Downloads in tests: in this process and impatient, or in a child as the program does it."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.events import Ended, Event, Failed, JobDone
from desktop.domain.model import ModelFile
from desktop.engine.client import Child
from desktop.engine.protocol import Fetch
from desktop.models.jobs.fetch.job import fetch
from desktop.models.jobs.fetch.patience import Patience
from tests.hub.server import Hub

REPOSITORY = "maker/model"
QUICK = Patience(
    connect_s=2.0,
    stall_s=0.3,
    listing_s=0.5,
    give_up_s=0.6,
    first_pause_s=0.01,
    longest_pause_s=0.05,
)
HANG_S = 30.0


@dataclass
class Fetched:
    """A download that ended well."""

    files: dict[str, ModelFile]
    events: list[Event] = field(default_factory=list)

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def fetch_here(hub: Hub, folder: Path, patience: Patience = QUICK, **more: object) -> Fetched:
    """Download in this process. Raises Problem."""
    events: list[Event] = []
    command = Fetch(**{"repository": REPOSITORY, "folder": str(folder), "endpoint": hub.url} | more)  # type: ignore[arg-type]
    done = fetch(command, events.append, patience)
    return Fetched({file.path: file for file in done.files}, events)


class ChildFetch:
    """A download in a process of its own, which can be killed."""

    def __init__(self, hub: Hub, folder: Path, **more: object) -> None:
        self.child = Child("fetch")
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.child.start(self._events.put)
        values = {"repository": REPOSITORY, "folder": str(folder), "endpoint": hub.url} | more
        self.child.send(Fetch(**values))  # type: ignore[arg-type]

    def outcome(self) -> JobDone | Failed | Ended:
        """Wait for the end."""
        while True:
            event = self._events.get(timeout=HANG_S)
            if isinstance(event, JobDone | Failed | Ended):
                return event

    def kill(self) -> None:
        """End it at once, as a crash or a cancel does."""
        self.child.end()


def wait_until(true: Callable[[], bool]) -> None:
    """Return as soon as it is true."""
    until = time.monotonic() + HANG_S
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("it never came true")
        time.sleep(0.005)
