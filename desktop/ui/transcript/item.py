"""One message of the transcript: its measures, and what can be clicked in it."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from desktop.domain.conversation import Role
from desktop.ui.i18n import tr
from desktop.ui.transcript.body import Body
from desktop.ui.transcript.document import ClosedDocument, small_text, stretch_rects, units
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.markdown import Run, plain
from desktop.ui.transcript.piece import CODE_HEAD
from desktop.ui.transcript.style import PANEL, Style

OUTSIDE = 12  # over a message
OVER_PANEL = 16  # over one of the user's, and under it a quarter of that
INSIDE = 12  # between a panel's edge and its text
UNDER_LABEL = 4
FOOTER = 28  # the note and the copy icon; always there, so that nothing jumps
ENDING_GAP = 8
ENDING_INDENT = 24  # beside the alert icon
ICON = 16
TARGET = 28  # the side of an icon's clickable square


class SpotKind(StrEnum):
    """What a click on a spot does."""

    LINK = "link"
    ACTION = "action"
    COPY_CODE = "copy code"
    COPY_MESSAGE = "copy message"
    SHOW_ALL = "show all"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be clicked, relative to its message."""

    kind: SpotKind
    rect: QRectF
    value: str = ""
    label: str = ""  # for the tooltip and for assistive tools


