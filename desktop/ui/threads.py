"""The threads behind the window."""

from dataclasses import dataclass

from desktop.ui.adapters_thread import AdaptersThread
from desktop.ui.attaching_thread import AttachingThread
from desktop.ui.devices.thread import DevicesThread
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.history_thread import HistoryThread
from desktop.ui.house_thread import HouseThread
from desktop.ui.service_thread import ServiceThread
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.spelling_thread import SpellingThread


@dataclass(frozen=True)
class Threads:
    """Each with its service."""

    generation: GenerationThread
    shelf: ShelfThread
    devices: DevicesThread
    history: HistoryThread
    adapters: AdaptersThread
    attaching: AttachingThread
    house: HouseThread
    spelling: SpellingThread

    @property
    def all(self) -> tuple[ServiceThread, ...]:
        """In the order in which they are ended: the one that all others serve comes first."""
        first = (self.generation, self.shelf, self.devices, self.history)
        return (*first, self.adapters, self.attaching, self.house, self.spelling)

    def start(self) -> None:
        """Have all services at work."""
        for thread in self.all:
            thread.start()
