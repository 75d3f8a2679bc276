"""The field a message is written in: its keys, and what is pasted or dropped into it."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.drops import local_paths
from desktop.ui.i18n import tr
from desktop.ui.shortcuts import takes
from desktop.ui.widgets.plain_input import SEAM, PlainInput, text_of

LONG_LINES, LONG_TEXT = 40, 8_000  # lines, characters: what is pasted beyond becomes an attachment
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class MessageInput(PlainInput):
    """Enter sends, Shift+Enter breaks the line, Ctrl+Up and Ctrl+Down recall what was sent.

    In an empty field Up alone does, too.
    """

    send_pressed = Signal()
    recalled = Signal(int)  # what was sent: before (-1) or after (1) what the field holds
    files_inserted = Signal(object)  # paths
    long_text_inserted = Signal(str)
    files_hover = Signal(bool)  # they are dragged over the field, or no longer
    refused = Signal(str)  # why nothing was inserted
    menu_opening = Signal(QMenu, QPoint)  # to be added to; and where in the field it is

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("composer", fewest_lines=1, most_lines=8, parent=parent)
        self._moving = False  # text of its own is being dragged to another place
        self.setPlaceholderText(tr("Message Cellar"))
        self.setAccessibleName(tr("Message"))
        self.setAccessibleDescription(tr("Enter sends, Shift+Enter starts a new line."))

    @property
    def says_something(self) -> bool:
        """True when it holds more than blanks; quick however long it is."""
        block = self.document().firstBlock()
        while block.isValid():
            if block.text().replace(SEAM, "").strip():
                return True
            block = block.next()
        return False

    # PlainInput

    def event(self, event: QEvent) -> bool:
        # Some of the window's keys are keys of a text field on some systems, such as Ctrl+E.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            wanted = takes(event.keyCombination())
            if wanted:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ENTER:
            self._enter(event)
        elif event.key() == Qt.Key.Key_Up and (ctrl or (plain and self.document().isEmpty())):
            self.recalled.emit(-1)
        elif ctrl and event.key() == Qt.Key.Key_Down:
            self.recalled.emit(1)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent) -> None:
        if self.composing:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Qt would put in a line separator, which lengthens the paragraph.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():
            self.send_pressed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = local_paths(source.urls())
        text = "" if paths else text_of(source)
        if paths:
            self.files_inserted.emit(paths)
        elif not self._moving and (text.count("\n") >= LONG_LINES or len(text) > LONG_TEXT):
            self.long_text_inserted.emit(text)
        elif text:
            super().insertFromMimeData(source)
        elif source.hasImage():
            self.refused.emit(tr("This is a picture, and the model reads only text."))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_opening.emit(menu, self._place_of(event))
        menu.popup(event.globalPos())

    def _place_of(self, event: QContextMenuEvent) -> QPoint:
        """Where the menu was asked for: under the pointer, or by its key at the cursor."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            return self.cursorRect().center()
        return event.pos()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        self.files_hover.emit(bool(local_paths(event.mimeData().urls())))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.files_hover.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.files_hover.emit(False)
        self._moving = event.source() in (self, self.viewport())
        super().dropEvent(event)
        self._moving = False
