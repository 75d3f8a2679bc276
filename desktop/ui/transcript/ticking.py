"""Tells, once a second, how long the model has been thinking."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.ui.transcript.item import Item
from desktop.ui.transcript.scene import Scene

TICK_MS = 1000


class ThoughtTicker(QObject):
    """Runs while the last message is a thought that goes on."""

    def __init__(self, scene: Scene, arrange: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._arrange = arrange
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def runs(self) -> bool:
        """True while there is something to tell."""
        return self._timer.isActive()

    def check(self) -> None:
        """Begin or end, as the messages are now."""
        if (self._thinking is not None) != self._timer.isActive():
            self._timer.stop() if self._timer.isActive() else self._timer.start()

    def tick(self) -> None:
        """Renew the line."""
        item = self._thinking
        if item is not None:
            item.note_thought(renew=True)
            self._arrange()

    @property
    def _thinking(self) -> Item | None:
        for item in self._scene.column.items[-1:]:
            if item.entry.writing and item.body.parts.thinking:
                return item
        return None
