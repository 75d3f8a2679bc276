"""The engine process as the program sees it, with blocking calls for tests."""

import queue
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

from desktop.domain.conversation import State, Statistics
from desktop.domain.events import (
    Counted,
    Done,
    Ended,
    Event,
    Failed,
    Fitted,
    Loaded,
    Overfull,
    Reading,
    Token,
)
from desktop.domain.model import ModelFile
from desktop.domain.sampling import Value, checked_values, defaults
from desktop.engine.client import Child
from desktop.engine.protocol import Command, CountTokens, Generate, Load, Stop, Turn

WITHIN_S = 100.0
CONTEXT = 8192  # tokens, of the starter
ANSWERS = (Fitted, Overfull, Reading, Token, Done, Failed)  # what tells of a request
AS_IT_COMES: Mapping[str, str] = MappingProxyType({})  # OpenVINO's properties
GREEDY: Mapping[str, Value] = {"temperature": 0.0, "repetition_penalty": 1.0}


@dataclass(frozen=True)
class Answer:
    """What came for one request, and when."""

    events: tuple[Event, ...]
    seconds: tuple[float, ...]  # on one clock, for each event

    @property
    def done(self) -> Done:
        last = self.events[-1]
        assert isinstance(last, Done), last
        return last

    @property
    def failed(self) -> Failed:
        last = self.events[-1]
        assert isinstance(last, Failed), last
        return last

    @property
    def text(self) -> str:
        return self.done.text

    @property
    def state(self) -> State:
        return self.done.state

    @property
    def statistics(self) -> Statistics:
        return self.done.statistics

    @property
    def pieces(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Token)]


class EngineProcess:
    """One engine process."""

    def __init__(self) -> None:
        self.child = Child("engine")
        self._events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        self._numbers = count(1)
        self.child.start(lambda event: self._events.put((time.monotonic(), event)))

    def end(self) -> None:
        self.child.end()

    def send(self, command: Command) -> None:
        self.child.send(command)

    def next(self) -> tuple[float, Event]:
        """The next event, and when it came."""
        return self._events.get(timeout=WITHIN_S)

    def until(self, *kinds: type[Event]) -> Event:
        """The next event of some kinds."""
        while True:
            _, event = self.next()
            if isinstance(event, kinds):
                return event
            assert not isinstance(event, Ended), event

    def load(
        self,
        folder: Path,
        *,
        context_length: int = CONTEXT,
        unverified: Sequence[ModelFile] = (),
        properties: Mapping[str, str] = AS_IT_COMES,
    ) -> Loaded:
        result = self.try_to_load(
            folder, context_length=context_length, unverified=unverified, properties=properties
        )
        assert isinstance(result, Loaded), result
        return result

    def try_to_load(
        self,
        folder: Path,
        *,
        device: str = "CPU",
        context_length: int = CONTEXT,
        unverified: Sequence[ModelFile] = (),
        properties: Mapping[str, str] = AS_IT_COMES,
    ) -> Loaded | Failed | Ended:
        load = Load(str(folder), device, tuple(unverified), context_length=context_length)
        self.send(replace(load, properties=dict(properties)))
        result = self.until(Loaded, Failed, Ended)
        assert isinstance(result, (Loaded, Failed, Ended))
        return result

    def ask(
        self,
        *texts: str,
        system: str = "",
        on_event: Callable[[str, Event], None] = lambda *_: None,
        **sampling: Value,
    ) -> Answer:
        """Ask for an answer: texts of user and model in turn, the last one the user's."""
        request_id = f"request-{next(self._numbers)}"
        roles = ("user", "assistant")
        turns = [Turn(roles[number % 2], text) for number, text in enumerate(texts)]
        turns = [*([Turn("system", system)] if system else []), *turns]
        values = defaults() | checked_values({"temperature": 0.0, "max_new_tokens": 24, **sampling})
        self.send(Generate(request_id, tuple(turns), values))
        return self._answer(request_id, on_event)

    def stop(self, request_id: str) -> None:
        self.send(Stop(request_id))

    def count(self, *texts: str) -> int:
        """Tokens of some texts together."""
        return sum(self.counts(*texts))

    def counts(self, *texts: str) -> tuple[int, ...]:
        self.send(CountTokens(f"count-{next(self._numbers)}", texts))
        counted = self.until(Counted)
        assert isinstance(counted, Counted)
        return counted.counts

    def answer(
        self, request: Generate, on_event: Callable[[str, Event], None] = lambda *_: None
    ) -> Answer:
        """The answer to a request as it stands."""
        self.send(request)
        return self._answer(request.request_id, on_event)

    def _answer(self, request_id: str, on_event: Callable[[str, Event], None]) -> Answer:
        events: list[Event] = []
        seconds: list[float] = []
        while not (events and isinstance(events[-1], (Done, Failed, Overfull))):
            moment, event = self.next()
            assert isinstance(event, ANSWERS), event
            assert event.request_id == request_id
            events.append(event)
            seconds.append(moment)
            on_event(request_id, event)
        return Answer(tuple(events), tuple(seconds))
