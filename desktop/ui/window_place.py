"""Where the window was, kept from one start to the next; never where nobody can see it."""

import base64
import binascii

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FIRST_SIZE = QSize(1280, 800)
GRIP = QSize(120, 32)  # pixels of the upper edge that must be seen, to take the window by


def take_place(window: QWidget, kept: str) -> None:
    """Put the window where it was. What cannot be read, or is on no screen, is not followed."""
    window.resize(FIRST_SIZE)
    try:
        place = QByteArray(base64.b64decode(kept.encode("ascii", "ignore"), validate=True))
    except binascii.Error:
        place = QByteArray()
    if place.size():
        window.restoreGeometry(place)
    come_into_view(window)


def place_of(window: QWidget) -> str:
    """Where the window is, as a text to keep."""
    return base64.b64encode(window.saveGeometry().data()).decode("ascii")


def come_into_view(window: QWidget) -> None:
    """Move a window that cannot be taken by its upper edge to the main screen."""
    screens = QGuiApplication.screens()
    edge = QRect(window.frameGeometry().topLeft(), QSize(window.width(), GRIP.height()))
    seen = (screen.availableGeometry().intersected(edge) for screen in screens)
    if not screens or any(
        part.width() >= GRIP.width() and part.height() >= GRIP.height() // 2 for part in seen
    ):
        return
    room = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(window.size().boundedTo(room.size()))
    middle = window.rect()
    middle.moveCenter(room.center())
    window.move(middle.topLeft())
