"""The bar below what is scrolled sideways."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.sideways import REACH, Sideways
from desktop.ui.transcript.style import Style

BAR = 4  # height of the part that is painted
LEAST_THUMB = 32


def bar_of(laid: LaidBlock) -> QRectF | None:
    """What can be taken hold of under a block, relative to its piece's corner."""
    if laid.way is None or not laid.way.unwrapped or laid.way.end < 1 or not laid.ends:
        return None
    bottom = (laid.panel.bottom() if laid.panel else laid.top + laid.height) - 1
    return QRectF(laid.corner.x(), bottom - REACH, laid.way.room, REACH)


def thumb_of(way: Sideways, bar: QRectF) -> QRectF:
    """The part of the bar that stands for what is in view."""
    extent = max(LEAST_THUMB, bar.width() * way.room / max(way.widest, 1.0))
    x = bar.left() + (bar.width() - extent) * (way.left / way.end if way.end else 0.0)
    return QRectF(x, bar.center().y() - BAR / 2, extent, BAR)


def dragged(way: Sideways, bar_width: float, pixels: float) -> float:
    """How far the text moves when the thumb is drawn that far."""
    extent = max(LEAST_THUMB, bar_width * way.room / max(way.widest, 1.0))
    return pixels * way.end / max(1.0, bar_width - extent)


def paint_bar(painter: QPainter, laid: LaidBlock, style: Style, *, pointed: bool) -> None:
    """Where one is, in a quiet line."""
    bar = bar_of(laid)
    if bar is None or laid.way is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.text_muted if pointed else style.theme.border))
    painter.drawRoundedRect(thumb_of(laid.way, bar), BAR / 2, BAR / 2)
