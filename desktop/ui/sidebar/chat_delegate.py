"""How a conversation is drawn in the list, and renamed in it."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain.chats import Summary
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.sidebar.chat_model import CHAT_ROLE, CURRENT_ROLE, WRITING_ROLE, Index
from desktop.ui.theme import Theme, mixed, small_font

ROW = 36  # pixels
EDGE, PADDING = 8, 12
ICON = 16
MARK = 24  # the room of a mark, or of the button, at the right
DOT = 6
LONGEST_TITLE = 200  # characters
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ChatDelegate(QStyledItemDelegate):
    """Draws headings, titles, marks, and the button that a row has under the pointer."""

    renamed = Signal(str, str)  # the id and what was typed; nothing: as if never named

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._pin = QIcon()
        self._more = QIcon()
        self._row, self._room = ROW, 14  # asked for as often as there are rows

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._theme = theme
        self._row, self._room = metrics().row(ROW), metrics().gap(14)
        self._pin = icons.icon("pin", ICON, theme.text_muted)
        self._more = icons.icon("more", ICON, theme.text)

    # painting

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, text: str, theme: Theme
    ) -> None:
        painter.setFont(small_font())
        painter.setPen(QColor(theme.text_muted))
        room = _mirrored(option, option.rect.adjusted(EDGE + PADDING, 0, -PADDING, -4))
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme, *, current: bool
    ) -> None:
        state = QStyle.StateFlag
        ground = QRectF(option.rect.adjusted(EDGE, 1, -EDGE, -1))
        colour = ""
        if current:
            colour = mixed(theme.surface, theme.accent, 0.16)
        elif option.state & state.State_Selected:
            colour = mixed(theme.surface, theme.text, 0.1)
        elif option.state & state.State_MouseOver:
            colour = mixed(theme.surface, theme.text, 0.05)
        painter.setPen(Qt.PenStyle.NoPen)
        if colour:
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(ground, 8, 8)
        if option.state & state.State_HasFocus and option.widget.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), theme.ring))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 7, 7)
        elif current and theme.strong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_chat(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
        chat: Summary,
        theme: Theme,
    ) -> None:
        current = bool(index.data(CURRENT_ROLE))
        self._paint_ground(painter, option, theme, current=current)
        mark = _mark(option.rect)  # as one reads from the left; mirrored where it is painted
        place = _centred(_mirrored(option, mark), metrics().side(ICON))
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        writing = bool(index.data(WRITING_ROLE))
        if hovered:
            self._more.paint(painter, place)
        elif writing:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            dot = metrics().side(DOT) / 2
            painter.drawEllipse(QPointF(QRectF(place).center()), dot, dot)
        elif chat.pinned:
            self._pin.paint(painter, place)
        room = option.rect.adjusted(EDGE + PADDING, 0, -EDGE - PADDING, 0)
        if hovered or writing or chat.pinned:
            room.setRight(mark.left() - 4)
        font = option.font
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        title = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(_mirrored(option, room), _LINE, title)

    # QStyledItemDelegate

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(self._row, option.fontMetrics.height() + self._room))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if self._theme is None:
            return
        chat = index.data(CHAT_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(chat, Summary):
            self._paint_chat(painter, option, index, chat, self._theme)
        else:
            self._paint_heading(painter, option, str(index.data()), self._theme)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("renameField")
        editor.setAccessibleName(tr("Title of the chat"))
        editor.setMaxLength(LONGEST_TITLE)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        chat = index.data(CHAT_ROLE)
        if isinstance(editor, QLineEdit) and isinstance(chat, Summary):
            title = " ".join(editor.text().split())
            if title != str(index.data(Qt.ItemDataRole.EditRole)):
                self.renamed.emit(chat.id, title)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect.adjusted(EDGE, 0, -EDGE, 0))


def on_menu_button(row: QRect, place: QPoint, direction: Qt.LayoutDirection) -> bool:
    """True where a row has its button."""
    return QStyle.visualRect(direction, row, _mark(row)).contains(place)


def _mirrored(option: QStyleOptionViewItem, part: QRect) -> QRect:
    """A part of a row where it is when one reads from the right."""
    return QStyle.visualRect(option.direction, option.rect, part)


def _mark(row: QRect) -> QRect:
    width = metrics().side(MARK)
    return QRect(row.right() - EDGE - width - 3, row.top(), width, row.height())


def _centred(room: QRect, size: int) -> QRect:
    made = QRect(0, 0, size, size)
    made.moveCenter(room.center())
    return made
