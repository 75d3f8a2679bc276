"""Questions that an engine process answers at once, without a model."""

import queue
from collections.abc import Callable
from typing import TypeVar

from desktop.domain.errors import Problem
from desktop.domain.events import Devices, Ended, Event, Failed, Rendered
from desktop.domain.words import tr
from desktop.engine.client import Engine, why_ended
from desktop.engine.protocol import ListDevices, Render

ANSWER_WITHIN_S = 30.0

E = TypeVar("E", Devices, Rendered)


def list_devices(make_engine: Callable[[], Engine]) -> Devices:
    """What can run a model here. Raises Problem."""
    return _ask(make_engine(), ListDevices(), Devices)


def render(make_engine: Callable[[], Engine], question: Render) -> Rendered:
    """The exact prompt text; a template that crashes or hangs costs only the child."""
    return _ask(make_engine(), question, Rendered)


def _ask(engine: Engine, question: ListDevices | Render, kind: type[E]) -> E:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    engine.start(events.put)
    try:
        engine.send(question)
        event = events.get(timeout=ANSWER_WITHIN_S)
    except queue.Empty:
        raise Problem(tr("The engine does not answer."), tr("Try again.")) from None
    finally:
        engine.end()
    if isinstance(event, kind):
        return event
    match event:
        case Failed(what=what, remedy=remedy):
            raise Problem(what, remedy)
        case Ended(exit_code=code) if isinstance(question, Render):
            raise Problem(
                tr("The chat template crashed the renderer (code {code}).", code=code),
                tr("Use another template."),
            )
        case Ended(exit_code=code):
            raise Problem(why_ended(code).what, tr("Try again."))
    raise TypeError(f"{type(event).__name__} answers no {type(question).__name__}")
