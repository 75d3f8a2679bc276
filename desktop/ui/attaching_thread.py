"""The thread that reads files which are to go with a message."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.domain.errors import Problem
from desktop.services.attaching.commands import Quit
from desktop.services.attaching.notices import FilesRead
from desktop.services.attaching.service import AttachingService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class AttachingThread(ServiceThread):
    """Runs their service; what it notices are `services.attaching.notices`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[FilesRead], None]], AttachingService],
        parent: QObject | None = None,
    ) -> None:
        end = Problem(
            tr("Files cannot be attached now."), tr("Close the window and start it again.")
        )
        super().__init__(make_service, Quit(), FilesRead(problems=(end,)), parent)
        self.setObjectName("attaching")
