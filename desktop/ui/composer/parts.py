"""The pieces that the composer is put together from."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.ui.metrics import metrics
from desktop.ui.shortcuts import keys
from desktop.ui.spacing import fix, size_icon
from desktop.ui.theme import Theme

BUTTON_SIDE, ICON_SIDE = 36, 20  # pixels


def main_button(name: str, label: str, tooltip: str) -> QPushButton:
    """The button at the end of the field."""
    button = QPushButton()
    button.setObjectName(name)
    button.setProperty("kind", "primary")
    button.setAccessibleName(label)
    button.setToolTip(tooltip)
    fix(button, BUTTON_SIDE, BUTTON_SIDE)
    size_icon(button, ICON_SIDE)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    return button


def attach_button(label: str) -> QToolButton:
    """The one before the field."""
    button = QToolButton()
    button.setObjectName("attachButton")
    button.setAccessibleName(label)
    button.setShortcut(keys("attach"))
    button.setToolTip(f"{label} ({button.shortcut().toString()})")
    fix(button, BUTTON_SIDE, BUTTON_SIDE)
    size_icon(button, ICON_SIDE)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    return button


def frame_style(theme: Theme) -> str:
    """The frame is drawn as one field around the text and the buttons."""
    side = metrics().side(BUTTON_SIDE)
    return f"""
        QFrame#composerFrame {{
            background: {theme.raised}; border: 1px solid {theme.edge}; border-radius: 12px;
            margin: 1px;
        }}
        QFrame#composerFrame[active="true"] {{
            border: {theme.ring}px solid {theme.accent}; margin: {2 - theme.ring}px;
        }}
        QPushButton {{
            min-width: {side}px; min-height: {side}px; padding: 0; border: none;
            border-radius: 10px;
        }}
        QPushButton:focus {{ border: {2 * theme.ring}px double {theme.on_accent}; }}
        QPlainTextEdit {{ background: transparent; border: none; padding: 0; }}
    """
