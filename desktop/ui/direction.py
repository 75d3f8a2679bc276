"""Text in a window that may be read from the right, whatever script the text itself is in."""

import re
import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

_ISOLATED = re.compile("\u2068.*?\u2069")
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_FIXED = Qt.AlignmentFlag.AlignAbsolute


def is_mirrored() -> bool:
    """True when the window is read from the right."""
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def apart(text: str) -> str:
    """In a window that is read from the right, a name or a size still runs as it does by itself."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if is_mirrored() else text


def reads_from_right(text: str) -> bool:
    """True for a text whose first letter that is not set apart is written from the right."""
    kinds = (unicodedata.bidirectional(letter) for letter in _ISOLATED.sub("", text))
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def line_flags(text: str) -> int:
    """How a line is painted: from the side the window is read from, in its own direction."""
    flow = (
        Qt.TextFlag.TextForceRightToLeft
        if reads_from_right(text)
        else Qt.TextFlag.TextForceLeftToRight
    )
    side = _RIGHT if is_mirrored() else _LEFT
    return int(side | _FIXED | Qt.AlignmentFlag.AlignVCenter | flow | Qt.TextFlag.TextSingleLine)


def lean(root: QWidget) -> None:
    """Have every label begin where the window does; Qt has each go by its own text."""
    if is_mirrored():
        labels = root.findChildren(QLabel)
        for label in [*labels, root] if isinstance(root, QLabel) else labels:
            side = label.alignment()
            if side & _LEFT and not side & _FIXED:
                label.setAlignment((side & ~_LEFT) | _RIGHT | _FIXED)
