"""The prompt layout of the model in view: choosing another one, and seeing the exact prompt."""

from collections.abc import Callable

from desktop.domain import events
from desktop.domain.conversation import clean_text
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.layout import Layout
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.engine.protocol import Render, Turn
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import LayoutCommand
from desktop.services.chat.notices import Notice
from desktop.services.chat.request import Request
from desktop.services.engine_host import EngineHost
from desktop.services.layouts.store import LayoutStore

FIRST, LAST = 10_000, 20_000  # characters of a preview, of which the middle is left out


class LayoutDesk:
    """Lives in the chat service's thread."""

    def __init__(
        self, store: LayoutStore, host: EngineHost, notify: Callable[[Notice], None]
    ) -> None:
        self._store = store
        self._host = host
        self._notify = notify
        self._number = 0  # of the last preview that was asked for

    def of(self, model: Model | None) -> Layout | None:
        """What a model is asked in; None: its own template."""
        return self._store.of(model)

    def handle(self, command: LayoutCommand, request: Request, model: Model | None) -> None:
        """Do it for the model in view and tell. Raises Problem."""
        if model is None:
            if isinstance(command, commands.ListLayouts):
                return
            raise Problem(tr("There is no model yet."), tr("Get one on the models page."))
        match command:
            case commands.ChooseLayout(choice):
                self._store.choose(model, choice)
                self.tell(request, model)
            case commands.ListLayouts():
                self.tell(request, model)
            case commands.PreviewLayout(layout, next_message):
                self._ask(layout, next_message, request, model)

    def tell(self, request: Request, model: Model) -> None:
        """Tell what the model can be asked in, and what it is asked in now."""
        of_preset = request.preset.name if request.preset and request.preset.layout else ""
        self._notify(
            notices.LayoutsListed(
                model,
                tuple(self._store.shipped.values()),
                self._store.native(model),
                self._store.choice(model),
                of_preset,
            )
        )

    def hear(self, event: Event) -> None:
        """Tell the prompt that was asked for last."""
        match event:
            case events.Rendered(request_id=self._id, text=text):
                self._notify(notices.LayoutPreviewed(_shortened(text)))
            case events.Failed(request_id=self._id, what=what, remedy=remedy):
                self._notify(notices.LayoutPreviewed("", f"{what} {remedy}".strip()))

    def _ask(
        self, layout: Layout | None, next_message: str, request: Request, model: Model
    ) -> None:
        self._number += 1
        turns = request.turns
        if not turns or turns[-1].role != "user":
            turns = (*turns, Turn("user", clean_text(next_message)))
        self._host.start()
        self._host.send(Render(self._id, str(model.folder), turns, layout=layout))

    @property
    def _id(self) -> str:
        return f"layout-{self._number}"


def _shortened(text: str) -> str:
    if len(text) <= FIRST + LAST:
        return text
    return f"{text[:FIRST]}\n\n[…]\n\n{text[-LAST:]}"
