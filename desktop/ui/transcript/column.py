"""The messages one under the other: where each one is, and what has to be laid out."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from desktop.ui.transcript.item import Item
from desktop.ui.transcript.piece import Piece

KEPT_PIECES = 120  # laid out at one time, those in view not counted
KEPT_BLOCKS = 400  # the same for the blocks in them: letting many go at once takes a moment
EDGE = 12  # over the first message and under the last
LAID_AT_ONCE = 5_000  # letters' worth: more would keep the window from answering
ABOVE = 36  # of the line that says what is before the first message


class Anchor(NamedTuple):
    """What stands at the top of the view: a piece, and how much of it is above (0 to 1)."""

    item: int
    piece: int
    share: float


class Column:
    """The items in order. Heights are guesses until something was seen once."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._heights: list[float] = []
        self._tops: list[float] = []
        self._above = 0
        self._laid: dict[Piece, None] = {}  # in the order of their last use
        self._room = LAID_AT_ONCE

    @property
    def height(self) -> float:
        """All of it, in pixels."""
        return self.tops[-1] + EDGE

    @property
    def tops(self) -> list[float]:
        """Where each item begins, and the last one ends."""
        if not self._tops:
            self._tops = list(accumulate(self._heights, initial=EDGE + self._above))
        return self._tops

    @property
    def laid(self) -> tuple[Piece, ...]:
        """What is laid out, the last used ones last."""
        return tuple(self._laid)

    def keep_above(self, line: bool) -> int:
        """Have room for a line over the first item, or none. The answer is how far all moves."""
        before, self._above = self._above, ABOVE if line else 0
        self._tops = []
        return self._above - before

    def set_items(self, items: list[Item]) -> None:
        """Have these items. Those that were there before are taken to be as high as they were."""
        known = dict(zip(self.items, self._heights, strict=True))
        self.items = items
        before = ((item, known.get(item)) for item in items)
        self._heights = [item.height if height is None else height for item, height in before]
        self._tops = []

    def measure(self) -> None:
        """Every item may have another height now."""
        self._heights = [item.height for item in self.items]
        self._tops = []

    def add(self, item: Item) -> None:
        """Have one more at the end."""
        self.items.append(item)
        self._heights.append(item.height)
        self._tops = []

    def changed(self, index: int) -> None:
        """An item may have another height now."""
        self._heights[index] = self.items[index].height
        self._tops = []

    def index_of(self, entry_id: str) -> int:
        """The place of a message, -1 for none. The last ones are found first."""
        for index in range(len(self.items) - 1, -1, -1):
            if self.items[index].entry.id == entry_id:
                return index
        return -1

    def at(self, y: float) -> int:
        """The item at a height; the nearest one beyond the ends, -1 when there is none."""
        return min(max(bisect_right(self.tops, y) - 1, 0), len(self.items) - 1)

    def piece_at(self, index: int, y: float) -> int:
        """The piece of an open item at a height of the column, the nearest one to it."""
        item = self.items[index]
        within = y - self.tops[index] - item.body_top
        last = len(item.body.pieces) - 1
        return min(max(bisect_right(item.body.tops, within) - 1, 0), last)

    def piece_top(self, index: int, piece: int) -> float:
        """Where a piece of an open item begins."""
        item = self.items[index]
        return self.tops[index] + item.body_top + item.body.tops[piece]

    def visible(self, top: float, bottom: float) -> range:
        """The items between two heights."""
        if not self.items:
            return range(0)
        return range(self.at(top), self.at(bottom) + 1)

    def visible_pieces(self, index: int, top: float, bottom: float) -> range:
        """The pieces of an open item between two heights."""
        if not self.items[index].body.pieces:
            return range(0)
        return range(self.piece_at(index, top), self.piece_at(index, bottom) + 1)

    @property
    def unfinished(self) -> bool:
        """True when something in view still has to wait for its turn."""
        return self._room <= 0

    def begin_turn(self) -> None:
        """The window has answered in the meantime."""
        self._room = LAID_AT_ONCE

    def settle(self, top: float, height: float) -> float:
        """Lay out what is in view. The answer is where the top of the view is from now on.

        What was guessed wrongly above moves the top along, so that what is seen stays in place.
        """
        steps = 1
        while steps:
            steps = 0
            for index in self.visible(top, top + height):
                while (step := self._settle_one(index, top, top + height)) is not None:
                    top += step
                    steps += 1
                if steps:
                    break
        self._forget_old(top, top + height)
        return top

    def _settle_one(self, index: int, top: float, bottom: float) -> float | None:
        """Open the item or lay out one piece of it. None: there is nothing left to do."""
        item = self.items[index]
        if not item.is_ready:
            before = item.height
            item.prepare()
            self.changed(index)
            return item.height - before if self.tops[index] < top else 0.0
        for number in self.visible_pieces(index, top, bottom):
            piece = item.body.pieces[number]
            if piece.blocks is None:
                weight = piece.section.weight
                if weight > self._room and self._room < LAID_AT_ONCE:
                    self._room = 0
                    return None
                self._room -= weight
                place, was_known, before = self.piece_top(index, number), piece.known, piece.height
                item.body.lay(number)
                self._laid[piece] = None
                self.changed(index)
                if was_known or place >= top:
                    return 0.0
                if place + before > bottom:  # nothing else is in view
                    return (top - place) * (piece.height / before - 1)
                return piece.height - before
        return None

    def _forget_old(self, top: float, bottom: float) -> None:
        """Let go of the documents that were in view longest ago."""
        seen = 0
        for index in self.visible(top, bottom):
            for number in self.visible_pieces(index, top, bottom):
                piece = self.items[index].body.pieces[number]
                self._laid.pop(piece, None)
                self._laid[piece] = None
                seen += 1
        blocks = sum(piece.bulk for piece in self._laid)
        while len(self._laid) > KEPT_PIECES + seen or (
            blocks > KEPT_BLOCKS and len(self._laid) > seen
        ):
            piece = next(iter(self._laid))
            blocks -= piece.bulk
            del self._laid[piece]
            piece.forget()

    def anchor(self, top: float) -> Anchor | None:
        """What is at the top, to find it again at another width."""
        if not self.items or not self.items[self.at(top)].body.pieces:
            return None
        index = self.at(top)
        number = self.piece_at(index, top)
        piece = self.items[index].body.pieces[number]
        above = top - self.piece_top(index, number)
        return Anchor(index, number, above / piece.height if piece.height else 0.0)

    def resize(self, width: float, anchor: Anchor | None) -> float:
        """Take another width. The answer is where the anchor's place is now."""
        for item in self.items:
            item.resize(width)
        self.measure()
        self._laid = {}
        if anchor is None:
            return 0.0
        body = self.items[anchor.item].body
        body.lay(anchor.piece)
        self._room = LAID_AT_ONCE - body.pieces[anchor.piece].section.weight
        self.changed(anchor.item)
        return self.piece_top(anchor.item, anchor.piece) + (
            anchor.share * body.pieces[anchor.piece].height
        )
