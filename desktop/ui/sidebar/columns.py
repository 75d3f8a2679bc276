"""The three columns of the chat page: the outer two fold away where there is no room for them."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStyle, QWidget

from desktop.ui.metrics import metrics
from desktop.ui.sidebar.sidebar import Sidebar

ROOM_FOR_SIDEBAR = 900  # pixels of the window; a narrower one has it over the chat, when asked
ROOM_FOR_PANEL = 820  # pixels beside the sidebar
STRIP = 48  # pixels of the chat that stay beside what covers it, unless words need them


class Columns(QWidget):
    """Knows which columns are wanted, and shows those that fit."""

    sidebar_shown = Signal(bool)  # beside the chat or over it
    panel_shown = Signal(bool)  # the same
    uncovered = Signal()  # nothing lies over the chat any more

    def __init__(self, sidebar: Sidebar, pane: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._sidebar = sidebar
        self._panel = panel
        self._sidebar_wanted = True
        self._panel_wanted = True
        self._covering: QWidget | None = None  # the column that lies over the chat
        self._sidebar_width = 0  # when columns were last arranged
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

    @property
    def panel_wanted(self) -> bool:
        """Whether the panel is to be shown where there is room."""
        return self._panel_wanted

    def want(self, *, sidebar: bool | None = None, panel: bool | None = None) -> None:
        """Show these columns beside the chat; the panel over it where it has no room."""
        self._sidebar_wanted = self._sidebar_wanted if sidebar is None else sidebar
        if panel is False and self._covering is self._panel:
            self.cover_no_more()  # a wider window has it as before
            return
        self._panel_wanted = self._panel_wanted if panel is None else panel
        self._arrange()
        if panel and self.isVisible() and not self._panel.isVisible():
            self._cover(self._panel)

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar: beside the chat, or over it in a narrow window."""
        if self._is_wide:
            self.want(sidebar=not self._sidebar_wanted)
        elif self._covering is self._sidebar:
            self.cover_no_more()
        else:
            self._cover(self._sidebar)

    def reveal_sidebar(self) -> None:
        """Show the sidebar, for something in it is needed now."""
        if self._is_wide:
            self.want(sidebar=True)
        elif self._covering is not self._sidebar:
            self._cover(self._sidebar)

    def cover_no_more(self) -> None:
        """Take away what lies over the chat."""
        if self._covering is not None:
            self._covering = None
            self._arrange()
            self.uncovered.emit()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= metrics().side(ROOM_FOR_SIDEBAR)

    @property
    def _has_room_for_panel(self) -> bool:
        beside = self._is_wide and self._sidebar_wanted
        room = self.width() - (self._sidebar.sizeHint().width() if beside else 0)
        return room >= metrics().side(ROOM_FOR_PANEL)

    def _cover(self, column: QWidget) -> None:
        self._covering = column
        self._arrange()
        (self._sidebar.search if column is self._sidebar else column).setFocus()

    def _over(self, column: QWidget) -> QRect:
        """Where a column is while it lies over the chat."""
        wanted = column.sizeHint().width()
        if column is self._sidebar:
            needed = max(self._sidebar.needed_width, self.width() - STRIP)
            place = QRect(0, 0, min(wanted, needed, self.width()), self.height())
        else:
            width = min(column.width(), self.width())
            place = QRect(self.width() - width, 0, width, self.height())
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)

    def _arrange(self) -> None:
        has_room = self._is_wide if self._covering is self._sidebar else self._has_room_for_panel
        if has_room:
            self._covering = None
        beside = (
            (self._sidebar, 0, self._is_wide and self._sidebar_wanted),
            (self._panel, -1, self._has_room_for_panel and self._panel_wanted),
        )
        self._veil.setVisible(self._covering is not None)
        self._veil.setGeometry(self.rect())
        self._veil.raise_()
        for column, place, shown in beside:
            if column is self._covering:
                self._row.removeWidget(column)
                column.setGeometry(self._over(column))
                column.raise_()
            elif self._row.indexOf(column) < 0:
                self._row.insertWidget(place, column)
            column.setVisible(shown or column is self._covering)
        self._sidebar_width = self._sidebar.sizeHint().width()
        self.sidebar_shown.emit(self._sidebar.isVisibleTo(self))
        self.panel_shown.emit(self._panel.isVisibleTo(self))

    # QWidget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        resized = event.type() is QEvent.Type.LayoutRequest and self._sidebar_width
        if resized and self._sidebar_width != self._sidebar.sizeHint().width():
            self._arrange()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:  # larger text leaves less room
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._covering is not None:
            self.cover_no_more()
        else:
            super().keyPressEvent(event)


class Veil(QWidget):
    """Dims the chat while a column lies over it."""

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
