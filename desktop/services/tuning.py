"""Measures in the background which settings suit a model, as soon as nobody needs the engine."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event, Failed, Tried, Tuned
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Tune
from desktop.models.tunings import TuningStore

log = logging.getLogger(__name__)

QUIET_S = 3.0  # without a question, before anything is measured
BUDGET_S = 10.0  # of a measurement that nobody asked for
THOROUGH_S = 60.0  # of one that the user asked for
TRIES = 3  # interrupted measurements of a model on a device, until the program ends

Place = tuple[Model, str]


class Phase(StrEnum):
    """What the tuner is at."""

    RESTING = "resting"
    DONE = "done"  # and its result is kept
    WAITING = "waiting"  # for the answer that is being written to end
    MEASURING = "measuring"
    INTERRUPTED = "interrupted"  # by a question; it begins again when that is answered
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a measurement is."""

    phase: Phase
    model_id: str = ""
    device: str = ""
    tried: tuple[Tried, ...] = ()
    thorough: bool = False  # the user asked for it
    what: str = ""  # why it failed
    remedy: str = ""

    @property
    def done(self) -> bool:
        """True when there is a new result."""
        return self.phase is Phase.DONE


class Tuner:
    """Lives in one thread; `on_event` gets the child's events in another, and must hand them back.

    The measurement has an engine process of its own, which is ended at once when the user asks
    something.
    """

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        store: TuningStore,
        cache: Path,
        on_event: Callable[[int, Event], None],
        tell: Callable[[Progress], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_engine = make_engine
        self._store = store
        self._cache = cache
        self._on_event = on_event
        self._tell = tell
        self._clock = clock
        self._engine: Engine | None = None
        self._number = 0  # of the measurement in hand
        self._quiet: Place | None = None  # the model that is ready while no answer is due
        self._due: float | None = None
        self._tried: tuple[Tried, ...] = ()
        self._thorough = False
        self._wanted = False  # the user has asked to measure, and it has not come to that yet
        self._tries: dict[tuple[str, str], int] = {}

    @property
    def wait_s(self) -> float | None:
        """Seconds until `begin_if_due` has something to do; None: not by itself."""
        return None if self._due is None else max(0.0, self._due - self._clock())

    def ready(self, model: Model, device: str) -> None:
        """The model is loaded there, and nobody waits for an answer."""
        self._quiet = (model, self._store.resolved(device))
        if self._engine is not None:
            return
        if self._wanted:
            self._due = self._clock()
        elif self._worth_a_try(self._quiet):
            self._due = self._clock() + QUIET_S

    def busy(self) -> None:
        """The engine is needed: end what is being measured."""
        interrupted = self._engine is not None and self._quiet is not None
        if interrupted and self._quiet is not None:
            place = self._place(self._quiet)
            self._tries[place] = self._tries.get(place, 0) + 1
            self._wanted = self._thorough
        self._end()
        if interrupted:
            self._report(Phase.INTERRUPTED)
        self._quiet = None

    def measure(self) -> None:
        """The user asks for a thorough measurement of the model in use."""
        if self._engine is not None:
            self._end()
        self._wanted = True
        if self._quiet is None:
            self._report(Phase.WAITING)
        else:
            self._due = self._clock()

    def cancel(self) -> None:
        """The user has changed their mind; what was known before still holds."""
        if self._quiet is not None:  # not to begin by itself what was just ended
            self._tries[self._place(self._quiet)] = TRIES
        self._wanted = False
        self._end()
        self._report(Phase.RESTING)

    def begin_if_due(self) -> None:
        """Start the measurement that is due by now, if one is."""
        if self._due is None or self._quiet is None or self._clock() < self._due:
            return
        self._due = None
        model, device = self._quiet
        self._thorough, self._wanted, self._tried = self._wanted, False, ()
        self._number += 1
        number = self._number
        try:
            self._engine = self._make_engine()
            self._engine.start(lambda event: self._on_event(number, event))
        except Problem as problem:
            self._fail(problem)
            return
        turn = self._store.turn()
        self._engine.send(
            Tune(
                folder=str(model.folder),
                device=device,
                context_length=model.context_length,
                cache_folder=str(self._cache / "compiled" / model.id),
                paged=model.paged,
                budget_s=THOROUGH_S if self._thorough else BUDGET_S,
                reading=turn.reading,
                writing=turn.writing,
            )
        )
        self._report(Phase.MEASURING)

    def hear(self, number: int, event: Event) -> None:
        """Take what the child of a measurement tells; an earlier one's is passed over."""
        if number != self._number or self._engine is None or self._quiet is None:
            return
        match event:
            case Tried():
                self._tried = (*self._tried, event)
                self._report(Phase.MEASURING)
            case Tuned():
                self._store.keep(*self._quiet, event)
                self._tries[self._place(self._quiet)] = TRIES
                self._end()
                self._report(Phase.DONE)
            case Failed(what=what, remedy=remedy):
                self._fail(Problem(what, remedy))
            case Ended(exit_code=code):
                self._fail(
                    Problem(why_ended(code, tr("The measurement")).what, tr("Measure again."))
                )

    def close(self) -> None:
        """End for good."""
        self._end()

    def _worth_a_try(self, quiet: Place) -> bool:
        known = self._store.find(*quiet)
        compared = known is not None and (known.complete or len(known.tried) > 1)
        return not compared and self._tries.get(self._place(quiet), 0) < TRIES

    def _fail(self, problem: Problem) -> None:
        log.info("tuning failed: %s", problem.what)
        if self._quiet is not None:
            self._tries[self._place(self._quiet)] = TRIES
        self._end()
        self._report(Phase.FAILED, problem)

    def _end(self) -> None:
        self._due = None
        if self._engine is not None:
            self._engine.end()
            self._engine = None

    def _report(self, phase: Phase, problem: Problem | None = None) -> None:
        model, device = self._quiet or (None, "")
        self._tell(
            Progress(
                phase,
                model.id if model else "",
                device,
                self._tried,
                self._thorough or self._wanted,
                problem.what if problem else "",
                problem.remedy if problem else "",
            )
        )

    @staticmethod
    def _place(quiet: Place) -> tuple[str, str]:
        return quiet[0].id, quiet[1]
