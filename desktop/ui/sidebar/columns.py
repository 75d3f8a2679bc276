"""The three columns of the chat page: the outer two fold away where there is no room for them."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStyle, QWidget

from desktop.ui.metrics import metrics
from desktop.ui.sidebar.sidebar import WIDTH, Sidebar

ROOM_FOR_SIDEBAR = 900  # pixels of the window; a narrower one has it over the chat, when asked
ROOM_FOR_PANEL = 820  # pixels beside the sidebar


class Columns(QWidget):
    """Knows which columns are wanted, and shows those that fit."""

    sidebar_shown = Signal(bool)  # beside the chat or over it

    def __init__(self, sidebar: Sidebar, pane: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._sidebar = sidebar
        self._panel = panel
        self._sidebar_wanted = True
        self._panel_wanted = True
        self._veil = Veil(self)
        self._veil.pressed.connect(self.cover_no_more)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(sidebar)
        self._row.addWidget(pane, 1)
        self._row.addWidget(panel)

    @property
    def sidebar_wanted(self) -> bool:
        """Whether the sidebar is to be shown where there is room."""
        return self._sidebar_wanted

    def want(self, *, sidebar: bool | None = None, panel: bool | None = None) -> None:
        """Show these columns as far as there is room."""
        self._sidebar_wanted = self._sidebar_wanted if sidebar is None else sidebar
        self._panel_wanted = self._panel_wanted if panel is None else panel
        self._arrange()

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar: beside the chat, or over it in a narrow window."""
        if self._is_wide:
            self.want(sidebar=not self._sidebar_wanted)
        elif self._veil.isVisible():
            self.cover_no_more()
        else:
            self._cover()

    def reveal_sidebar(self) -> None:
        """Show the sidebar, for something in it is needed now."""
        if self._is_wide:
            self.want(sidebar=True)
        elif not self._veil.isVisible():
            self._cover()

    def cover_no_more(self) -> None:
        """Take the sidebar away where it lies over the chat."""
        if self._veil.isVisible():
            self._veil.hide()
            self._arrange()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= metrics().side(ROOM_FOR_SIDEBAR)

    def _cover(self) -> None:
        self._row.removeWidget(self._sidebar)
        self._veil.setGeometry(self.rect())
        self._sidebar.setGeometry(self._over())
        self._veil.show()
        self._veil.raise_()
        self._sidebar.show()
        self._sidebar.raise_()
        self._sidebar.search.setFocus()
        self.sidebar_shown.emit(True)

    def _over(self) -> QRect:
        """Where the sidebar is while it lies over the chat."""
        place = QRect(0, 0, metrics().side(WIDTH), self.height())
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)

    def _arrange(self) -> None:
        if self._is_wide:
            self._veil.hide()
        covers = self._veil.isVisible()
        beside = self._is_wide and self._sidebar_wanted
        if covers:
            self._veil.setGeometry(self.rect())
            self._sidebar.setGeometry(self._over())
        elif self._row.indexOf(self._sidebar) < 0:
            self._row.insertWidget(0, self._sidebar)
        self._sidebar.setVisible(beside or covers)
        room = self.width() - (metrics().side(WIDTH) if beside else 0)
        self._panel.setVisible(self._panel_wanted and room >= metrics().side(ROOM_FOR_PANEL))
        self.sidebar_shown.emit(beside or covers)

    # QWidget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:  # larger text leaves less room
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._veil.isVisible():
            self.cover_no_more()
        else:
            super().keyPressEvent(event)


class Veil(QWidget):
    """Dims the chat while the sidebar lies over it."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    # QWidget

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 90))
