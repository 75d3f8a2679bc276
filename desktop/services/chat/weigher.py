"""How many tokens the message has that is not sent yet, and whether it will fit."""

from collections.abc import Callable
from dataclasses import replace

from desktop.domain import events
from desktop.domain.attachments import Attachment, composed
from desktop.domain.context import too_long, visible
from desktop.domain.conversation import Message, Role
from desktop.domain.events import Event
from desktop.engine.protocol import Command, CountTokens
from desktop.services.chat.notices import DraftWeighed, Notice
from desktop.services.chat.request import Request

FREE = 0.5  # of the context: below that everything fits, and nobody needs to ask
AT_ONCE = 64_000  # characters that are counted at once: a question must not wait for long


class Weigher:
    """Asks an engine that nobody waits for, and about no text of a message twice."""

    def __init__(self, send: Callable[[Command], None], notify: Callable[[Notice], None]) -> None:
        self._send = send
        self._notify = notify
        self._draft: tuple[str, tuple[Attachment, ...]] = ("", ())
        self._told = True  # there is nothing to tell of it
        self._known: dict[str, int] = {}  # tokens by piece of text, of the engine of this number:
        self._engine = 0
        self._counting: tuple[str, ...] = ()
        self._fitting: Request | None = None
        self._number = 0
        self._used = self._available = 0  # as the engine told it last

    def ask(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """This is the message from now on."""
        self._draft = text, attachments
        self._told = not any(self._texts)
        self._counting, self._fitting = (), None
        pieces = [piece for text in self._texts for piece in _pieces(text)]
        self._known = {piece: self._known[piece] for piece in pieces if piece in self._known}

    def serve(self, request: Request, engine: int) -> None:
        """Ask the engine with this number; `request` is about the conversation as it is."""
        if engine != self._engine:
            self._engine, self._counting, self._fitting = engine, (), None
            self._known.clear()
            self._told = not any(self._texts)
        if self._told or self._counting or self._fitting:
            return
        self._number += 1
        if unknown := self._unknown():
            self._counting = unknown
            self._send(CountTokens(self._id, unknown))
            return
        tokens = sum(self._tokens)
        if self._used + tokens <= FREE * self._available:
            self._tell()
        elif tokens >= self._available > 0:
            self._tell(problem=str(too_long(tokens, self._available)))
        else:
            self._fitting = self._with_draft(request)
            self._send(self._fitting.fit(self._id))

    def hear(self, event: Event) -> None:
        """Take what the engine says to the last question."""
        if isinstance(event, events.Fitted):
            self._available = event.available
            if event.request_id != self._id:
                self._used = event.used
        if getattr(event, "request_id", "") != self._id:
            return
        match event:
            case events.Counted(counts=counts) if self._counting:
                self._known |= zip(self._counting, counts, strict=True)
                self._counting = ()
            case events.Fitted() if self._fitting is not None:
                self._tell(unseen=len(self._fitting.told(event).unseen))
            case events.Overfull() if self._fitting is not None:
                self._tell(asks=True)
            case events.Failed(what=what, remedy=remedy) if self._fitting is not None:
                self._tell(problem=f"{what} {remedy}".strip())
            case events.Failed():
                self._told, self._counting = True, ()

    def _tell(self, *, unseen: int = 0, asks: bool = False, problem: str = "") -> None:
        self._told, self._counting, self._fitting = True, (), None
        self._notify(DraftWeighed(*self._draft, self._tokens, unseen, asks, problem))

    def _unknown(self) -> tuple[str, ...]:
        """The pieces to be counted next."""
        found: dict[str, None] = {}
        for piece in (piece for text in self._texts for piece in _pieces(text)):
            if piece not in self._known and (not found or sum(map(len, found)) < AT_ONCE // 2):
                found[piece] = None
        return tuple(found)

    @property
    def _tokens(self) -> tuple[int, ...]:
        """Of each text, as far as they are counted."""
        return tuple(
            sum(self._known.get(piece, 0) for piece in _pieces(text)) for text in self._texts
        )

    def _with_draft(self, request: Request) -> Request:
        text, attachments = self._draft
        said, quotations = composed(attachments, text)
        question = Message(Role.USER, said, attachments=quotations)
        return replace(request, messages=(*visible(request.messages), question))

    @property
    def _texts(self) -> tuple[str, ...]:
        text, attachments = self._draft
        return (text, *(each.text for each in attachments))

    @property
    def _id(self) -> str:
        return f"draft-{self._number}"


def _pieces(text: str) -> list[str]:
    return [text[start : start + AT_ONCE] for start in range(0, len(text), AT_ONCE)]
