"""Asking for the messages of a long conversation that are to be shown next."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.ui.transcript.view import TranscriptView

STEP = 100  # messages that are loaded as one scrolls on
AROUND = 40  # messages that are taken up where one goes to
KEPT = 400  # messages at most, as one scrolls; those far from the view are let go


@dataclass(frozen=True, slots=True)
class Asked:
    """What is being read."""

    start: int
    count: int
    place: float | None = None  # where to go with it, by places of messages


def nearby(ids: Sequence[str], target: str) -> range:
    """The places of the messages to take up when one goes to a message among these."""
    start = min(ids.index(target) - AROUND // 3, len(ids) - AROUND)
    return range(max(0, start), min(len(ids), max(0, start) + AROUND))


class PassageAsker(QObject):
    """One passage is asked for at a time; of places to go to, the newest counts."""

    wanted = Signal(int, int)  # place of the first message, and how many

    def __init__(self, view: TranscriptView, parent: QObject) -> None:
        super().__init__(parent)
        self.earlier = 0  # messages before those shown
        self.shown = 0
        self.later = 0
        self._asked: Asked | None = None
        self._next: float | None = None
        view.near_top.connect(self._go_up)
        view.near_end.connect(self._go_down)
        view.place_wanted.connect(self.go)

    def set_extent(self, earlier: int, shown: int, later: int) -> None:
        """Take note of what is shown of the conversation."""
        self.earlier, self.shown, self.later = earlier, shown, later

    def reset(self) -> None:
        """What was asked for is no longer wanted, or will not come."""
        self._asked = self._next = None

    def go(self, place: float) -> None:
        """Have a message shown by its place in the conversation; infinity for the end."""
        self._next = place
        if self._asked is None:
            self._ask_next()

    def took(self) -> Asked | None:
        """What was asked for has come. Ask for what is wanted by now, once it is shown."""
        asked, self._asked = self._asked, None
        return asked

    def go_on(self) -> None:
        """Ask for the place that was wanted in the meantime."""
        if self._asked is None and self._next is not None:
            self._ask_next()

    def _ask_next(self) -> None:
        place, self._next = self._next, None
        if place is None:
            return
        total = self.earlier + self.shown + self.later
        start = total - AROUND if math.isinf(place) else int(place) - AROUND // 3
        self._ask(Asked(max(0, start), AROUND, place))

    def _go_up(self) -> None:
        if self.earlier and self._asked is None:
            start = max(0, self.earlier - STEP)
            self._ask(Asked(start, self.earlier - start))

    def _go_down(self) -> None:
        if self.later and self._asked is None:
            self._ask(Asked(self.earlier + self.shown, min(STEP, self.later)))

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self.wanted.emit(asked.start, asked.count)
