"""The catalogue's table: as high as its rows, so that the page is all there is to scroll.

The row that is selected opens: it grows, and the details lie in it below its line.
"""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.column_widths import ColumnWidths, lines_of
from desktop.ui.library.offer_columns import Place
from desktop.ui.library.offer_delegate import OfferDelegate
from desktop.ui.library.offer_model import Key, OfferModel, key_of
from desktop.ui.library.sort_header import SortHeader
from desktop.ui.theme import Theme

PAGE = 10  # rows that PageUp and PageDown go
BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ModelTable(QTableView):
    """Keeps its open row by its key when rows are filtered, sorted or renewed."""

    opened = Signal(object)  # the Offer whose details are to be shown, or None
    entered = Signal()  # the focus is to go into the details
    wants_room = Signal()  # a row has opened or got the focus, and should be seen

    def __init__(self, model: OfferModel, details: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = model
        self._details = details
        self._open: Key | None = None
        self._open_row = -1
        self._pressed_open = False  # the button went down on the row that was open already
        self._header_at = 0
        self._header = SortHeader(self)
        self._widths = ColumnWidths()
        self._delegate = OfferDelegate(self, model, self)
        self._set_up()
        self.setModel(model)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        model.modelReset.connect(self._find_open_row)
        details.setParent(self.viewport())
        details.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        details.installEventFilter(self)
        details.hide()
        self.setSortingEnabled(True)
        self.sortByColumn(Place.FIT, Qt.SortOrder.AscendingOrder)

    def open_offer(self) -> Offer | None:
        """The offer whose details are shown."""
        return self._offers.offer(self._open_row)

    def close_details(self) -> None:
        """Show rows only."""
        self.clearSelection()

    def keep_header_at(self, top: int) -> None:
        """Let the head stand `top` pixels below the table's edge, as long as rows are there."""
        self._header_at = top
        lowest = max(0, self.height() - self._header.height() - self._delegate.row_height)
        self._header.move(self._header.x(), min(max(0, top), lowest))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._delegate.set_theme(theme, icons)
        self._header.set_theme(theme, icons)
        self._widths.forget()
        self._arrange()

    def _set_up(self) -> None:
        self.setObjectName("modelTable")
        self.setAccessibleName(tr("Catalogue of models"))
        self.setHorizontalHeader(self._header)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)

    # the row that is open

    def _selection_changed(self) -> None:
        rows = self.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        offer = self._offers.offer(row)
        before, self._open = self._open, key_of(offer) if offer else None
        self._set_open_row(row if offer else -1)
        if offer and self._open != before:
            self.wants_room.emit()

    def _find_open_row(self) -> None:
        """After a reset: the same offer is open where it is still shown."""
        self._open_row = -1
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
        row = self._offers.row_of(self._open) if self._open else -1
        if row >= 0:
            self.setCurrentIndex(self._offers.index(row, 0))
        else:
            self._open = None
            self._set_open_row(-1)

    def _set_open_row(self, row: int) -> None:
        if self._open_row >= 0 and self._open_row != row:
            self.setRowHeight(self._open_row, self._delegate.row_height)
        self._open_row = row
        self.opened.emit(self._offers.offer(row))
        self._details.setVisible(row >= 0)
        self._arrange()

    def _is_open(self, event: QMouseEvent) -> bool:
        """True when the pointer is on the row that is open."""
        return self._open_row >= 0 and self.rowAt(round(event.position().y())) == self._open_row

    def open_area(self) -> QRect:
        """The open row or else the current one, and the head above it that may hide it."""
        row = self._open_row if self._open_row >= 0 else max(0, self.currentIndex().row())
        top = self.rowViewportPosition(row)
        height = self._header.height() + self.rowHeight(row)
        return QRect(0, top, self.width(), height)

    # places and sizes

    def _arrange(self) -> None:
        """Give columns, rows, details and the table itself their sizes."""
        self._share_width()
        rows = self.verticalHeader()
        height = self._delegate.row_height
        if rows.defaultSectionSize() != height:
            rows.setDefaultSectionSize(height)
        if self._open_row >= 0:
            width = self.viewport().width()
            needed = self._details.heightForWidth(width)
            if self.rowHeight(self._open_row) != height + needed:
                self.setRowHeight(self._open_row, height + needed)
            top = self.rowViewportPosition(self._open_row) + height
            self._details.setGeometry(0, top, width, needed - 1)
        whole = self._header.height() + rows.length()
        if whole != self.height():
            self.setFixedHeight(whole)

    def _share_width(self) -> None:
        self._widths.measure(self._offers.texts, self.fontMetrics(), self._header.fontMetrics())
        widths = self._widths.shared(self.viewport().width())
        self._delegate.set_lines(lines_of(widths))
        for place in Place:
            if self.isColumnHidden(place) is (place in widths):
                self.setColumnHidden(place, place not in widths)
        for place, width in widths.items():
            if self.columnWidth(place) != width:
                self.setColumnWidth(place, width)

    # QTableView

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.keep_header_at(self._header_at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._details and event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_open = event.button() is Qt.MouseButton.LeftButton and self._is_open(event)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._pressed_open and self._is_open(event):
            self.close_details()
        self._pressed_open = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_open = self._open_row >= 0
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not is_open:
                self.selectRow(self.currentIndex().row())
            else:
                self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and is_open:
            self.close_details()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        steps = {
            QAbstractItemView.CursorAction.MoveUp: -1,
            QAbstractItemView.CursorAction.MoveDown: 1,
            QAbstractItemView.CursorAction.MovePageUp: -PAGE,
            QAbstractItemView.CursorAction.MovePageDown: PAGE,
            QAbstractItemView.CursorAction.MoveHome: -self._offers.rowCount(),
            QAbstractItemView.CursorAction.MoveEnd: self._offers.rowCount(),
        }
        step = steps.get(action, 0)
        last = self._offers.rowCount() - 1
        row = min(max(0, self.currentIndex().row() + step), last)
        return self._offers.index(row, 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._offers.rowCount():
            unselected = self.selectionModel().SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._offers.index(0, 0), unselected)
        if event.reason() in BY_KEYS:  # Qt has the middle of the whole table seen
            self.wants_room.emit()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
