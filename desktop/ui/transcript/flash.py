"""A tint on the message that was looked for, which fades."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.ui.transcript.scene import Scene

TICK_MS = 40
HELD_MS = 700
FADING_MS = 800


class Flash(QObject):
    """Shows a message for a moment; without motion, then takes the tint away at once."""

    def __init__(self, scene: Scene, repaint: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._repaint = repaint
        self._animated = True
        self._hold = QTimer(self, singleShot=True)
        self._hold.timeout.connect(self._fade)
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)

    def show(self, entry_id: str, *, animated: bool) -> None:
        """Begin."""
        self._animated = animated
        self._ticks.stop()
        self._scene.flashed, self._scene.flash = entry_id, 1.0
        self._hold.start(HELD_MS if animated else HELD_MS + FADING_MS)
        self._repaint()

    def _fade(self) -> None:
        if self._animated:
            self._ticks.start()
        else:
            self._end()

    def _tick(self) -> None:
        self._scene.flash -= TICK_MS / FADING_MS
        if self._scene.flash <= 0:
            self._end()
        self._repaint()

    def _end(self) -> None:
        self._ticks.stop()
        self._scene.flashed, self._scene.flash = "", 0.0
        self._repaint()
