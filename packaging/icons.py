"""Draws the program's icon in the sizes that systems ask for; run where PySide6 is installed.

Usage: icons.py SVG FOLDER
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZE = 256


def draw(svg: str, folder: Path) -> None:
    """Write cellar-SIZE.png for every size, and cellar.ico."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication(["icons"])
    renderer = QSvgRenderer(svg)
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        if not image.save(str(folder / f"cellar-{size}.png")):
            raise SystemExit(f"icons: {folder} cannot be written")
        if size == ICO_SIZE:
            image.save(str(folder / "cellar.ico"))
    app.quit()


if __name__ == "__main__":
    draw(sys.argv[1], Path(sys.argv[2]))
