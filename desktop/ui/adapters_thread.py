"""The thread of the adapters."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.adapters.commands import Quit
from desktop.services.adapters.notices import AdapterNotice, AdapterTrouble
from desktop.services.adapters.service import AdapterService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class AdaptersThread(ServiceThread):
    """Runs their service; what it notices are the notices of `services.adapters`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[AdapterNotice], None]], AdapterService],
        parent: QObject | None = None,
    ) -> None:
        end = AdapterTrouble(
            tr("Adapters cannot be managed now."), tr("Close the window and start it again.")
        )
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("adapters")
