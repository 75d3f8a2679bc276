"""A page beside the chat: a way back, a title, and sections that scroll as one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.page_scroll import PageScroll
from desktop.ui.library.parts import text_label
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner_area import BannerArea


class Page(QWidget):
    """`closed` is emitted by the button at the top and by Esc."""

    closed = Signal()  # back to the chat

    def __init__(self, title: str, close_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._back = QToolButton()
        self._back.setObjectName(close_name)
        self._back.setAccessibleName(tr("Back to the chat"))
        self._back.setToolTip(tr("Back to the chat (Esc)"))
        self._back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        size_icon(self._back, 20)
        self._back.clicked.connect(self.closed)
        self.banners = BannerArea()
        self._title = text_label(title, "heading", wraps=False)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._back.setIcon(icons.icon("chevron-left"))
        self.banners.set_theme(theme, icons)

    def fill(self, sections: list[QWidget]) -> None:
        """Show these, one below the other."""
        self.scroller = PageScroll(sections)
        self.setFocusProxy(self.scroller)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addWidget(self._head())
        rows.addWidget(self.banners)
        rows.addWidget(self.scroller, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        inset(row, 8, 8, 16, 0)
        space(row, 4)
        row.addWidget(self._back)
        row.addWidget(self._title)
        row.addStretch(1)
        return head

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def section(title: str, *parts: QWidget) -> QWidget:
    """A part of a page under its title."""
    made = QWidget()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(0, 0, 0, 0)
    space(rows, 8)
    rows.addWidget(text_label(title, "title"))
    for part in parts:
        rows.addWidget(part)
    return made
