"""The thread of the device page: it measures while the chat needs nothing."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.devices.commands import Quit
from desktop.services.devices.notices import DeviceNotice, DevicesTrouble
from desktop.services.devices.service import DeviceService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class DevicesThread(ServiceThread):
    """Runs the service of devices; what it notices are the notices of `services.devices`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[DeviceNotice], None]], DeviceService],
        parent: QObject | None = None,
    ) -> None:
        end = DevicesTrouble(
            tr("Nothing can be measured now."), tr("Close the window and start it again.")
        )
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("devices")
