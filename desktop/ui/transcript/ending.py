"""The line about how a message ended, with the ways out beside it."""

import math

from PySide6.QtCore import QRectF

from desktop.ui.transcript.document import ClosedDocument, small_text, stretch_rects, units
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.markdown import Run, plain
from desktop.ui.transcript.style import Style

BETWEEN = "   "  # the sentence and the link, or two links


class Ending:
    """A sentence and links, laid out for a width when they are first needed."""

    def __init__(self, entry: Entry, width: float, style: Style) -> None:
        self._entry = entry
        self._width = width
        self._style = style
        self._made: ClosedDocument | None = None
        self._links: list[tuple[QRectF, str, str]] = []

    @property
    def is_laid(self) -> bool:
        """True when the height is no guess."""
        return self._made is not None

    @property
    def left(self) -> float:
        """Where the text begins: beside an icon when something went wrong."""
        return self._style.sizes.indent if self._entry.failed else 0

    @property
    def text_left(self) -> float:
        """The same where the window may be read from the right."""
        return 0 if self._style.mirrored else self.left

    @property
    def height(self) -> float:
        """Of the text, in whole pixels; one line until it is laid out."""
        return math.ceil(self._made.size().height()) if self._made else self._style.small_line

    @property
    def document(self) -> ClosedDocument:
        """The text, laid out."""
        if self._made is None:
            self._made = self._new()
        return self._made

    @property
    def links(self) -> list[tuple[QRectF, str, str]]:
        """Place, action and label of each link that is laid out."""
        return self._links

    @property
    def _wants_line(self) -> bool:
        """True when the links stand below the sentence: several after a long one."""
        return len(self._entry.actions) > 1 and bool(self._entry.problem)

    def _new(self) -> ClosedDocument:
        entry = self._entry
        tone = "danger" if entry.failed else "muted"
        runs = [Run(entry.ending, tone=tone)] if entry.ending else []
        marks: list[tuple[int, int, str, str]] = []
        for number, (action, label) in enumerate(entry.actions):
            apart = "\n" if number == 0 and self._wants_line else BETWEEN
            runs.append(Run(apart if runs else ""))
            start = units(plain(runs))
            runs.append(Run(label.replace(" ", "\u00a0"), link=action))
            marks.append((start, start + units(label), action, label))
        made = small_text(runs, self._style)
        made.setTextWidth(self._width - self.left)
        self._links = [
            (rect.translated(self.text_left, 0), action, label)
            for start, end, action, label in marks
            for rect in stretch_rects(made, start, end)
        ]
        return made
