"""What is on screen of the conversation: the column, where it is scrolled to, what is selected."""

import math
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize

from desktop.domain.conversation import clean_text
from desktop.ui.transcript.column import Column
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import Item, Spot, SpotKind
from desktop.ui.transcript.selection import Place, Selection, place_at, selected_text
from desktop.ui.transcript.style import MARGIN, MEASURE, PANEL, Style


class SpotKey(NamedTuple):
    """What a spot is known by while it moves."""

    entry_id: str
    kind: SpotKind
    value: str


class PlacedSpot(NamedTuple):
    """A spot in view, with its message."""

    key: SpotKey
    spot: Spot  # its rectangle in the view


class Scene:
    """The conversation in a view of some size."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.column = Column()
        self.selection = Selection()
        self.size = QSize(0, 0)
        self.top = 0  # of the view, in pixels of the column
        self.follows_end = True
        self.hovered = ""  # id of the message under the pointer
        self.focused: SpotKey | None = None  # by the keyboard
        self.ringed = False  # the whole view has the keyboard's focus
        self.copied: SpotKey | None = None  # a moment ago

    @property
    def width(self) -> float:
        """Of the text."""
        return float(max(160, min(MEASURE, self.size.width() - 2 * MARGIN)))

    @property
    def left(self) -> int:
        """Where the text begins."""
        return max(PANEL, round((self.size.width() - self.width) / 2))

    @property
    def end(self) -> int:
        """How far down one can scroll."""
        return max(0, math.ceil(self.column.height) - self.size.height())

    # Content

    def set_entries(self, entries: list[Entry]) -> None:
        """Show these messages; what stays the same is kept as it is laid out."""
        entries = [_clean(entry) for entry in entries]
        known = {item.entry.id: item for item in self.column.items}
        items = []
        for entry in entries:
            item = known.get(entry.id)
            if item is None:
                item = Item(entry, self.width, self.style)
            elif item.entry != entry:
                item.update(entry)
            items.append(item)
        if [item.entry.id for item in items] != list(known):
            self.selection.clear()
        self.column.set_items(items)

    def add(self, entry: Entry) -> None:
        """Show one more message at the end."""
        self.column.add(Item(_clean(entry), self.width, self.style))

    def update(self, entry: Entry) -> None:
        """Show another state of a message. Raises KeyError for an unknown one."""
        index = self.index(entry.id)
        self.column.items[index].update(_clean(entry))
        self.column.changed(index)

    def append(self, entry_id: str, text: str) -> None:
        """Let a message grow. Raises KeyError for an unknown one."""
        index = self.index(entry_id)
        self.column.items[index].append(clean_text(text))
        self.column.changed(index)

    def truncate(self, entry_id: str) -> None:
        """Take a message away, and all after it. Raises KeyError for an unknown one."""
        index = self.index(entry_id)
        self.column.set_items(self.column.items[:index])
        self.selection.truncate(index)

    def show_all(self, entry_id: str) -> None:
        """Show what was left out of a long message."""
        index = self.index(entry_id)
        self.column.items[index].body.show_all()
        self.column.changed(index)

    def index(self, entry_id: str) -> int:
        """The place of a message. Raises KeyError."""
        index = self.column.index_of(entry_id)
        if index < 0:
            raise KeyError(entry_id)
        return index

    def item(self, entry_id: str) -> Item:
        """A message. Raises KeyError."""
        return self.column.items[self.index(entry_id)]

    def restyle(self, style: Style) -> None:
        """Take other colours."""
        self.style = style
        for item in self.column.items:
            item.restyle(style)

    # Place

    def arrange(self) -> None:
        """Lay out what is in view. Scrolled past the end, or following it, the view moves there."""
        for _ in range(8):  # each round can bring other messages into view
            wanted = self.end if self.follows_end else min(max(self.top, 0), self.end)
            self.top = round(self.column.settle(wanted, self.size.height()))
            if self.top == (self.end if self.follows_end else min(max(self.top, 0), self.end)):
                break

    def resize(self, size: QSize) -> None:
        """Take another size; what was at the top stays there."""
        before = self.width
        self.size = size
        if self.width != before:
            anchor = self.column.anchor(self.top)
            self.top = round(self.column.resize(self.width, anchor))
        self.arrange()

    def scroll_to(self, top: int) -> None:
        """The user moves the view. At the end it follows what is written from then on."""
        self.follows_end = top >= self.end
        self.top = top
        self.arrange()

    # What is where, in the view's coordinates

    def in_column(self, point: QPointF) -> QPointF:
        """A point of the view in the column."""
        return point + QPointF(-self.left, self.top)

    def place_at(self, point: QPointF) -> Place | None:
        """The position in the text nearest to a point."""
        return place_at(self.column, self.in_column(point))

    def item_at(self, point: QPointF) -> Item | None:
        """The message at a point."""
        y = point.y() + self.top
        index = self.column.at(y)
        if index < 0 or not self.column.tops[index] <= y < self.column.tops[index + 1]:
            return None
        return self.column.items[index]

    def over_text(self, point: QPointF) -> bool:
        """True where a press begins a selection of text."""
        item = self.item_at(point)
        if item is None:
            return False
        y = point.y() + self.top - self.column.tops[self.column.index_of(item.entry.id)]
        x = point.x() - self.left
        return item.body_top <= y <= item.body_bottom and -4 <= x <= self.width + 4

    def spots(self) -> list[PlacedSpot]:
        """Everything clickable in view, from top to bottom."""
        found = []
        for index in self.column.visible(self.top, self.top + self.size.height()):
            item = self.column.items[index]
            corner = QPointF(self.left, self.column.tops[index] - self.top)
            for spot in item.spots():
                rect = spot.rect.translated(corner)
                if rect.bottom() > 0 and rect.top() < self.size.height():
                    key = SpotKey(item.entry.id, spot.kind, spot.value)
                    found.append(PlacedSpot(key, Spot(spot.kind, rect, spot.value, spot.label)))
        return found

    def spot_at(self, point: QPointF) -> PlacedSpot | None:
        """What can be clicked at a point."""
        return next((placed for placed in self.spots() if placed.spot.rect.contains(point)), None)

    # Text

    def selected_text(self) -> str:
        """What is selected, as it is read."""
        ends = self.selection.ends
        return selected_text(self.column, ends) if ends and self.column.items else ""

    def text_of(self, key: SpotKey) -> str:
        """What a spot of the copying kinds copies."""
        item = self.item(key.entry_id)
        if key.kind is SpotKind.COPY_CODE:
            piece, block = map(int, key.value.split(":"))
            return item.body.code(piece, block)
        return item.entry.text

    def plain_text(self) -> str:
        """All messages with their speakers, as they are written."""
        parts = []
        for item in self.column.items:
            entry = item.entry
            said = "\n".join(part for part in (entry.text, entry.ending) if part)
            parts.append(f"{entry.speaker}\n{said}")
        return "\n\n".join(parts)


def _clean(entry: Entry) -> Entry:
    text = clean_text(entry.text)
    return entry if text == entry.text else replace(entry, text=text)
