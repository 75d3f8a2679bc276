"""The row of icons of a message, as it is painted."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.ui.theme import mixed
from desktop.ui.transcript.item import Item, SpotKind
from desktop.ui.transcript.scene import Scene, SpotKey
from desktop.ui.transcript.style import RADIUS
from desktop.ui.transcript.tools import ALWAYS, COPY, ICONS, position_words

QUIET = 0.3  # how far the icons of the last answer step back while nobody points at it
FAINT = 0.6


class RowPainter:
    """Paints which version is in view, and the icons where they are wanted."""

    def __init__(self, painter: QPainter, scene: Scene, item: Item, ratio: float) -> None:
        self._painter = painter
        self._scene = scene
        self._item = item
        self._ratio = ratio
        self._row = item.row
        self._muted = item.style.theme.text_muted

    def paint(self) -> None:
        """Everything of the row but the note."""
        if self._row.position:
            self._versions(self._row.position)
        wanted = self._scene.shows_tools(self._item)
        if not wanted and not self._item.entry.last:
            return
        for tool, rect in self._row.tools:
            key = self._key(tool)
            name = "check" if self._scene.copied == key else ICONS[tool]
            if self._scene.busy and tool not in ALWAYS:
                self._icon(name, rect, self._stepped_back(FAINT))
            elif wanted:
                self._pointed_icon(name, rect, key)
            else:
                self._icon(name, rect, self._stepped_back(QUIET))

    def _versions(self, position: QRectF) -> None:
        style = self._item.style
        self._painter.setFont(style.small)
        self._painter.setPen(QColor(self._muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
        self._painter.drawText(position, int(flags), position_words(self._item.entry))
        for tool, rect in self._row.turns:
            if self._item.leads(tool) and not self._scene.busy:
                self._pointed_icon(ICONS[tool], rect, self._key(tool))
            else:
                self._icon(ICONS[tool], rect, self._stepped_back(FAINT))

    def _key(self, tool: str) -> SpotKey:
        copies = tool == COPY
        kind, value = (SpotKind.COPY_MESSAGE, "") if copies else (SpotKind.TOOL, tool)
        return SpotKey(self._item.entry.id, kind, value)

    def _stepped_back(self, share: float) -> str:
        theme = self._item.style.theme
        return mixed(self._muted, theme.user_tint if self._item.on_tint else theme.window, share)

    def _pointed_icon(self, name: str, target: QRectF, key: SpotKey) -> None:
        """The icon, on a veil and darker while the pointer is on it."""
        if self._scene.pointed != key:
            self._icon(name, target, self._muted)
            return
        veil = QColor(self._item.style.theme.text)
        veil.setAlphaF(0.07)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(veil)
        self._painter.drawRoundedRect(target, RADIUS, RADIUS)
        self._icon(name, target, self._item.style.theme.text)

    def _icon(self, name: str, target: QRectF, colour: str) -> None:
        side = self._item.style.sizes.icon
        place = target.center() - QPointF(side / 2, side / 2)
        pixmap = self._item.style.icons.pixmap(name, side, colour, self._ratio)
        self._painter.drawPixmap(QPointF(round(place.x()), round(place.y())), pixmap)
