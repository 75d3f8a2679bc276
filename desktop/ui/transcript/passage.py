"""The part of a long conversation that is loaded: how it grows and is trimmed, and its scroll bar.

Of what is not loaded only the number of messages is known; the scroll bar takes each of them to be
as high as those that were loaded first are on average.
"""

import math

from PySide6.QtWidgets import QScrollBar

from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.scene import Scene, cleaned


def extend(scene: Scene, entries: list[Entry]) -> None:
    """Show messages after the last one. Nothing moves."""
    new = [scene.new_item(cleaned(entry)) for entry in entries]
    scene.column.set_items(scene.column.items + new)
    scene.mark_unseen()


def trim(scene: Scene, first: int, last: int) -> None:
    """Let go of so many of the first messages and of the last ones. What is in view stays."""
    items = scene.column.items
    moved = scene.column.tops[first] - scene.column.tops[0]
    scene.column.set_items(items[first : len(items) - last])
    scene.selection.truncate(len(items) - last)
    if first:
        scene.selection.drop(first)
    scene.top = max(0, round(scene.top - moved))
    scene.mark_unseen()


class WholeBar:
    """A scroll bar over all of a conversation, of which a part is loaded."""

    def __init__(self, scene: Scene, bar: QScrollBar) -> None:
        self._scene = scene
        self._bar = bar
        self._mean = 0.0  # height of a message

    @property
    def _missing(self) -> int:
        return self._scene.earlier + self._scene.later

    @property
    def _above(self) -> int:
        return round(self._scene.earlier * self._mean)

    def forget(self) -> None:
        """Another conversation is shown."""
        self._mean = 0.0

    def tell(self) -> None:
        """Have the bar say where the view is; one that is being dragged stays in the hand."""
        scene, bar = self._scene, self._bar
        if self._missing and bar.isSliderDown():
            return
        if not self._mean and scene.column.items:
            self._mean = scene.column.height / len(scene.column.items)
        below = round(scene.later * self._mean)
        bar.setRange(0, self._above + scene.end + below)
        bar.setPageStep(scene.size.height())
        bar.setSingleStep(2 * scene.style.line)
        bar.setValue(self._above + scene.top)
        bar.setEnabled(bar.maximum() > 0)

    def go(self) -> float | None:
        """Scroll to where the bar was moved.

        Where that is not loaded, the answer is the place of the message, and how much of it is to
        be above the view; infinity for the end.
        """
        scene, value = self._scene, self._bar.value()
        if not self._missing:
            scene.scroll_to(value)
            return None
        place = self._pulled(value) if self._bar.isSliderDown() else self._stepped(value)
        if place is None or show_place(scene, place):
            return None
        return place

    def _pulled(self, value: int) -> float:
        if value >= self._bar.maximum():
            return math.inf
        return value / self._bar.maximum() * (self._missing + len(self._scene.column.items))

    def _stepped(self, value: int) -> float | None:
        scene = self._scene
        y = value - self._above
        if y < 0 and scene.earlier:
            return value / self._mean
        if y > scene.end and scene.later:
            return scene.earlier + len(scene.column.items) + (y - scene.end) / self._mean
        scene.scroll_to(min(max(y, 0), scene.end))
        return None


def show_place(scene: Scene, place: float) -> bool:
    """Have a message at the top, by its place in the whole; False when it is not loaded."""
    if math.isinf(place):
        if not scene.later:
            scene.scroll_to(scene.end)
        return not scene.later
    if not place and not scene.earlier:
        scene.scroll_to(0)
        return True
    index = int(place) - scene.earlier
    if not 0 <= index < len(scene.column.items):
        return False
    top, below = scene.column.tops[index : index + 2]
    scene.scroll_to(min(round(top + (place % 1) * (below - top)), scene.end))
    return True
