"""The transcript: the conversation as one column of text for reading."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from desktop.domain.conversation import Role
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript.area import SceneArea
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.pointer import Pointer
from desktop.ui.transcript.scene import PlacedSpot, Scene, SpotKey
from desktop.ui.transcript.style import Style
from desktop.ui.widgets.announce import announce, plain_tooltip

COPIED = 1_500  # milliseconds for which a copy icon shows that it worked
DESCRIBED = 4_000  # characters of an answer for assistive tools


class TranscriptView(SceneArea):
    """Messages, as they are and as they are being written."""

    action_triggered = Signal(str, str)  # entry id, action id
    link_activated = Signal(str)  # a web address that `safe_link` let pass; nothing was opened
    text_copied = Signal()

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(Scene(Style(theme, icons)), parent)
        self.setObjectName("transcript")
        self.setAccessibleName(tr("Conversation"))
        self.viewport().setMouseTracking(True)
        self._pointer = Pointer(self._scene, self._click, self._scroll_by, self)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED)
        self._copied.timeout.connect(self._forget_copied)
        self._dress_button()

    # What is shown

    def set_entries(self, entries: list[Entry]) -> None:
        """Show these messages; of another conversation, from its end."""
        shown = self._scene.column.items
        if not (shown and entries and shown[0].entry.id == entries[0].id):
            self._scene.follows_end = True
        self._scene.set_entries(entries)
        answers = [entry for entry in entries if entry.role is Role.ASSISTANT]
        self._describe(answers[-1].text if answers else "")
        self._arrange()

    def add_entry(self, entry: Entry) -> None:
        """Show one more message. After the user's own the view goes to the end."""
        if entry.role is Role.USER:
            self._scene.follows_end = True
        self._scene.add(entry)
        self._arrange()

    def append_text(self, entry_id: str, text: str) -> None:
        """Let a message grow. Raises KeyError for an unknown one."""
        self._scene.append(entry_id, text)
        self._arrange()

    def update_entry(self, entry: Entry) -> None:
        """Show another state of a message. Raises KeyError for an unknown one."""
        was_writing = self._scene.item(entry.id).entry.writing
        self._scene.update(entry)
        self._arrange()
        if was_writing and not entry.writing:
            self._announce(entry)

    def remove_from(self, entry_id: str) -> None:
        """Take a message away, and all after it. Raises KeyError for an unknown one."""
        self._scene.truncate(entry_id)
        self._arrange()

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries([])

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take other colours."""
        self._scene.restyle(Style(theme, icons))
        self._dress_button()
        self._arrange()

    def toPlainText(self) -> str:
        """All messages with their speakers, as they are written."""
        return self._scene.plain_text()

    def _dress_button(self) -> None:
        self._jump.setIcon(self._scene.style.icons.icon("arrow-to-end", 20))

    def _describe(self, answer: str) -> None:
        self.setAccessibleDescription(answer[:DESCRIBED])

    def _announce(self, entry: Entry) -> None:
        """Tell assistive tools that an answer is there."""
        self._describe(entry.text)
        parts = (entry.speaker, entry.text[:DESCRIBED], entry.ending)
        announce(self, "\n".join(part for part in parts if part))

    # Selecting and copying

    def select_all(self) -> None:
        """Select every message."""
        self._scene.selection.all()
        self.viewport().update()

    def selected_text(self) -> str:
        """What is selected, as it is read."""
        return self._scene.selected_text()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self._to_clipboard(self.selected_text())

    def copy_message(self, entry_id: str) -> None:
        """Put a message on the clipboard as it was written. Raises KeyError for an unknown one."""
        self._to_clipboard(self._scene.item(entry_id).entry.text)

    def _to_clipboard(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.text_copied.emit()

    # What can be clicked

    def _click(self, placed: PlacedSpot) -> None:
        key = placed.key
        match key.kind:
            case SpotKind.LINK:
                self.link_activated.emit(key.value)
            case SpotKind.ACTION:
                self.action_triggered.emit(key.entry_id, key.value)
            case SpotKind.SHOW_ALL:
                self._scene.show_all(key.entry_id)
                self._arrange()
            case _:
                self._to_clipboard(self._scene.text_of(key))
                self._scene.copied = key
                self._copied.start()
                self.viewport().update()

    def _forget_copied(self) -> None:
        self._scene.copied = None
        self.viewport().update()

    def _move_focus(self, step: int) -> bool:
        """Focus the next spot in view (or, with -1, the one before); False when there is none."""
        self._scene.ringed = True
        keys: list[SpotKey | None] = [placed.key for placed in self._scene.spots()]
        stops = [None, *keys, None]
        focused = self._scene.focused
        start = stops.index(focused) if focused in keys else (0 if step > 0 else len(stops) - 1)
        self._scene.focused = stops[start + step]
        self._say_focused()
        self.viewport().update()
        return self._scene.focused is not None

    def _say_focused(self) -> None:
        """Tell assistive tools what has the focus: spots are no widgets of their own."""
        for placed in self._scene.spots():
            if placed.key == self._scene.focused:
                announce(self, placed.spot.label)

    def _press_focused(self) -> bool:
        """Click the focused spot; False when there is none."""
        for placed in self._scene.spots():
            if placed.key == self._scene.focused:
                self._click(placed)
                return True
        return False

    # What is under the pointer

    def _arranged(self) -> None:
        if self.viewport().underMouse():
            self._hover(QPointF(self.viewport().mapFromGlobal(self.cursor().pos())))

    def _hover(self, position: QPointF) -> None:
        item = self._scene.item_at(position)
        self._set_hovered(item.entry.id if item else "")
        shape = Qt.CursorShape.ArrowCursor
        if self._pointer.selects:
            shape = Qt.CursorShape.IBeamCursor
        elif self._scene.spot_at(position):
            shape = Qt.CursorShape.PointingHandCursor
        elif self._scene.over_text(position):
            shape = Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def _set_hovered(self, entry_id: str) -> None:
        if entry_id != self._scene.hovered:
            self._scene.hovered = entry_id
            self.viewport().update()

    def _context_menu(self, position: QPoint) -> QMenu:
        item = self._scene.item_at(QPointF(position))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(tr("Copy"), self.copy)
        copy.setEnabled(not self._scene.selection.is_empty)
        if item:
            entry_id = item.entry.id
            menu.addAction(tr("Copy message"), lambda: self.copy_message(entry_id))
        menu.addSeparator()
        everything = menu.addAction(tr("Select all"), self.select_all)
        everything.setEnabled(bool(self._scene.column.items))
        return menu

    # Qt's own

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            placed = self._scene.spot_at(QPointF(event.pos()))
            if placed:
                area = placed.spot.rect.toRect()
                words = plain_tooltip(placed.spot.label)
                QToolTip.showText(event.globalPos(), words, self.viewport(), area)
            else:
                QToolTip.hideText()
            return True
        if event.type() is QEvent.Type.Leave:
            self._set_hovered("")
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._glide.stop()
            self._scene.focused = None
            self._scene.ringed = False
            self._pointer.press(event)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pointer.selects:
            self._pointer.move(event.position())
            self.viewport().update()
        self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.release(event)
            self._hover(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._context_menu(event.pos()).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not self._press_focused():
                event.ignore()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self._move_focus(1 if forward else -1) or super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        steps = {Qt.FocusReason.TabFocusReason: 1, Qt.FocusReason.BacktabFocusReason: -1}
        if event.reason() in steps:
            self._move_focus(steps[event.reason()])
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._scene.focused = None
        self._scene.ringed = False
        super().focusOutEvent(event)
        self.viewport().update()
