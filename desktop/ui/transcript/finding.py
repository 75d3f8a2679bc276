"""Finding words in the messages that are loaded, a slice at a time so that nothing stops."""

import re
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.folding import fold, occurrences
from desktop.ui.transcript.column import Column
from desktop.ui.transcript.item import Item
from desktop.ui.transcript.markdown import Kind, plain

SLICE_S = 0.004
MOST = 10_000  # matches; more help nobody
AGAIN_MS = 300  # after the messages have changed
_MARKS = re.compile(r"[*_`~]+")
_BETWEEN = re.compile(r"[\s*_`~]+")
_TELLING = re.compile(r"\]\(|\]\[|[&<\\|]")  # where what is shown differs more from the source


class Match(NamedTuple):
    """Characters of a block of a message."""

    item: int
    entry_id: str
    piece: int
    block: int
    cell: tuple[int, int]  # of a table
    start: int
    end: int


@dataclass
class Found:
    """What was found, in reading order."""

    matches: list[Match] = field(default_factory=list)
    place: int = -1  # of the one in turn
    complete: bool = True
    _by_entry: dict[str, list[Match]] = field(default_factory=dict)

    @property
    def current(self) -> Match | None:
        """The match in turn."""
        return self.matches[self.place] if 0 <= self.place < len(self.matches) else None

    @property
    def is_full(self) -> bool:
        """True when there may be more than are told."""
        return len(self.matches) >= MOST

    def of(self, entry_id: str) -> Sequence[Match]:
        """Those in one message."""
        return self._by_entry.get(entry_id, ())

    def add(self, matches: list[Match]) -> None:
        """Note the matches of one message, after those of the messages before it."""
        if matches:
            self.matches += matches
            self._by_entry[matches[0].entry_id] = matches


class Finder(QObject):
    """Looks through the messages of a column for what is shown of them."""

    found = Signal()  # something new; `result` has all of it
    reached = Signal()  # there is a match in turn now, to be shown

    def __init__(self, column: Column, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._sought = ""
        self._from = 0  # the item from which the first match is wanted
        self._backwards = False  # the last match in that item is wanted
        self._was: Match | None = None  # in turn before the messages changed
        self._walk: Iterator[None] | None = None
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._slice)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self.result = Found()

    @property
    def sought(self) -> str:
        """What is looked for."""
        return self._sought

    def look_for(self, sought: str, first_item: int, *, backwards: bool = False) -> None:
        """Begin; the first match from this item on comes to turn. An empty text ends it.

        Who comes from below wants to go `backwards`: the last match in the item comes to turn.
        """
        self._sought, self._from, self._was = sought, first_item, None
        self._backwards = backwards
        self._begin()

    def messages_changed(self) -> None:
        """Look again, soon."""
        if self._sought and not self._again.isActive():
            self._again.start()

    def step(self, step: int) -> None:
        """Go on to the next match, or with -1 to the one before; around at the ends."""
        result = self.result
        if result.matches:
            result.place = (result.place + step) % len(result.matches)
            self.reached.emit()
            self.found.emit()

    def _look_again(self) -> None:
        self._was = self.result.current
        self._begin()

    def _begin(self) -> None:
        self._again.stop()
        self.result = Found(complete=not self._sought)
        self._walk = self._steps() if self._sought else None
        if self._walk:
            self._slices.start()
        else:
            self._slices.stop()
        self.found.emit()

    def _slice(self) -> None:
        before = self._progress
        until = time.perf_counter() + SLICE_S
        while self._walk and time.perf_counter() < until:
            if next(self._walk, self) is self or self.result.is_full:
                self._walk = None
        if self._walk is None:
            self._slices.stop()
            self.result.complete = True
            if self.result.place < 0 and self.result.matches:
                self._come_to(0)
        if self._progress != before:
            self.found.emit()

    @property
    def _progress(self) -> tuple[int, int, bool]:
        """What is told of; telling it anew would only have it painted again."""
        return len(self.result.matches), self.result.place, self.result.complete

    def _steps(self) -> Iterator[None]:
        """Look through one message, or one section of it, at a time."""
        needle = fold(self._sought)
        for index, item in enumerate(list(self._column.items)):
            matches: list[Match] = []
            if item.chips.text or may_hold(item.entry.text, needle):
                for part in self._in_item(index, item):
                    matches += part
                    yield
            self.result.add(matches)
            self._choose(matches)
            yield

    def _choose(self, matches: list[Match]) -> None:
        """Bring to turn the first match from where the reader is, or the one that was."""
        if self.result.place >= 0 or not matches:
            return
        count = len(self.result.matches) - len(matches)
        if self._was is None:
            if self._backwards and matches[0].item == self._from:
                self._come_to(count + len(matches) - 1)
            elif matches[0].item >= self._from:
                self._come_to(count)
        elif self._was.entry_id == matches[0].entry_id:
            places = [(match.piece, match.block, match.start) for match in matches]
            was = (self._was.piece, self._was.block, self._was.start)
            self.result.place = count + min(bisect_left(places, was), len(matches) - 1)

    def _come_to(self, place: int) -> None:
        self.result.place = place
        if self._was is None:
            self.reached.emit()

    def _in_item(self, index: int, item: Item) -> Iterator[list[Match]]:
        body = item.body
        if not body.is_open:  # opening it would change its height; the pieces of a copy are equal
            body = body.copied()
            body.open()
        for number in range(len(body.pieces)):
            matches = []
            for nth, block in enumerate(body.blocks(number)):
                cells = (
                    [((y, x), c.runs) for y, r in enumerate(block.rows) for x, c in enumerate(r)]
                    if block.kind is Kind.TABLE
                    else [((0, 0), block.runs)]
                )
                for cell, runs in cells:
                    for start, end in occurrences(plain(runs), self._sought):
                        matches.append(Match(index, item.entry.id, number, nth, cell, start, end))
            yield matches


def may_hold(source: str, needle: str) -> bool:
    """False when it is certain that what is shown of a text does not hold the folded needle."""
    if _TELLING.search(source):
        return True
    word = max(_BETWEEN.split(needle), key=len)
    return word in _MARKS.sub("", fold(source))
