"""Job processes that are not processes: they do what a test says, in a thread of their own."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain import events
from desktop.domain.events import Event, Stage
from desktop.domain.model import ModelFile
from desktop.domain.repository import RepositoryFacts, RepositoryFound
from desktop.engine.protocol import (
    AdoptIr,
    Command,
    Compress,
    Fetch,
    ImportGguf,
    Inspect,
    InspectLocal,
    SearchHub,
)
from desktop.files import sha256_of

Emit = Callable[[Event], None]


@dataclass
class Script:
    """How the jobs of a test go."""

    download: dict[str, bytes] = field(default_factory=lambda: {"openvino_model.xml": b"<net/>"})
    failure: str = ""  # of the job that makes the model
    hold: threading.Event | None = None  # a download waits for it
    received: list[Command] = field(default_factory=list)
    facts: RepositoryFacts | None = None  # of every repository; None: there is none
    found: tuple[RepositoryFound, ...] = ()  # of every search


class FakeJob:
    """Fetches what the script holds and makes a model of one small file."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._ended = threading.Event()
        self._emit: Emit = lambda _: None

    @property
    def alive(self) -> bool:
        return not self._ended.is_set()

    def start(self, on_event: Emit) -> None:
        self._emit = on_event

    def send(self, command: Command) -> None:
        self._script.received.append(command)
        threading.Thread(target=self._work, args=(command,), daemon=True).start()

    def end(self) -> None:
        if not self._ended.is_set():
            self._ended.set()
            self._emit(events.Ended(-9, expected=True))

    def _work(self, command: Command) -> None:
        try:
            self._obey(command)
        except FileNotFoundError:  # a process that was ended would not get this far
            if not self._ended.is_set():
                raise

    def _obey(self, command: Command) -> None:
        match command:
            case Fetch():
                self._fetch(Path(command.folder))
            case Inspect() | InspectLocal() | SearchHub():
                self._answer(command)
            case Compress(folder=folder) | AdoptIr(folder=folder) | ImportGguf(folder=folder):
                self._make(command, Path(folder))

    def _answer(self, command: Inspect | InspectLocal | SearchHub) -> None:
        if not self._held():
            return
        if isinstance(command, SearchHub):
            self._emit(events.FoundRepositories(self._script.found))
        elif self._script.facts is None:
            self._emit(events.Failed("", "There is no model of that name.", "Check the name."))
        else:
            self._emit(events.Inspected(self._script.facts))

    def _held(self) -> bool:
        """Wait as long as the script wants; False when the process was ended meanwhile."""
        hold = self._script.hold
        while hold is not None and not hold.wait(0.01):
            if self._ended.is_set():
                return False
        return True

    def _fetch(self, folder: Path) -> None:
        self._emit(events.Contacted("hub.example", "to fetch owner/model", 5))
        self._emit(events.Transferring(5, 10, 2.0, "openvino_model.xml"))
        if not self._held():
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._script.download.items():
            (folder / name).write_bytes(content)
        self._emit(events.JobDone(0, ()))

    def _make(self, command: Compress | AdoptIr | ImportGguf, folder: Path) -> None:
        self._emit(events.Progress(Stage("compressing", 1, 2)))
        if self._script.failure:
            self._emit(events.Failed("", self._script.failure, "Try again."))
            return
        path = folder / "openvino_model.bin"
        path.write_bytes(b"weights")
        file = ModelFile(path.name, path.stat().st_size, sha256_of(path))
        self._emit(events.JobDone(2048, (file,), weights=getattr(command, "weights", "int4")))