class Item:
    """A message at a certain width. All places are relative to the corner of its text column."""

    def __init__(self, entry: Entry, width: float, style: Style) -> None:
        self.entry = entry
        self.style = style
        self.width = width
        self.body = Body(entry.text, self.on_tint, entry.writing, width, style)
        self._ending: ClosedDocument | None = None
        self._ending_links: list[Spot] = []

    @property
    def on_tint(self) -> bool:
        """True for the user's own turns: plain text on a tint."""
        return self.entry.role is not Role.ASSISTANT

    # From top to bottom

    @property
    def label_top(self) -> float:
        """Where the speaker's name begins."""
        return OVER_PANEL + INSIDE if self.on_tint else OUTSIDE

    @property
    def panel(self) -> QRectF:
        """The tint behind the user's own turns."""
        return QRectF(-PANEL, OVER_PANEL, self.width + 2 * PANEL, self.height - OVER_PANEL - 4)

    @property
    def body_top(self) -> float:
        """Where the text begins."""
        return self.label_top + self.style.small_line + UNDER_LABEL

    @property
    def body_bottom(self) -> float:
        """Where the text ends. A line is kept for the first words of an answer."""
        height = self.body.height
        if self.entry.writing and not self.entry.text.strip():
            height = max(height, self.style.line)
        return self.body_top + height

    @property
    def more(self) -> QRectF | None:
        """The line that offers the rest of the text."""
        if not self.body.is_cut:
            return None
        words = QFontMetricsF(self.style.body).horizontalAdvance(self.more_words)
        return QRectF(0, self.body_bottom + 8, words, self.style.line)

    @property
    def more_words(self) -> str:
        """What it says."""
        return tr("Show all ({size})", size=_size(len(self.entry.text.encode())))

    @property
    def ending_top(self) -> float:
        """Where the line about the ending begins."""
        above = self.more
        return (above.bottom() if above else self.body_bottom) + ENDING_GAP

    @property
    def text_bottom(self) -> float:
        """The end of all that is said in the message."""
        if self.has_ending:
            return self.ending_top + self._ending_height
        above = self.more
        return above.bottom() if above else self.body_bottom

    @property
    def footer(self) -> QRectF:
        """The strip of the note and the copy icon under an answer."""
        return QRectF(0, self.text_bottom + 4, self.width, FOOTER)

    @property
    def height(self) -> float:
        """All of it."""
        return self.text_bottom + (INSIDE + 4 if self.on_tint else 4 + FOOTER)

    # The line about the ending

    @property
    def has_ending(self) -> bool:
        """True when there is something to say or to do about how the message ended."""
        return bool(self.entry.ending or self.entry.actions)

    @property
    def ending(self) -> ClosedDocument:
        """How the message ended, and the ways out."""
        if self._ending is None:
            self._ending = self._new_ending()
        return self._ending

    @property
    def is_ready(self) -> bool:
        """False until everything but the pieces is laid out, at the latest when it is in view."""
        return self.body.is_open and (self._ending is not None or not self.has_ending)

    def prepare(self) -> None:
        """Lay out everything but the pieces."""
        if not self.body.is_open:
            self.body.open()
        if self.has_ending:
            self.ending.size()

    @property
    def _ending_height(self) -> float:
        return math.ceil(self._ending.size().height()) if self._ending else self.style.small_line

    @property
    def ending_left(self) -> float:
        """Where it begins: beside an icon when something went wrong."""
        return ENDING_INDENT if self.entry.failed else 0

    def _new_ending(self) -> ClosedDocument:
        tone = "danger" if self.entry.failed else "muted"
        runs = [Run(self.entry.ending, tone=tone)] if self.entry.ending else []
        marks: list[tuple[int, int, str, str]] = []
        for action, label in self.entry.actions:
            runs.append(Run("   " if runs else ""))
            start = units(plain(runs))
            runs.append(Run(label, link=action))
            marks.append((start, start + units(label), action, label))
        made = small_text(runs, self.style)
        made.setTextWidth(self.width - self.ending_left)
        self._ending_links = [
            Spot(SpotKind.ACTION, rect.translated(self.ending_left, 0), action, label)
            for start, end, action, label in marks
            for rect in stretch_rects(made, start, end)
        ]
        return made

    # Changes

    def update(self, entry: Entry) -> None:
        """Show another state of the same message."""
        before = self.entry
        self.entry = entry
        self._ending = None
        if not entry.text.startswith(before.text) or entry.role is not before.role:
            self.body = Body(entry.text, self.on_tint, entry.writing, self.width, self.style)
            return
        if len(entry.text) > len(before.text):
            self.body.append(entry.text[len(before.text) :])
        if self.body.growing and not entry.writing:
            self.body.finish()
        self.body.growing = entry.writing

    def append(self, text: str) -> None:
        """Grow."""
        self.entry = replace(self.entry, text=self.entry.text + text)
        self.body.append(text)

    def resize(self, width: float) -> None:
        """Take another width."""
        self.width = width
        self.body.resize(width)
        self._ending = None

    def restyle(self, style: Style) -> None:
        """Take other colours."""
        self.style = style
        self.body.restyle(style)
        self._ending = None

    # What can be clicked

    def spots(self) -> list[Spot]:
        """Everything clickable in the pieces that are laid out, from top to bottom."""
        spots = [spot for index in range(len(self.body.pieces)) for spot in self._in_piece(index)]
        more = self.more
        if more:
            spots.append(Spot(SpotKind.SHOW_ALL, more, label=self.more_words))
        if self._ending:
            spots += [
                Spot(spot.kind, spot.rect.translated(0, self.ending_top), spot.value, spot.label)
                for spot in self._ending_links
            ]
        if self.can_copy:
            label = tr("Copy message")
            spots.append(Spot(SpotKind.COPY_MESSAGE, self.copy_rect, label=label))
        return spots

    @property
    def can_copy(self) -> bool:
        """True for an answer that has ended with some text."""
        return not self.on_tint and not self.entry.writing and bool(self.entry.text)

    @property
    def copy_rect(self) -> QRectF:
        """The square of the copy icon, beside the note."""
        note = QFontMetricsF(self.style.small).horizontalAdvance(self.entry.note)
        left = min(note + 4, self.width - TARGET) if note else (ICON - TARGET) / 2
        return QRectF(left, self.footer.top(), TARGET, TARGET)

    def _in_piece(self, index: int) -> list[Spot]:
        spots = []
        corner = QPointF(0, self.body_top + self.body.tops[index])
        for number, laid in enumerate(self.body.pieces[index].blocks or []):
            for rect, url in laid.links:
                spots.append(Spot(SpotKind.LINK, rect.translated(corner), url, url))
            if laid.panel and laid.head:
                rect = code_copy_rect(laid.panel).translated(corner)
                spots.append(Spot(SpotKind.COPY_CODE, rect, f"{index}:{number}", tr("Copy code")))
        return spots


def code_copy_rect(panel: QRectF) -> QRectF:
    """The square of the copy icon in the title line of program text."""
    right = panel.right() - PANEL / 2
    return QRectF(right - TARGET, panel.top() + (CODE_HEAD - TARGET) / 2, TARGET, TARGET)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} KB"
