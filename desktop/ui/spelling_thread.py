"""The thread of the spell-checker."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.services.spelling.commands import Quit
from desktop.services.spelling.notices import LanguageUsed, SpellingNotice
from desktop.services.spelling.service import SpellingService
from desktop.ui.service_thread import ServiceThread


class SpellingThread(ServiceThread):
    """Runs its service; what it notices are the notices of `services.spelling`."""

    def __init__(
        self,
        make_service: Callable[[Callable[[SpellingNotice], None]], SpellingService],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(make_service, Quit(), LanguageUsed(""), parent)
        self.setObjectName("spelling")
