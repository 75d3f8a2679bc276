"""A thread that runs a service and turns what it tells into signals."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, Signal

log = logging.getLogger(__name__)

END_WITHIN_MS = 5000


class Service(Protocol):
    """Lives in one thread, takes commands from any."""

    def post(self, command: Any) -> None:
        """Ask for something; returns at once."""

    def run(self) -> None:
        """Serve until the command that ends it."""


class ServiceThread(QThread):
    """Owns a service. `failed` is noticed when the service ends over a bug."""

    noticed = Signal(object)  # emitted in this thread, so connect to slots of QObjects

    def __init__(
        self,
        make_service: Callable[[Callable[[Any], None]], Service],
        quit_command: object,
        failed: object,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._service = make_service(self.noticed.emit)
        self._quit_command = quit_command
        self._failed = failed

    def post(self, command: object) -> None:
        """Ask the service for something; returns at once."""
        self._service.post(command)

    def finish(self) -> bool:
        """Let the service end well; False when that takes too long."""
        self.post(self._quit_command)
        return self.wait(END_WITHIN_MS)

    def run(self) -> None:
        try:
            self._service.run()
        except Exception:
            log.exception("the service of %s ended", self.objectName())
            self.noticed.emit(self._failed)
