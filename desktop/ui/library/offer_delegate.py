"""How a row of the catalogue is drawn: one line, or in a narrow window more in its first cell."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.domain.fit import Verdict
from desktop.services.shelf.notices import Offer
from desktop.ui.direction import apart
from desktop.ui.icons import IconSet
from desktop.ui.library.offer_columns import Place
from desktop.ui.library.offer_model import OFFER_ROLE, OfferModel
from desktop.ui.library.words import parameters_text, size_text, speed_with_unit
from desktop.ui.metrics import metrics
from desktop.ui.theme import Theme, mixed, small_font

PADDING, ICON, BESIDE_ICON = 12, 16, 6  # pixels
HEIGHTS = (40, 56, 88)  # of rows of one, two and three lines
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class OfferDelegate(QStyledItemDelegate):
    """Draws in the upper part of a row; the details are below it when the row is open."""

    def __init__(self, table: QTableView, model: OfferModel, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self._model = model
        self._theme: Theme | None = None
        self._icons: dict[str, QIcon] = {}
        self._lines = 1

    @property
    def row_height(self) -> int:
        """The pixels of a row that is not open."""
        return metrics().row(HEIGHTS[self._lines - 1])

    def set_lines(self, lines: int) -> None:
        """With two, the first cell tells what it takes as well; with three, whether it fits too."""
        self._lines = lines

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._theme = theme
        self._icons = {
            Verdict.FITS: icons.icon("check", ICON, theme.accent),
            Verdict.TIGHT: icons.icon("alert", ICON, theme.text_muted),
            Verdict.NO: icons.icon("close", ICON, theme.text_muted),
            "installed": icons.icon("model", ICON, theme.accent),
            "coming": icons.icon("download", ICON, theme.text_muted),
            "": icons.icon("info", ICON, theme.text_muted),
        }

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
        state = QStyle.StateFlag
        if option.state & state.State_Selected:
            painter.fillRect(option.rect, QColor(theme.surface))
        elif option.state & state.State_MouseOver:
            painter.fillRect(option.rect, QColor(mixed(theme.window, theme.text, 0.03)))
        painter.setPen(QColor(theme.border))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def _paint_focus(self, painter: QPainter, line: QRect, column: int, theme: Theme) -> None:
        """One frame around the row, each cell drawing its part."""
        painter.setPen(QPen(QColor(theme.accent), theme.ring))
        frame = line.adjusted(1, 1, -1, -2)
        shown = [n for n in range(len(Place)) if not self._table.isColumnHidden(n)]
        if self._table.isRightToLeft():
            shown.reverse()
        left = line.left() if column != shown[0] else frame.left()
        right = line.right() + 1 if column != shown[-1] else frame.right()
        painter.drawLine(left, frame.top(), right, frame.top())
        painter.drawLine(left, frame.bottom(), right, frame.bottom())
        if column == shown[0]:
            painter.drawLine(frame.topLeft(), frame.bottomLeft())
        if column == shown[-1]:
            painter.drawLine(frame.topRight(), frame.bottomRight())

    def _paint_name(self, painter: QPainter, room: QRect, offer: Offer, theme: Theme) -> None:
        name = apart(offer.entry.name)
        if self._lines == 1:
            _draw(painter, room, LEFT, name)
            return
        title, small = painter.fontMetrics().height(), QFontMetrics(small_font()).height()
        whole = title + 1 + small + (title + 1 if self._lines > 2 else 0)
        top = room.top() + (room.height() - whole) // 2
        upper = QRect(room.left(), top, room.width(), title)
        _draw(painter, upper, LEFT, name)
        if self._lines > 2:
            last = upper.translated(0, whole - title)
            self._paint_fit(painter, last, offer, self._model.state_text(offer))
        painter.setFont(small_font())
        painter.setPen(QColor(theme.text_muted))
        facts = (
            parameters_text(offer.entry.parameters),
            offer.weights.upper(),
            size_text(offer.download),
            speed_with_unit(offer.tokens_per_s),
        )
        lower = QRect(room.left(), upper.bottom() + 1, room.width(), small)
        _draw(painter, lower, LEFT, " · ".join(map(apart, facts)))

    def _paint_fit(self, painter: QPainter, room: QRect, offer: Offer, text: str) -> None:
        side, direction = metrics().side(ICON), self._table.layoutDirection()
        place = QRect(room.left(), room.center().y() - side // 2 + 1, side, side)
        if icon := self._icons.get(self._icon_name(offer)):
            icon.paint(painter, QStyle.visualRect(direction, room, place))
        beside = room.adjusted(side + BESIDE_ICON, 0, 0, 0)
        _draw(painter, QStyle.visualRect(direction, room, beside), LEFT, text)

    def _icon_name(self, offer: Offer) -> str:
        if self._model.is_installed(offer):
            return "installed"
        if self._model.is_on_its_way(offer):
            return "coming"
        return str(offer.verdict) if offer.how else ""

    # QStyledItemDelegate

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        offer, theme = index.data(OFFER_ROLE), self._theme
        if not isinstance(offer, Offer) or theme is None:
            return
        painter.save()
        self._paint_ground(painter, option, theme)
        line = QRect(option.rect)
        line.setHeight(self.row_height)
        room = line.adjusted(PADDING, 0, -PADDING, 0)
        first = index.column() == Place.MODEL
        strong = self._model.fits(offer) and (first or index.column() == Place.FIT)
        painter.setPen(QColor(theme.text if strong else theme.text_muted))
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        if first:
            self._paint_name(painter, room, offer, theme)
        elif index.column() == Place.FIT:
            self._paint_fit(painter, room, offer, text)
        else:
            side = index.data(Qt.ItemDataRole.TextAlignmentRole)
            _draw(painter, room, Qt.AlignmentFlag(side), apart(text))
        if self._is_current(option.widget, index):
            self._paint_focus(painter, line, index.column(), theme)
        painter.restore()

    def _is_current(
        self, widget: QWidget | None, index: QModelIndex | QPersistentModelIndex
    ) -> bool:
        return self._table.hasFocus() and self._table.currentIndex().row() == index.row()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, self.row_height)


def _draw(painter: QPainter, room: QRect, side: Qt.AlignmentFlag, text: str) -> None:
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, side | Qt.TextFlag.TextSingleLine, elided)
