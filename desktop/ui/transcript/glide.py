"""Scrolling that takes a moment, for wheels and keys that move in steps."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

TICK = 16  # milliseconds
SHARE = 0.3  # of the way left, each tick


class Glide(QObject):
    """Moves by a distance in ever smaller steps; distances add up."""

    def __init__(self, move: Callable[[int], bool], parent: QObject) -> None:
        """`move` takes pixels and answers whether there was anywhere to go."""
        super().__init__(parent)
        self._move = move
        self._left = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    def by(self, distance: float, at_once: bool = False) -> None:
        """Move so many pixels further. A turn of direction forgets what was left of the old one."""
        if distance * self._left < 0:
            self._left = 0.0
        self._left += distance
        if at_once:
            self.stop(finish=True)
        elif not self._timer.isActive():
            self._timer.start()
            self._tick()

    def stop(self, finish: bool = False) -> None:
        """End here, or at once where it was going."""
        self._timer.stop()
        left, self._left = self._left, 0.0
        if finish and round(left):
            self._move(round(left))

    def _tick(self) -> None:
        step = self._left * SHARE
        pixels = (
            round(self._left) if abs(self._left) < 2 else round(step) or (1 if step > 0 else -1)
        )
        self._left -= pixels
        if not pixels or not self._move(pixels):
            self.stop()
