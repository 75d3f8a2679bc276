"""What is selected, across messages, and the text of it."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCursor

from desktop.ui.transcript.body import Body
from desktop.ui.transcript.column import Column
from desktop.ui.transcript.document import selected
from desktop.ui.transcript.markdown import Block, Kind
from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.sections import Shape

BETWEEN = "\n\n"  # messages
END = 1 << 60  # beyond every index and offset
RENDERED_CHARS = 400_000  # of more than that the source is copied: rendering it would take a while


class Place(NamedTuple):
    """A position in the conversation. They compare in reading order."""

    item: int
    piece: int
    block: int
    offset: int  # in UTF-16 units


class Selection:
    """From where the mouse was pressed to where it is."""

    def __init__(self) -> None:
        self.anchor: Place | None = None
        self.head: Place | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing is selected."""
        return self.anchor is None or self.head is None or self.anchor == self.head

    @property
    def ends(self) -> tuple[Place, Place] | None:
        """Its first and last place in reading order."""
        if self.anchor is None or self.head is None or self.anchor == self.head:
            return None
        return min(self.anchor, self.head), max(self.anchor, self.head)

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.head = None

    def all(self) -> None:
        """Select everything."""
        self.anchor, self.head = Place(0, 0, 0, 0), Place(END, 0, 0, 0)

    def truncate(self, items: int) -> None:
        """Forget a selection that reaches beyond so many messages."""
        ends = self.ends
        if ends and items <= ends[1].item < END:
            self.clear()

    def shift(self, items: int) -> None:
        """Stay on the same messages when so many have come before them."""
        if self.anchor and self.head:
            self.anchor = self.anchor._replace(item=self.anchor.item + items)
            self.head = self.head._replace(item=self.head.item + items)

    def drop(self, items: int) -> None:
        """Stay on the same messages when so many before them are let go of."""
        if self.ends and self.ends[0].item < items and self.ends[1].item < END:
            self.clear()
        elif self.ends and self.ends[1].item < END:
            self.shift(-items)

    def stretch(self, block: tuple[int, int, int], length: int) -> tuple[int, int] | None:
        """The selected part of a block of so many units."""
        return stretch(self.ends, block, length) if self.ends else None


def stretch(
    ends: tuple[Place, Place], block: tuple[int, int, int], length: int
) -> tuple[int, int] | None:
    """The part of a block between two places."""
    start, end = ends
    if block < start[:3] or block > end[:3]:
        return None
    first = start.offset if block == start[:3] else 0
    last = end.offset if block == end[:3] else length
    return (first, min(last, length)) if first < min(last, length) else None


def place_at(column: Column, point: QPointF) -> Place | None:
    """The position nearest to a point of the column (x 0: where the text begins)."""
    index = column.at(point.y())
    if index < 0:
        return None
    item = column.items[index]
    within = point.y() - column.tops[index]
    if not item.body.pieces or within < item.body_top:
        return Place(index, 0, 0, 0)
    if within > item.body_bottom:
        return Place(index, len(item.body.pieces), 0, 0)
    number = column.piece_at(index, point.y())
    blocks = item.body.pieces[number].blocks or []
    within -= item.body_top + item.body.tops[number]
    for nth in range(len(blocks) - 1, -1, -1):
        if within >= blocks[nth].top or nth == 0:
            local = QPointF(point.x() + blocks[nth].shift, within) - blocks[nth].corner
            hit = blocks[nth].made.documentLayout().hitTest(local, Qt.HitTestAccuracy.FuzzyHit)
            return Place(index, number, nth, max(0, hit))
    return Place(index, number, 0, 0)


