"""Keeping what the window shows of the context true between the answers."""

from collections.abc import Callable

from desktop.domain import events
from desktop.domain.events import Event
from desktop.engine.protocol import Command, Fit
from desktop.services.chat.notices import ContextUsed, Notice
from desktop.services.chat.request import Request


class Meter:
    """Asks an engine that nobody waits for. An answer that came too late is dropped."""

    def __init__(self, send: Callable[[Command], None], notify: Callable[[Notice], None]) -> None:
        self._send = send
        self._notify = notify
        self._asked: tuple[int, Fit] | None = None  # of which engine, and what, without an id
        self._kept: tuple[int, Request] | None = None  # what that was made from
        self._request: Request | None = None
        self._number = 0

    def keep(self, request: Request, engine: int) -> None:
        """Ask what the model would see, unless the engine with this number was just asked."""
        if (engine, request) == self._kept:  # much sooner told than what is made from it
            return
        self._kept = (engine, request)
        asked = (engine, request.fit(""))
        if asked == self._asked:
            return
        self._asked, self._request = asked, request
        self._number += 1
        self._send(request.fit(self._id))

    def forget(self) -> None:
        """The window is told something else now: the next `keep` asks in any case."""
        self._asked = self._request = self._kept = None

    def hear(self, event: Event) -> None:
        """Tell the window what the engine says to the last question, and to no other."""
        match event:
            case events.Fitted(request_id=self._id) if self._request is not None:
                self._notify(self._request.told(event))
            case events.Overfull(request_id=self._id, needed=needed, available=available):
                self._notify(ContextUsed(needed, available))

    @property
    def _id(self) -> str:
        return f"fit-{self._number}"
