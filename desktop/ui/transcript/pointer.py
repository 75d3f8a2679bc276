"""The mouse in the transcript: selecting, clicking, hovering."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication

from desktop.ui.transcript.scene import PlacedSpot, Scene
from desktop.ui.transcript.selection import Place, around

SCROLL_TICK = 30  # milliseconds, while a selection is drawn beyond the view


class Unit(Enum):
    """What a drag selects by."""

    LETTER = 1
    WORD = 2
    BLOCK = 3


_UNDER_CURSOR = {
    Unit.WORD: QTextCursor.SelectionType.WordUnderCursor,
    Unit.BLOCK: QTextCursor.SelectionType.BlockUnderCursor,
}


class Pointer(QObject):
    """Turns mouse events into selections and clicks on spots."""

    def __init__(
        self,
        scene: Scene,
        clicked: Callable[[PlacedSpot], None],
        scroll: Callable[[int], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._clicked = clicked
        self._scroll = scroll
        self._pressed: PlacedSpot | None = None
        self._unit = Unit.LETTER
        self._origin: tuple[Place, Place] | None = None  # what the press itself selected
        self._at = QPointF()
        self._since_double = QTimer(self)
        self._since_double.setSingleShot(True)
        self._timer = QTimer(self)
        self._timer.setInterval(SCROLL_TICK)
        self._timer.timeout.connect(self._scroll_on)

    @property
    def selects(self) -> bool:
        """True while a selection is drawn."""
        return self._origin is not None

    def press(self, event: QMouseEvent) -> None:
        """Begin a selection, extend one (Shift), or take hold of a spot."""
        self._at = event.position()
        self._pressed = self._scene.spot_at(self._at)
        if self._pressed:
            return
        place = self._scene.place_at(self._at)
        if place is None:
            return
        triple = self._since_double.isActive()
        selection = self._scene.selection
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and selection.anchor:
            self._unit = Unit.LETTER
            self._origin = (selection.anchor, selection.anchor)
            selection.head = place
            return
        self._begin(place, Unit.BLOCK if triple else Unit.LETTER)

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word."""
        place = self._scene.place_at(event.position())
        if place and not self._scene.spot_at(event.position()):
            self._since_double.start(QApplication.doubleClickInterval())
            self._begin(place, Unit.WORD)

    def _begin(self, place: Place, unit: Unit) -> None:
        self._unit = unit
        self._origin = self._unit_at(place)
        self._scene.selection.anchor, self._scene.selection.head = self._origin

    def move(self, position: QPointF) -> None:
        """Draw the selection on."""
        self._at = position
        if not self.selects:
            return
        beyond = not 0 <= position.y() < self._scene.size.height()
        if beyond != self._timer.isActive():
            self._timer.start() if beyond else self._timer.stop()
        self._extend()

    def release(self, event: QMouseEvent) -> None:
        """End the selection, or click the spot that was pressed."""
        self._timer.stop()
        self._origin = None
        pressed, self._pressed = self._pressed, None
        released = self._scene.spot_at(event.position())
        if pressed and released and pressed.key == released.key:
            self._clicked(released)

    def _unit_at(self, place: Place) -> tuple[Place, Place]:
        if self._unit is Unit.LETTER:
            return place, place
        return around(self._scene.column, place, _UNDER_CURSOR[self._unit])

    def _extend(self) -> None:
        place = self._scene.place_at(self._at)
        if place is None or self._origin is None:
            return
        start, end = self._unit_at(place)
        selection = self._scene.selection
        if start < self._origin[0]:
            selection.anchor, selection.head = self._origin[1], start
        else:
            selection.anchor, selection.head = self._origin[0], max(end, self._origin[1])

    def _scroll_on(self) -> None:
        below = self._at.y() - self._scene.size.height()
        distance = below if below > 0 else self._at.y()
        self._scroll(round(max(-60.0, min(60.0, distance))))
        self._extend()
