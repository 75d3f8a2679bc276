"""What is on screen of the conversation: the column, where it is scrolled to, what is selected."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize

from desktop.domain.conversation import clean_text
from desktop.ui.i18n import trn
from desktop.ui.transcript.column import Column
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.finding import Found
from desktop.ui.transcript.item import Item, Spot, SpotKind
from desktop.ui.transcript.selection import (
    Place,
    Selection,
    place_at,
    selected_parts,
    selected_text,
)
from desktop.ui.transcript.sideways import Sideways
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.tools import ALWAYS


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
        self.pointed: SpotKey | None = None  # the spot under the pointer
        self.busy = False  # an answer is being written: most tools have to wait
        self.flashed = ""  # id of a message that was looked for
        self.flash = 0.0  # how strongly it still shows
        self.found = Found()
        self.ways: dict[str, dict[str, Sideways]] = {}  # how blocks are shown, by message
        self.earlier = 0  # messages before the first one
        self.later = 0  # messages after the last one
        self._unseen: frozenset[str] = frozenset()  # ids of what the model no longer sees
        self._marked = False  # something is shown as unseen

    @property
    def width(self) -> float:
        """Of the text."""
        sizes = self.style.sizes
        return float(max(160, min(sizes.measure, self.size.width() - 2 * sizes.margin)))

    @property
    def left(self) -> int:
        """Where the text begins."""
        return max(self.style.sizes.panel, round((self.size.width() - self.width) / 2))

    @property
    def end(self) -> int:
        """How far down one can scroll."""
        return max(0, math.ceil(self.column.height) - self.size.height())

    # Content

    def set_entries(self, entries: list[Entry], *, hold: bool = False) -> None:
        """Show these messages; what stays the same is kept as it is laid out.

        With `hold`, the first message in view that stays keeps its place, or the first new one
        after those that stay comes to the top.
        """
        held = self._held({entry.id for entry in entries}) if hold else None
        entries = [cleaned(entry) for entry in entries]
        known = {item.entry.id: item for item in self.column.items}
        items, changed = [], []
        for place, entry in enumerate(entries):
            item = known.get(entry.id)
            if item is None:
                item = self.new_item(entry)
            elif item.entry != entry:
                item.update(entry)
                changed.append(place)
            items.append(item)
        if [item.entry.id for item in items] != list(known):
            self.selection.clear()
        self.column.set_items(items)
        for place in changed:
            self.column.changed(place)
        self.mark_unseen()
        if held:
            self._put_back(*held)

    def new_item(self, entry: Entry) -> Item:
        """A message as it is shown here; its blocks as they were last."""
        return Item(entry, self.width, self.style, self.ways.setdefault(entry.id, {}))

    def _held(self, staying: set[str]) -> tuple[str, float, bool]:
        """A message that stays, where it is in the view, and whether the view is at its end."""
        items = self.column.items
        in_view = self.column.visible(self.top, self.top + self.size.height())
        for index in in_view:
            if items[index].entry.id in staying:
                below = self.column.tops[index] - self.top
                last_stays = items[-1].entry.id in staying
                return items[index].entry.id, below, self.follows_end and last_stays
        above = [item for item in items[: in_view.start] if item.entry.id in staying]
        return (above[-1].entry.id, -above[-1].height, False) if above else ("", 0.0, False)

    def _put_back(self, entry_id: str, below: float, at_end: bool) -> None:
        if at_end:
            return
        index = self.column.index_of(entry_id)
        top = self.column.tops[index] - below if index >= 0 else 0.0
        self.top = round(self.column.settle(max(0.0, top), self.size.height()))
        self.follows_end = self.top >= self.end and not self.later

    def prepend(self, entries: list[Entry]) -> None:
        """Show messages before the first one. What is in view stays where it is."""
        index = self.column.at(self.top)
        below = self.top - self.column.tops[index] if index >= 0 else 0
        new = [self.new_item(cleaned(entry)) for entry in entries]
        self.column.set_items(new + self.column.items)
        self.selection.shift(len(new))
        self.mark_unseen()
        if index >= 0:
            self.top = round(self.column.tops[index + len(new)] + below)

    def add(self, entry: Entry) -> None:
        """Show one more message at the end."""
        self.column.add(self.new_item(cleaned(entry)))

    def update(self, entry: Entry) -> None:
        """Show another state of a message. Raises KeyError for an unknown one."""
        index = self.index(entry.id)
        self.column.items[index].update(cleaned(entry), self._reach)
        self.column.changed(index)

    def append(self, entry_id: str, text: str) -> None:
        """Let a message grow. Raises KeyError for an unknown one."""
        index = self.index(entry_id)
        self.column.items[index].append(clean_text(text), self._reach)
        self.column.changed(index)

    @property
    def _reach(self) -> float:
        """How much of the end is in view, of a view that follows it."""
        return self.size.height() if self.follows_end else math.inf

    def truncate(self, entry_id: str) -> None:
        """Take a message away, and all after it. Raises KeyError for an unknown one."""
        index = self.index(entry_id)
        self.column.set_items(self.column.items[:index])
        self.selection.truncate(index)
        self.mark_unseen()

    def set_earlier(self, count: int) -> None:
        """Keep a line over the first message for how many are before it. Nothing moves."""
        self.earlier = count
        self.top += self.column.keep_above(bool(count))

    @property
    def earlier_words(self) -> str:
        """What that line says; empty when there is none."""
        if not self.earlier:
            return ""
        return trn("{count} earlier message", "{count} earlier messages", self.earlier)

    def set_unseen(self, ids: frozenset[str]) -> None:
        """Mark what the model no longer sees. What is at the top of the view stays there."""
        if ids == self._unseen:
            return
        self._unseen = ids
        index = self.column.at(self.top)
        below = self.top - self.column.tops[index] if index >= 0 else 0
        self.mark_unseen()
        if index >= 0:
            self.top = round(self.column.tops[index] + below)

    def mark_unseen(self) -> None:
        """Fade what the model no longer sees; say so below the last of a run of such messages."""
        if not (self._unseen or self._marked):
            return
        self._marked = bool(self._unseen)
        run = start = 0
        items = self.column.items
        for index, item in enumerate(items):
            unseen = item.entry.id in self._unseen
            run = run + 1 if unseen else 0
            start = index if run == 1 else start
            goes_on = index + 1 < len(items) and items[index + 1].entry.id in self._unseen
            if item.set_unseen(unseen, 0 if goes_on else run, from_start=start == 0):
                self.column.changed(index)

    def fold_attachment(self, entry_id: str, index: int) -> None:
        """Show the text of an attachment in place, or no longer."""
        place = self.index(entry_id)
        self.column.items[place].fold_attachment(index)
        self.column.changed(place)

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
        """Take other colours, and sizes; what was at the top stays there."""
        resized = (style.sizes, style.line) != (self.style.sizes, self.style.line)
        anchor = self.column.anchor(self.top) if resized else None
        self.style = style
        for item in self.column.items:
            item.restyle(style)
        if resized:
            self.top = round(self.column.resize(self.width, anchor))

    # Place

    def arrange(self) -> None:
        """Lay out what is in view. Scrolled past the end, or following it, the view moves there."""
        if not self.column.unfinished:
            self.column.begin_turn()
        for _ in range(8):  # each round can bring other messages into view
            wanted = self.end if self.follows_end else min(max(self.top, 0), self.end)
            self.top = round(self.column.settle(wanted, self.size.height()))
            if self.top == (self.end if self.follows_end else min(max(self.top, 0), self.end)):
                break

    def resize(self, size: QSize) -> None:
        """Take another size, to be arranged; what was at the top stays there."""
        before = self.width
        self.size = size
        if self.width != before:
            anchor = self.column.anchor(self.top)
            self.top = round(self.column.resize(self.width, anchor))

    def scroll_to(self, top: int) -> None:
        """The user moves the view. At the end it follows what is written from then on."""
        self.follows_end = top >= self.end and not self.later
        self.top = top
        self.arrange()

    # What is where, in the view's coordinates

    def shows_tools(self, item: Item) -> bool:
        """True while the pointer or the keyboard is on a message, or it was copied just now."""
        focused = self.focused and self.focused.entry_id == item.entry.id
        copied = self.copied and self.copied.entry_id == item.entry.id
        return self.hovered == item.entry.id or bool(focused or copied)

    def _waits(self, spot: Spot) -> bool:
        """True for what cannot be done while an answer is being written."""
        return self.busy and spot.kind is SpotKind.TOOL and spot.value not in ALWAYS

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
                in_view = rect.bottom() > 0 and rect.top() < self.size.height()
                if in_view and not self._waits(spot):
                    key = SpotKey(item.entry.id, spot.kind, spot.value)
                    placed = Spot(spot.kind, rect, spot.value, spot.label)
                    found.append(PlacedSpot(key, placed))
        return found

    def spot_at(self, point: QPointF) -> PlacedSpot | None:
        """What can be clicked at a point."""
        return next((placed for placed in self.spots() if placed.spot.rect.contains(point)), None)

    # Text

    def selected_text(self) -> str:
        """What is selected, as it is read."""
        ends = self.selection.ends
        return selected_text(self.column, ends) if ends and self.column.items else ""

    def selected_parts(self) -> Iterator[tuple[str, int]]:
        """The same in parts, each with the work that it takes."""
        ends = self.selection.ends
        return selected_parts(self.column, ends) if ends and self.column.items else iter(())


def cleaned(entry: Entry) -> Entry:
    """A message without characters that no screen can hold."""
    text = clean_text(entry.text)
    return entry if text == entry.text else replace(entry, text=text)
