"""An engine that follows a script: for window tests and screenshots, never for answers that count.

It speaks the protocol's dataclasses like a real child, from a thread of its own, and has no model.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain import events
from desktop.domain.adapters import Linear, Strengths
from desktop.domain.conversation import ContextPolicy, State, Statistics
from desktop.domain.events import Event, Stage
from desktop.domain.fit import Machine
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.domain.tuning import best
from desktop.engine import protocol
from desktop.engine.prompt.layout_prompt import layout_text
from desktop.engine.protocol import Command
from desktop.models.library import Library

FAKE_MODEL = Model(
    id="fake",
    name="Fake model",
    weights="int4",
    folder=Path("fake"),
    context_length=4096,
)

# What an adapter for it changes.
FAKE_LAYERS = {
    f"model.layers.{layer}.self_attn.{part}_proj": Linear(8, 8)
    for layer in range(2)
    for part in "qv"
}

FAKE_MACHINE = Machine(16 * 2**30, 12 * 2**30, 200 * 2**30, ("CPU",), 40e9, 8)


@dataclass(frozen=True)
class Script:
    """What the engine does. Times in seconds."""

    answers: Sequence[str] = ("This is a scripted answer.",)  # one a request, then again
    pause: float = 0.01  # between two pieces
    piece: int = 5  # characters
    load_time: float = 0.0
    reading: Sequence[tuple[int, int]] = ()  # tokens read of tokens to read, before the answer
    used: int = 40  # tokens, of the prompt that is sent
    available: int = 4096  # tokens
    unseen: Sequence[int] = ()  # turns that do not fit, where the request has them
    overfull: bool = False  # requests that leave the choice to the user are told of it
    dies_after: int | None = None  # pieces; the engine then ends as if it had crashed
    load_failure: str = ""
    tried: Sequence[events.Tried] = (events.Tried({}, 1000.0, 50.0, 4.2),)
    devices: Sequence[Device] = (
        Device("CPU", "A scripted processor"),
        Device("GPU", "", why_not="There is no graphics in a script."),
        Device("NPU", "", why_not="There is no NPU in a script."),
        Device("AUTO", "Chooses for you: CPU here"),
    )


@dataclass
class FakeEngine:
    """Follows a script. `received` holds every command, for tests to look at."""

    script: Script = field(default_factory=Script)
    received: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._stopped: set[str] = set()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._asked = 0
        self._adapters: Strengths = {}

    @property
    def alive(self) -> bool:
        """True until it was ended or has died."""
        return self._thread is not None and self._thread.is_alive() and not self._ending.is_set()

    def start(self, on_event: Callable[[Event], None]) -> None:
        """Begin to follow the script."""
        self._emit = on_event
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, name="fake engine", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Take a command."""
        self.received.append(command)
        if isinstance(command, protocol.Stop):
            self._stopped.add(command.request_id)
        else:
            self._commands.put(command)

    def end(self) -> None:
        """End, and wait until the thread has."""
        self._ending.set()
        self._commands.put(None)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while (command := self._commands.get()) is not None and not self._ending.is_set():
            if not self._obey(command):
                self._ending.set()
                self._emit(events.Ended(-11, expected=False))
                return
        self._emit(events.Ended(0, expected=True))

    def _obey(self, command: Command) -> bool:
        """Do as told; False where the script says that it crashes."""
        match command:
            case protocol.ListDevices():
                self._emit(events.Devices(tuple(self.script.devices)))
            case protocol.Load(adapters=adapters):
                self._adapters = {adapter.id: adapter.strength for adapter in adapters}
                self._load()
            case protocol.CountTokens(request_id=request_id, texts=texts):
                counts = tuple(len(text.split()) for text in texts)
                self._emit(events.Counted(request_id, counts))
            case protocol.Render(request_id=request_id, turns=turns, layout=layout):
                lines = [f"{turn.role}: {turn.content}" for turn in turns]
                text = str(layout_text(layout, turns, ())) if layout else "\n".join(lines)
                self._emit(events.Rendered(request_id, text))
            case protocol.Tune():
                self._tune()
            case protocol.Fit():
                self._fits(command)
            case protocol.Generate():
                return not self._fits(command) or self._generate(command)
            case protocol.Unload():
                pass
            case _:
                request_id = getattr(command, "request_id", "")
                what = f"{type(command).__name__} is not in the script."
                self._emit(events.Failed(request_id, what))
        return True

    def _load(self) -> None:
        self._emit(events.Loading(Stage("loading")))
        self._ending.wait(self.script.load_time)
        if self.script.load_failure:
            self._emit(events.Failed("", self.script.load_failure, "Choose another device."))
        else:
            self._emit(events.Loaded("CPU", FAKE_MODEL.context_length, self.script.load_time))

    def _tune(self) -> None:
        for one in self.script.tried:
            self._ending.wait(self.script.pause)
            self._emit(one)
        tried = tuple(self.script.tried)
        self._emit(events.Tuned(best(tried), tried))

    def _fits(self, command: protocol.Fit | protocol.Generate) -> bool:
        script, request_id = self.script, command.request_id
        if script.overfull and command.context_policy is ContextPolicy.ASK:
            self._emit(events.Overfull(request_id, script.used, script.available))
            return False
        unseen = tuple(turn for turn in script.unseen if turn < len(command.turns) - 1)
        self._emit(events.Fitted(request_id, script.used, script.available, unseen))
        return True

    def _generate(self, command: protocol.Generate) -> bool:
        started = time.perf_counter()
        answer = self.script.answers[self._asked % len(self.script.answers)]
        self._asked += 1
        for done, total in self.script.reading:
            self._emit(events.Reading(command.request_id, done, total))
            self._ending.wait(self.script.pause)
        state, text, pieces = State.STOP, "", 0
        for start in range(0, len(answer), self.script.piece):
            if command.request_id in self._stopped or self._ending.is_set():
                state = State.STOPPED
                break
            if pieces == self.script.dies_after:
                return False
            piece = answer[start : start + self.script.piece]
            self._emit(events.Token(command.request_id, piece))
            text, pieces = text + piece, pieces + 1
            if self.script.pause:
                self._ending.wait(self.script.pause)
        seconds = time.perf_counter() - started
        statistics = Statistics(
            prompt_tokens=sum(len(turn.content.split()) for turn in command.turns),
            generated_tokens=pieces,
            ttft_ms=1000 * self.script.pause,
            tokens_per_s=round(pieces / seconds, 1) if seconds else 0.0,
            device="CPU",
            adapters=self._adapters,
            sampling=command.sampling,
        )
        self._emit(events.Done(command.request_id, text, state, statistics))
        return True


class FakeLibrary(Library):
    """Holds the one model that a fake engine has."""

    def __init__(self, folder: Path = Path("fake")) -> None:
        super().__init__(folder, folder / "verified.json")

    def installed(self) -> tuple[Model, ...]:
        """The fake model."""
        return (FAKE_MODEL,)

    def mark_verified(self, model: Model) -> None:
        """There are no files."""
