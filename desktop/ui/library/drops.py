"""Model files and folders that are dropped on the window."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui.i18n import tr

GGUF = ".gguf"


def import_paths(urls: Iterable[QUrl]) -> tuple[Path, ...]:
    """What of a drop can be installed: GGUF files and folders of this computer.

    An address with a host is passed over: a mere look at it would tell that host who is here.
    """
    local = (url.toLocalFile() for url in urls if url.isLocalFile() and not url.host())
    paths = (Path(name) for name in local if name and not name.startswith(("//", "\\\\")))
    return tuple(path for path in paths if _is_importable(path))


def _is_importable(path: Path) -> bool:
    try:
        return path.is_dir() or (path.suffix.lower() == GGUF and path.is_file())
    except (OSError, ValueError):
        return False


class DropVeil(QLabel):
    """Lies over the page while something that can be installed is dragged above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Drop it here to add it to your models."), parent)
        self._page = parent
        self.setObjectName("dropVeil")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Come up, over the whole of the page."""
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    # QLabel

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._page.palette()  # a label's own ground is transparent
        ground = palette.color(QPalette.ColorRole.Window)
        ground.setAlphaF(0.92)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 2))
        painter.drawRoundedRect(self.rect().adjusted(8, 8, -8, -8), 12, 12)
        painter.end()
        super().paintEvent(event)
