"""Where one types what is sought: told when the typing rests."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.shortcuts import shortcut
from desktop.ui.theme import Theme

REST_MS = 120
LONGEST = 1000  # characters


class SearchField(QLineEdit):
    """Escape empties it; with nothing in it, Escape leaves it."""

    sought = Signal(str)  # empty: nothing is sought any more
    entered = Signal()  # the Down key
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchField")
        self.setAccessibleName(tr("Search all chats"))
        self.setPlaceholderText(tr("Search"))
        self.setToolTip(f"{tr('Search all chats')} ({shortcut('search').shown})")
        self.setMaxLength(LONGEST)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(tr("Clear the search"), self)
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(lambda: self.sought.emit(self.text()))
        self.textChanged.connect(self._typed)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self._glass.setIcon(icons.icon("search", 16, theme.text_muted))
        self._clear.setIcon(icons.icon("close", 16, theme.text_muted))

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text.strip():
            self._rest.start()
        else:
            self._rest.stop()
            self.sought.emit("")

    # QLineEdit

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.entered.emit()
        else:
            super().keyPressEvent(event)
