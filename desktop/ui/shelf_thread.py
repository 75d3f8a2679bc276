"""The thread of the models page: it knows the models and runs the jobs that make them."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.shelf.commands import Quit
from desktop.services.shelf.notices import ShelfNotice, ShelfTrouble
from desktop.services.shelf.service import ShelfService
from desktop.ui.i18n import tr
from desktop.ui.service_thread import ServiceThread


class ShelfThread(ServiceThread):
    """Runs the shelf; what it notices are the notices of `services.shelf`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[ShelfNotice], None]], ShelfService],
        parent: QObject | None = None,
    ) -> None:
        end = ShelfTrouble(
            tr("Models cannot be managed now."), tr("Close the window and start it again.")
        )
        super().__init__(make_service, Quit(), end, parent)
        self.setObjectName("shelf")
