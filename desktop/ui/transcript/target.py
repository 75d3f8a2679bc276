"""Where the link leads that is pointed at, or that has the focus: at the foot of the view."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.scene import Scene
from desktop.ui.transcript.style import RADIUS

EDGE = 8  # between the words and the view's edges, and the panel's


def target(scene: Scene) -> str:
    """The address; empty for no link."""
    for key in (scene.pointed, scene.focused):
        if key and key.kind is SpotKind.LINK:
            return key.value
    return ""


def paint_target(painter: QPainter, scene: Scene) -> None:
    """The true address: its beginning with the host is always there."""
    address = target(scene)
    if not address:
        return
    style = scene.style
    metrics = QFontMetricsF(style.small)
    room = scene.size.width() - 4 * EDGE
    words = metrics.elidedText(address, Qt.TextElideMode.ElideRight, room)
    width = metrics.horizontalAdvance(words) + 2 * EDGE
    top = scene.size.height() - style.small_line - 2 * EDGE
    panel = QRectF(EDGE, top, width, style.small_line + EDGE)
    painter.setPen(QPen(QColor(style.theme.border), 1))
    painter.setBrush(QColor(style.theme.raised))
    placed = style.placed(panel, scene.size.width())
    painter.drawRoundedRect(placed, RADIUS, RADIUS)
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(placed, int(Qt.AlignmentFlag.AlignCenter), words)
