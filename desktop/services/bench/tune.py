"""Comparing OpenVINO's settings now, while whoever asked for it waits."""

import queue
import threading
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event, Failed, Tried, Tuned
from desktop.domain.model import Model
from desktop.domain.tuning import TypicalTurn
from desktop.domain.words import tr
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import Tune
from desktop.services.bench.contestants import next_event

BUDGET_S = 60.0


def tune(
    engine: Engine,
    model: Model,
    device: str,
    turn: TypicalTurn,
    on_tried: Callable[[Tried], None],
    cancelled: threading.Event,
) -> Tuned:
    """The settings in the order of their trial, and the best. Raises Problem or Cancelled."""
    inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
    engine.start(inbox.put)
    try:
        engine.send(
            Tune(
                folder=str(model.folder),
                device=device,
                context_length=model.context_length,
                paged=model.paged,
                budget_s=BUDGET_S,
                reading=turn.reading,
                writing=turn.writing,
            )
        )
        while True:
            match next_event(inbox, cancelled):
                case Tuned() as tuned:
                    return tuned
                case Tried() as tried:
                    on_tried(tried)
                case Failed(what=what, remedy=remedy):
                    raise Problem(what, remedy)
                case Ended(exit_code=code):
                    raise Problem(why_ended(code, tr("The measurement")).what, tr("Try again."))
    finally:
        engine.end()