def around(column: Column, place: Place, unit: QTextCursor.SelectionType) -> tuple[Place, Place]:
    """The word or the block at a place."""
    laid = _laid(column, place)
    if laid is None:
        return place, place
    if unit is QTextCursor.SelectionType.BlockUnderCursor:
        return place._replace(offset=0), place._replace(offset=laid.made.characterCount() - 1)
    cursor = QTextCursor(laid.made)
    cursor.setPosition(min(place.offset, laid.made.characterCount() - 1))
    cursor.select(unit)
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    return place._replace(offset=start), place._replace(offset=end)


def _laid(column: Column, place: Place) -> LaidBlock | None:
    pieces = column.items[place.item].body.pieces
    blocks = pieces[place.piece].blocks if place.piece < len(pieces) else None
    return blocks[place.block] if blocks and place.block < len(blocks) else None


def selected_text(column: Column, ends: tuple[Place, Place]) -> str:
    """The text between two places as it is read, with the names of the speakers if several."""
    return "".join(text for text, _ in selected_parts(column, ends))


def selected_parts(column: Column, ends: tuple[Place, Place]) -> Iterator[tuple[str, int]]:
    """The same in parts, each with the work that it takes, in letters' worth."""
    start, end = ends
    last = min(end.item, len(column.items) - 1)
    items = column.items[start.item : last + 1]
    if len(items) > 2 and sum(len(item.entry.text) for item in items) > RENDERED_CHARS:
        yield "\n\n".join(f"{item.entry.speaker}\n{item.entry.text}" for item in items), 0
        return
    for index, item in enumerate(items, start.item):
        if not item.body.is_open:
            item.body.open()
            if item in column.items[index : index + 1]:  # the messages may have changed since
                column.changed(index)
        if len(items) > 1:
            yield f"{'' if item is items[0] else BETWEEN}{item.entry.speaker}\n", 0
        yield from _body_parts(item.body, index, ends)


def _body_parts(body: Body, index: int, ends: tuple[Place, Place]) -> Iterator[tuple[str, int]]:
    start, end = ends
    first = start.piece if index == start.item else 0
    last = end.piece if index == end.item else len(body.pieces) - 1
    above: Block | None = None
    for number in range(first, min(last, len(body.pieces) - 1) + 1):
        if number >= len(body.pieces):
            return
        joint = _joint(body, number)
        text = ""
        for nth, block in enumerate(body.blocks(number)):
            part = _block_text(body, (index, number, nth), block, ends)
            if not part:
                continue
            if above:
                in_list = block.tight and "l" in above.indents
                text += joint if joint is not None and nth == 0 else "\n" if in_list else "\n\n"
            text += part
            above = block
        yield text, body.pieces[number].section.weight


def _joint(body: Body, number: int) -> str | None:
    """What separates a piece from the one before where a line or program text was cut."""
    section = body.pieces[number].section
    if not section.joined or not number:
        return None
    before = body.pieces[number - 1].section
    if not before.source.endswith("\n"):
        cut_at_space = section.shape is Shape.MARKDOWN and before.source.endswith(" ")
        return " " if cut_at_space else ""
    if section.lead:
        return "\n"
    return "\n" if section.shape is before.shape is not Shape.MARKDOWN else None


def _block_text(
    body: Body, place: tuple[int, int, int], block: Block, ends: tuple[Place, Place]
) -> str:
    start, end = ends
    if start[:3] != place != end[:3]:
        return block.text if start < place < end else ""
    if body.pieces[place[1]].blocks is None:
        body.lay(place[1])
    blocks = body.pieces[place[1]].blocks
    if not blocks or place[2] >= len(blocks):
        return ""
    laid = blocks[place[2]]
    length = laid.made.characterCount() - 1
    part = stretch(ends, place, length)
    if part is None:
        return ""
    edge = 1 if block.kind is Kind.TABLE else 0  # the mouse does not reach Qt's lines around it
    if part[0] <= edge and part[1] >= length - edge:
        return block.text
    cursor = QTextCursor(laid.made)
    cursor.setPosition(part[0])
    cursor.setPosition(part[1], QTextCursor.MoveMode.KeepAnchor)
    return selected(cursor)
