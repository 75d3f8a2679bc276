"""The attachments of a message of the user's: chips over its text, and how they look."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.domain.attachments import Attachment, fenced
from desktop.ui.composer.attachment_words import facts_of, name_of
from desktop.ui.direction import line_flags
from desktop.ui.i18n import listed, tr
from desktop.ui.transcript.style import RADIUS, Style

GAP, BESIDE, ABOVE = 8, 10, 6  # between chips; in one, beside and above its words
WIDEST = 360


@dataclass(frozen=True, slots=True)
class Chip:
    """One of them; the place is relative to the row."""

    attachment: Attachment
    rect: QRectF
    name: str  # as much of it as there is room for
    facts: str


class Chips:
    """Of one message at a certain width. At most one is unfolded."""

    def __init__(self, attachments: tuple[Attachment, ...], width: float, style: Style) -> None:
        self._attachments = attachments
        self.unfolded = -1
        self.row: tuple[Chip, ...] = ()
        self.lay(width, style)

    @property
    def height(self) -> float:
        """All of it, with the room below; 0 for none."""
        return self.row[-1].rect.bottom() + GAP if self.row else 0.0

    @property
    def text(self) -> str:
        """Of the one that is unfolded; empty for none."""
        return self.row[self.unfolded].attachment.text if self.unfolded >= 0 else ""

    @property
    def shown(self) -> str:
        """The same as Markdown."""
        return fenced(self.row[self.unfolded].attachment) if self.unfolded >= 0 else ""

    @property
    def words(self) -> str:
        """All that is shown of them, as it is read."""
        told = [f"{name_of(chip.attachment)} · {chip.facts}" for chip in self.row]
        return "\n".join(filter(None, (*told, self.text)))

    def label(self, index: int) -> str:
        """What a click on one does, in words."""
        chip = self.row[index]
        name = name_of(chip.attachment)
        folds = index == self.unfolded
        words = tr("Hide {name}", name=name) if folds else tr("Show {name}", name=name)
        return listed((words, chip.facts))

    def fold(self, index: int) -> None:
        """Unfold one in place of any other, or fold it again."""
        self.unfolded = -1 if index == self.unfolded else index

    def lay(self, width: float, style: Style) -> None:
        """Find their places at another width, or in another style."""
        if not self._attachments:
            return
        icon = style.sizes.icon
        bold, small = QFontMetricsF(style.label), QFontMetricsF(style.small)
        height = style.small_line + 2 * ABOVE
        x = y = 0.0
        chips = []
        for attachment in self._attachments:
            facts = facts_of(attachment)
            other = 2 * BESIDE + 2 * (icon + GAP) + GAP + small.horizontalAdvance(facts)
            room = max(0.0, min(WIDEST, width) - other)
            name = bold.elidedText(name_of(attachment), Qt.TextElideMode.ElideMiddle, room)
            extent = min(width, other + bold.horizontalAdvance(name))
            if x and x + extent > width:
                x, y = 0.0, y + height + GAP
            rect = style.placed(QRectF(x, y, extent, height), width)
            chips.append(Chip(attachment, rect, name, facts))
            x += extent + GAP
        self.row = tuple(chips)


def paint_chips(painter: QPainter, chips: Chips, top: float, style: Style, ratio: float) -> None:
    """All chips of a message."""
    for index, chip in enumerate(chips.row):
        unfolded = index == chips.unfolded
        rect = chip.rect.translated(0, top)
        edge = style.theme.accent if unfolded else style.theme.border
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        _paint_words(painter, chip, rect, style)
        _paint_icons(painter, chip, rect, style, ratio, unfolded=unfolded)


def _paint_words(painter: QPainter, chip: Chip, rect: QRectF, style: Style) -> None:
    begin = BESIDE + style.sizes.icon + GAP
    name = QFontMetricsF(style.label).horizontalAdvance(chip.name) + 1
    facts = QFontMetricsF(style.small).horizontalAdvance(chip.facts) + 1
    painter.setPen(QColor(style.theme.text))
    painter.setFont(style.label)
    painter.drawText(_within(rect, begin, name, style), line_flags(chip.name), chip.name)
    painter.setPen(QColor(style.theme.text_muted))
    painter.setFont(style.small)
    place = _within(rect, begin + name + GAP, facts, style)
    painter.drawText(place, line_flags(chip.facts), chip.facts)


def _paint_icons(
    painter: QPainter, chip: Chip, rect: QRectF, style: Style, ratio: float, *, unfolded: bool
) -> None:
    side = style.sizes.icon
    kind = "file" if chip.attachment.name else "clipboard"
    mark = "chevron-up" if unfolded else "chevron-down"
    for name, begin in ((kind, BESIDE), (mark, rect.width() - BESIDE - side)):
        place = _within(rect, begin, side, style).center() - QPointF(side / 2, side / 2)
        pixmap = style.icons.pixmap(name, side, style.theme.text_muted, ratio)
        painter.drawPixmap(QPointF(round(place.x()), round(place.y())), pixmap)


def _within(rect: QRectF, begin: float, width: float, style: Style) -> QRectF:
    """A place in a chip, counted from where one begins to read."""
    place = QRectF(begin, 0, width, rect.height())
    return style.placed(place, rect.width()).translated(rect.topLeft())
