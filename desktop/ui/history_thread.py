"""The thread that searches, exports, imports and lists backups."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.history.commands import Quit
from desktop.services.history.notices import HistoryNotice, HistoryTrouble
from desktop.services.history.service import HistoryService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class HistoryThread(ServiceThread):
    """Runs the service of all conversations; it notices what `services.history` tells."""

    def __init__(
        self,
        make_service: Callable[[Callable[[HistoryNotice], None]], HistoryService],
        parent: QObject | None = None,
    ) -> None:
        end = HistoryTrouble(
            tr("Nothing can be searched or exported now."),
            tr("Close the window and start it again."),
        )
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("history")
