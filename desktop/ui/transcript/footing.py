"""What is painted below the text of a message: reading progress, a fold mark, the divider."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.ui.transcript.item import Item
from desktop.ui.transcript.style import Style

BAR_WIDTH = 240
BAR_HEIGHT = 4
BAR_GAP = 4  # under the words
WORDS_GAP = 12  # between the divider's words and its lines
MARK = 8  # width of the chevron


def paint_reading(painter: QPainter, item: Item) -> None:
    """How far the model is in the prompt, where the first words of the answer will be."""
    style = item.style
    words = QRectF(0, item.body_top, item.width, style.line)
    _words(painter, words, item.entry.reading_words, Qt.AlignmentFlag.AlignLeft, style)
    done, total = item.entry.reading
    bar = QRectF(0, item.body_top + style.line + BAR_GAP, min(BAR_WIDTH, item.width), BAR_HEIGHT)
    _bar(painter, style.placed(bar, item.width), style.theme.border)
    read = QRectF(bar)
    read.setWidth(max(BAR_HEIGHT, bar.width() * min(1.0, done / total)))
    _bar(painter, style.placed(read, item.width), style.theme.accent)


def paint_divider(painter: QPainter, item: Item) -> None:
    """What the model no longer sees ends here."""
    height = item.style.sizes.divider
    strip = QRectF(0, item.height - height, item.width, height)
    paint_line(painter, strip, item.divider, item.style)


def paint_line(painter: QPainter, strip: QRectF, words: str, style: Style) -> None:
    """A line across, with the words in its middle."""
    reach = QFontMetricsF(style.small).horizontalAdvance(words) / 2 + WORDS_GAP
    _words(painter, strip, words, Qt.AlignmentFlag.AlignHCenter, style)
    middle, y = strip.center().x(), round(strip.center().y())
    for left, right in ((strip.left(), middle - reach), (middle + reach, strip.right())):
        if right > left:
            painter.fillRect(QRectF(left, y, right - left, 1), QColor(style.theme.border))


def paint_fold_mark(painter: QPainter, item: Item) -> None:
    """A chevron beside the note: down where figures can be unfolded, up where they are."""
    paint_chevron(painter, item.row.note, item.style, up=item.unfolded)


def paint_chevron(painter: QPainter, place: QRectF, style: Style, *, up: bool) -> None:
    """A chevron at the end of some words, towards what they unfold."""
    x = place.left() + MARK / 2 if style.mirrored else place.right() - MARK / 2
    centre = QPointF(x, place.center().y())
    rise = -2 if up else 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(style.theme.text_muted), 1.5))
    corners = ((-MARK / 2, -rise), (0, rise), (MARK / 2, -rise))
    painter.drawPolyline([centre + QPointF(x, y) for x, y in corners])


def _words(
    painter: QPainter, place: QRectF, words: str, side: Qt.AlignmentFlag, style: Style
) -> None:
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.text_muted))
    flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(place, int(flags), words)


def _bar(painter: QPainter, place: QRectF, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(place, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
