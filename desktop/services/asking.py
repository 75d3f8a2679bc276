"""One question and its answer, without a conversation on disk."""

import queue
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic
from typing import TypeVar

from desktop.domain import context
from desktop.domain.adapters import Strengths
from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.domain.events import Done, Ended, Event, Failed, Loaded, Overfull
from desktop.domain.layout import Layout
from desktop.domain.model import Model
from desktop.domain.sampling import Values, defaults
from desktop.domain.words import tr
from desktop.engine.client import why_ended
from desktop.engine.protocol import Generate, Stop, Turn
from desktop.services.engine_host import EngineHost

REQUEST = "ask"
STOP_PATIENCE_S = 3.0
LISTEN_S = 0.2  # at most this long until Ctrl-C is seen where waiting cannot be interrupted

E = TypeVar("E", Loaded, Done)
Inbox = queue.SimpleQueue[tuple[int, Event]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how. `sampling` overrides the model's own values."""

    turns: tuple[Turn, ...]
    sampling: Values
    device: str = "CPU"
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    pin_first: bool = False
    layout: Layout | None = None  # in the place of the model's own template
    adapters: Strengths = field(default_factory=dict)  # by their ids

    def generate(self, request_id: str, model: Model) -> Generate:
        """The question for the engine, with the model's own values for all others."""
        values = defaults(model.sampling) | self.sampling
        policy, pin_first = self.context_policy, self.pin_first
        return Generate(request_id, self.turns, values, policy, pin_first, self.layout)


class Asking:
    """Asks through an engine of its own; Ctrl-C ends the answer and keeps what was written."""

    def __init__(self, host: EngineHost, inbox: Inbox) -> None:
        self._host = host
        self._inbox = inbox

    def ask(self, question: Question, model: Model, on_event: Callable[[Event], None]) -> Done:
        """Hand over each event as it comes; return the last. Raises Problem."""
        try:
            self._host.want(model, question.device, adapters=question.adapters)
            loaded = self._wait_for(Loaded, on_event)
            if loaded.note:
                on_event(loaded)
            self._host.send(question.generate(REQUEST, model))
            done = self._answer(on_event)
            made_with = replace(done.statistics, model=model.id, weights=model.weights)
            return replace(done, statistics=made_with)
        finally:
            self._host.end()

    def _answer(self, on_event: Callable[[Event], None]) -> Done:
        try:
            return self._wait_for(Done, on_event)
        except KeyboardInterrupt:
            self._host.send(Stop(REQUEST))
            return self._wait_for(Done, on_event, patience_s=STOP_PATIENCE_S)

    def _wait_for(
        self, kind: type[E], on_event: Callable[[Event], None], patience_s: float = inf
    ) -> E:
        """The first event of a kind. Failure, the engine's end and lost patience raise Problem."""
        deadline = monotonic() + patience_s
        while monotonic() < deadline:
            try:
                number, event = self._inbox.get(timeout=LISTEN_S)
            except queue.Empty:
                continue
            if not self._host.accept(number, event):
                continue
            if isinstance(event, kind):
                return event
            if isinstance(event, Failed):
                raise Problem(event.what, event.remedy)
            if isinstance(event, Overfull):
                raise context.overfull(event.needed, event.available)
            if isinstance(event, Ended):
                raise Problem(why_ended(event.exit_code).what, tr("Try again."))
            on_event(event)
        raise Problem(tr("The engine does not answer."), tr("Try again."))
