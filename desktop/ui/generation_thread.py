"""The thread that generates: it runs the chat service and turns what that tells into signals."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from desktop.services.chat.commands import ChatCommand, Quit
from desktop.services.chat.notices import Notice, Trouble
from desktop.services.chat.service import ChatService
from desktop.ui.i18n import tr

log = logging.getLogger(__name__)

END_WITHIN_MS = 5000


class GenerationThread(QThread):
    """Owns the chat service, and with it the engine process and the database connection."""

    noticed = Signal(object)  # a Notice; emitted in this thread, so connect to slots of QObjects

    def __init__(
        self,
        make_service: Callable[[Callable[[Notice], None]], ChatService],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("generation")
        self._service = make_service(self.noticed.emit)

    def post(self, command: ChatCommand) -> None:
        """Ask the service for something; returns at once."""
        self._service.post(command)

    def finish(self) -> bool:
        """Keep everything and end; False when that takes too long."""
        self.post(Quit())
        return self.wait(END_WITHIN_MS)

    def run(self) -> None:
        try:
            self._service.run()
        except Exception:
            log.exception("the chat service ended")
            self.noticed.emit(
                Trouble(tr("Cellar cannot go on."), tr("Close the window and start it again."))
            )
