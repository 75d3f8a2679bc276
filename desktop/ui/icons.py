"""The icons: our own SVG files, painted in the palette's colours at the screen's resolution."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.ui.direction import is_mirrored
from desktop.ui.metrics import metrics
from desktop.ui.theme import Theme, mixed

RATIOS = (1.0, 2.0)  # device pixels a pixel, beside those of the screens that are there
DIRECTED = frozenset(  # that point where one reads on
    {
        "chevron-left",
        "chevron-right",
        "continue",
        "inline",
        "panel-right",
        "sidebar",
        "undo",
    }
)
APP_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)


class IconSet:
    """Icons of one folder in the colours of one theme."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self._folder = folder
        self._theme = theme
        self._mirrors = is_mirrored()
        self._ratios = {*RATIOS, *(each.devicePixelRatio() for each in QGuiApplication.screens())}
        self._pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}

    def icon(
        self, name: str, size: int = 20, colour: str = "", *, disabled: str = "", beside: int = 0
    ) -> QIcon:
        """An icon of `size` pixels at 100 %, with room of `beside` pixels to the words after it.

        Its colours, "#rrggbb": if not the text's, and, while disabled, if not a fainter one.
        """
        size, beside = metrics().side(size), metrics().side(beside)
        normal = colour or self._theme.text
        faint = disabled or mixed(normal, self._theme.window, 0.6)
        icon = QIcon()
        for ratio in sorted(self._ratios):
            for look, mode in ((normal, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
                pixmap = self.pixmap(name, size, look, ratio)
                icon.addPixmap(self._widened(pixmap, beside) if beside else pixmap, mode)
        return icon

    def _widened(self, pixmap: QPixmap, beside: int) -> QPixmap:
        """The same with room where one reads on."""
        ratio = pixmap.devicePixelRatio()
        made = QPixmap(QSize(pixmap.width() + round(beside * ratio), pixmap.height()))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.drawPixmap(beside if self._mirrors else 0, 0, pixmap)
        painter.end()
        return made

    def pixmap(self, name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
        """A picture of `size` pixels for a display of `ratio`. Raises OSError for no such file."""
        key = (name, size, colour, ratio)
        if key not in self._pixmaps:
            source = (self._folder / f"{name}.svg").read_text("utf-8")
            source = source.replace("currentColor", colour)
            mirrored = self._mirrors and name in DIRECTED
            self._pixmaps[key] = _painted(source, size, ratio, mirrored=mirrored)
        return self._pixmaps[key]

    def app_icon(self) -> QIcon:
        """The program's own icon, in every size a desktop asks for."""
        icon = QIcon()
        for size in APP_SIZES:
            icon.addPixmap(self.pixmap("cellar", size, ""))
        return icon


def _painted(source: str, size: int, ratio: float, *, mirrored: bool) -> QPixmap:
    side = round(size * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if mirrored:
        painter.translate(side, 0)
        painter.scale(-1, 1)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
