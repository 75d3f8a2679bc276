"""The thread of the housekeeper."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.house.commands import Quit
from desktop.services.house.notices import HouseNotice, HouseTrouble
from desktop.services.house.service import HouseService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class HouseThread(ServiceThread):
    """Runs the service; what it notices are the notices of `services.house`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[HouseNotice], None]], HouseService],
        parent: QObject | None = None,
    ) -> None:
        end = HouseTrouble(
            tr("Settings cannot be kept now."), tr("Close the window and start it again.")
        )
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("house")
