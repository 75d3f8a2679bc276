"""The icons: our own SVG files, painted in the palette's colours at the screen's resolution."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.ui.theme import Theme, mixed

RATIOS = (1.0, 1.5, 2.0)  # device pixels a pixel, as displays have them
APP_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)


class IconSet:
    """Icons of one folder in the colours of one theme."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self._folder = folder
        self._theme = theme
        self._pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}

    def icon(self, name: str, size: int = 20, colour: str = "") -> QIcon:
        """An icon of `size` pixels; the colour, if not the text's, is "#rrggbb"."""
        normal = colour or self._theme.text
        faint = mixed(normal, self._theme.window, 0.6)
        icon = QIcon()
        for ratio in RATIOS:
            icon.addPixmap(self.pixmap(name, size, normal, ratio))
            icon.addPixmap(self.pixmap(name, size, faint, ratio), QIcon.Mode.Disabled)
        return icon

    def pixmap(self, name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
        """A picture of `size` pixels for a display of `ratio`. Raises OSError for no such file."""
        key = (name, size, colour, ratio)
        if key not in self._pixmaps:
            source = (self._folder / f"{name}.svg").read_text("utf-8")
            self._pixmaps[key] = _painted(source.replace("currentColor", colour), size, ratio)
        return self._pixmaps[key]

    def app_icon(self) -> QIcon:
        """The program's own icon, in every size a desktop asks for."""
        icon = QIcon()
        for size in APP_SIZES:
            icon.addPixmap(self.pixmap("cellar", size, ""))
        return icon


def _painted(source: str, size: int, ratio: float) -> QPixmap:
    side = round(size * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
