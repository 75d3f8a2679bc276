"""Hears that Cellar was started once more with the same data folder."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

LOOK_EACH_MS = 1000  # where the system cannot tell of changes


class Callers(QObject):
    """Has somebody look whenever the folder of notes has changed. Ends with its parent."""

    def __init__(self, folder: Path, look: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._changed)
        if not self._watcher.addPath(str(folder)):
            timer = QTimer(self, interval=LOOK_EACH_MS)
            timer.timeout.connect(look)
            timer.start()
        look()

    def _changed(self) -> None:
        self._look()
