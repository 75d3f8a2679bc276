"""The thread that generates: it owns the conversation, the database and the engine process."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.chat.commands import Quit
from desktop.services.chat.notices import Notice, Trouble
from desktop.services.chat.service import ChatService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class GenerationThread(ServiceThread):
    """Runs the chat service; what it notices are the notices of `services.chat`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[Notice], None]], ChatService],
        parent: QObject | None = None,
    ) -> None:
        end = Trouble(tr("Cellar cannot go on."), tr("Close the window and start it again."))
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("generation")
