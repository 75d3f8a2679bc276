"""The parent's side of a comparison: processes that answer one prompt after another."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from desktop.domain.errors import Problem
from desktop.domain.events import (
    BareOpened,
    Counted,
    Done,
    Ended,
    Event,
    Failed,
    Loaded,
    Measured,
    Overfull,
    Rendered,
    Token,
)
from desktop.domain.model import Model
from desktop.domain.sampling import Values, defaults
from desktop.domain.words import number, tr
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import CountTokens, Generate, OpenBare, Render, RunBare, Turn
from desktop.services.bench.memory import peak_memory
from desktop.services.engine_host import EngineHost
from desktop.services.jobs import Cancelled

LISTEN_S = 0.2  # at most this long until Ctrl-C is seen where waiting cannot be interrupted
REQUEST = "bench"
GREEDY: Values = {"temperature": 0.0, "repetition_penalty": 1.0}

E = TypeVar("E")
MakeEngine = Callable[[], Engine]
MakeHost = Callable[[MakeEngine, Callable[[int, Event], None]], EngineHost]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The same prompt as Cellar gets it and as a bare library does."""

    turns: tuple[Turn, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """What one answer took. Times in milliseconds."""

    prompt_tokens: int
    answer_tokens: int
    first_ms: float
    whole_ms: float
    text: str

    @property
    def decode(self) -> float:
        """Tokens a second after the first; 0 when there was no other."""
        span = self.whole_ms - self.first_ms
        return 1000 * (self.answer_tokens - 1) / span if self.answer_tokens > 1 < span else 0.0


class Runner(Protocol):
    """A process with a model."""

    def open(self) -> None:
        """Load the model, unless it is loaded. Raises Problem or Cancelled."""

    def run(self, prompt: Prompt, new_tokens: int) -> Run:
        """Answer greedily. Raises Problem or Cancelled."""

    def peak_memory(self) -> int:
        """Bytes that the process has had at the most; 0: not known."""

    def close(self) -> None:
        """End the process, if there is one."""


class CellarRunner:
    """Cellar's engine as the program uses it, measured from outside of its process."""

    def __init__(
        self,
        make_host: MakeHost,
        make_engine: MakeEngine,
        model: Model,
        device: str,
        cancelled: threading.Event,
    ) -> None:
        self._inbox: queue.SimpleQueue[tuple[float, int, Event]] = queue.SimpleQueue()
        self._cancelled = cancelled
        self._make_engine = make_engine
        self._engine: Engine | None = None
        self._host = make_host(self._made, self._heard)
        self._model = model
        self._wanted = device
        self.device = device
        self.context_length = model.context_length
        self.properties: dict[str, str] = {}  # OpenVINO's, as the engine has them
        self._values = defaults() | GREEDY
        self._first = 0.0

    def open(self) -> None:
        """Load the model, unless it is loaded. Raises Problem or Cancelled."""
        if self._host.want(self._model, self._wanted):
            loaded = self._wait(Loaded)[1]
            self.device, self.context_length = loaded.device, loaded.context_length
            self.properties = loaded.properties

    def count(self, text: str) -> int:
        """Tokens of a text."""
        self._host.send(CountTokens(REQUEST, (text,)))
        return sum(self._wait(Counted)[1].counts)

    def prompt(self, turns: Sequence[Turn]) -> Prompt:
        """A conversation, and the text that the model reads of it."""
        self._host.send(Render(REQUEST, str(self._model.folder), tuple(turns)))
        return Prompt(tuple(turns), self._wait(Rendered)[1].text)

    def run(self, prompt: Prompt, new_tokens: int) -> Run:
        """Answer greedily. Raises Problem or Cancelled."""
        self._first = 0.0
        values = self._values | {"max_new_tokens": new_tokens}
        started = time.perf_counter()
        self._host.send(Generate(REQUEST, prompt.turns, values))
        ended, done = self._wait(Done)
        statistics = done.statistics
        return Run(
            prompt_tokens=statistics.prompt_tokens,
            answer_tokens=statistics.generated_tokens,
            first_ms=1000 * ((self._first or ended) - started),
            whole_ms=1000 * (ended - started),
            text=done.text,
        )

    def peak_memory(self) -> int:
        """Bytes that the process has had at the most; 0: not known."""
        return peak_memory(getattr(self._engine, "pid", 0))

    def close(self) -> None:
        """End the process."""
        self._host.end()

    def _made(self) -> Engine:
        self._engine = self._make_engine()
        return self._engine

    def _heard(self, number: int, event: Event) -> None:
        self._inbox.put((time.perf_counter(), number, event))

    def _wait(self, kind: type[E]) -> tuple[float, E]:
        """The next event of a kind, and when it came."""
        while True:
            moment, round_, event = next_event(self._inbox, self._cancelled)
            if not self._host.accept(round_, event):
                continue
            if isinstance(event, kind):
                return moment, event
            match event:
                case Token():
                    self._first = self._first or moment
                case Overfull(needed=needed, available=available):
                    raise Problem(
                        tr(
                            "A prompt has {needed} tokens, and {available} are the most.",
                            needed=number(needed),
                            available=number(available),
                        )
                    )
                case Failed(what=what, remedy=remedy):
                    raise Problem(what, remedy)
                case Ended(exit_code=code):
                    raise Problem(why_ended(code).what, tr("Try again."))


class BareRunner:
    """A bare library in a process of its own, which measures itself."""

    def __init__(
        self, make_child: Callable[[str], Engine], command: OpenBare, cancelled: threading.Event
    ) -> None:
        self._cancelled = cancelled
        self._make_child = make_child
        self._command = command
        self._child: Engine | None = None
        self._inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def open(self) -> None:
        """Load the model, unless it is loaded. Raises Problem or Cancelled."""
        if self._child is not None:
            return
        self._inbox = queue.SimpleQueue()
        self._child = self._make_child("measure")
        self._child.start(self._inbox.put)
        self._child.send(self._command)
        self._wait(BareOpened)

    def run(self, prompt: Prompt, new_tokens: int) -> Run:
        """Answer greedily. Raises Problem or Cancelled."""
        if self._child is None:
            raise RuntimeError("the contestant is not open")
        self._child.send(RunBare(prompt.text, new_tokens))
        made = self._wait(Measured)
        return Run(made.prompt_tokens, made.answer_tokens, made.first_ms, made.whole_ms, made.text)

    def peak_memory(self) -> int:
        """Bytes that the process has had at the most; 0: not known."""
        return peak_memory(getattr(self._child, "pid", 0))

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _wait(self, kind: type[E]) -> E:
        while True:
            event = next_event(self._inbox, self._cancelled)
            if isinstance(event, kind):
                return event
            match event:
                case Failed(what=what, remedy=remedy):
                    raise Problem(what, remedy)
                case Ended(exit_code=code):
                    raise Problem(why_ended(code, tr("The measurement")).what)


def next_event(inbox: "queue.SimpleQueue[E]", cancelled: threading.Event) -> E:
    """What comes next. Raises Cancelled."""
    while not cancelled.is_set():
        try:
            return inbox.get(timeout=LISTEN_S)
        except queue.Empty:
            continue
    raise Cancelled
