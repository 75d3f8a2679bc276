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

from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript import accessible, tools
from desktop.ui.transcript.accessible import tell_focus
from desktop.ui.transcript.changing import fold_figures, fold_thought, go_sideways, rewrap
from desktop.ui.transcript.content import DESCRIBED, TranscriptContent
from desktop.ui.transcript.copying import Copying
from desktop.ui.transcript.holding import Held
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.menus import context_menu, entry_menu
from desktop.ui.transcript.pointer import Pointer
from desktop.ui.transcript.reach import bring_tools
from desktop.ui.transcript.scene import PlacedSpot, SpotKey
from desktop.ui.transcript.texts import text_of
from desktop.ui.widgets.announce import announce, plain_tooltip

COPIED = 1_500  # milliseconds for which a copy icon shows that it worked


class TranscriptView(TranscriptContent):
    """What one does with the messages: read, select, copy, click, by mouse and keyboard."""

    action_triggered = Signal(str, str)  # entry id, id of an action or of a tool
    link_activated = Signal(str)  # a web address that `safe_link` let pass; nothing was opened
    text_copied = Signal()

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        accessible.install()
        self.viewport().setMouseTracking(True)
        self._pointer = Pointer(self._scene, self._click, self._scroll_by, self)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED)
        self._copied.timeout.connect(self._forget_copied)
        self._copying = Copying(self._to_clipboard, self)
        self._held: Held | None = None  # the bar of a block that is scrolled sideways

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
        self._copying.begin(self._scene.selected_parts())

    def copy_message(self, entry_id: str) -> None:
        """Put a message on the clipboard as it was written. Raises KeyError for an unknown one."""
        entry = self._scene.item(entry_id).entry
        self._to_clipboard(entry.answer or entry.text)

    def copy_whole(self, entry_id: str) -> None:
        """The same with the thought before it. Raises KeyError for an unknown one."""
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
            case SpotKind.TOOL if key.value == tools.MORE:
                corner = placed.spot.rect.bottomLeft().toPoint()
                self._entry_menu(key.entry_id).popup(self.viewport().mapToGlobal(corner))
            case SpotKind.TOOL:
                self.use_tool(key.entry_id, key.value)
            case SpotKind.ATTACHMENT:
                self._scene.fold_attachment(key.entry_id, int(key.value))
                self._arrange()
            case SpotKind.SHOW_ALL | SpotKind.FIGURES | SpotKind.THOUGHT | SpotKind.WRAP:
                self._show_otherwise(key)
            case SpotKind.SIDEWAYS:
                pass
            case _:
                self._to_clipboard(text_of(self._scene, key))
                self._scene.copied = key
                self._copied.start()
                self.viewport().update()

    def _show_otherwise(self, key: SpotKey) -> None:
        """Show more of a message, or less, or in another way."""
        if key.kind is SpotKind.FIGURES:
            self.fold_figures(key.entry_id)
        elif key.kind is SpotKind.THOUGHT:
            self.fold_thought(key.entry_id)
        elif key.kind is SpotKind.WRAP:
            rewrap(self._scene, key)
            self._stay()
        else:
            self._scene.show_all(key.entry_id)
            self._arrange()

    def use_tool(self, entry_id: str, tool: str) -> None:
        """Do with a message what can be done here; tell the rest."""
        if tool == tools.COPY:
            self.copy_message(entry_id)
        elif tool == tools.EDIT:
            self.edit(entry_id)
        else:
            self.action_triggered.emit(entry_id, tool)

    @property
    def attended(self) -> str:
        """Id of the message that the keyboard's focus is in; empty for none."""
        return self._scene.focused.entry_id if self._scene.focused else ""

    def attend(self, step: int) -> None:
        """Have the focus on the message after (1) or before (-1) the one that has it.

        Without one, on the last message; each message with something to do counts.
        """
        items = self._scene.column.items
        place = self._scene.column.index_of(self.attended) if self.attended else -1
        way = range(place, len(items) if step > 0 else -1, step)[1:]
        if place < 0:
            way = range(len(items) - 1, -1, -1)
        entry_id = next((items[at].entry.id for at in way if items[at].row.tools), self.attended)
        if not entry_id:
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._glide.stop()
        bring_tools(self._scene, entry_id)
        self._arrange()
        keys = [each.key for each in self._scene.spots() if each.key.entry_id == entry_id]
        of_row = (SpotKind.COPY_MESSAGE, SpotKind.TOOL)
        self._scene.focused = next((key for key in keys if key.kind in of_row), None)
        self._scene.ringed = True
        entry = self._scene.item(entry_id).entry
        announce(self, "\n".join((entry.speaker, entry.answer[:DESCRIBED])))
        self.viewport().update()

    def pass_focus(self, entry_id: str, other_id: str) -> None:
        """Have the keyboard's focus on the same spot of the version that takes the place."""
        focused = self._scene.focused
        if focused and focused.entry_id == entry_id:
            self._scene.focused = focused._replace(entry_id=other_id)

    def say_version(self, entry_id: str) -> None:
        """Tell assistive tools which version is in view. Raises KeyError for an unknown one."""
        announce(self, tools.spoken_position(self._scene.item(entry_id).entry))

    def fold_thought(self, entry_id: str) -> None:
        """Show what was thought before an answer, or hide it. Raises KeyError."""
        self._glide.stop()
        fold_thought(self._scene, entry_id)
        self._stay()

    def _stay(self) -> None:
        """Show what has changed; at the end the view follows it again."""
        self._arrange()
        self._scene.follows_end = self._scene.top >= self._scene.end and not self._scene.later

    def fold_figures(self, entry_id: str) -> None:
        """Show all figures of an answer, or only those in short. Raises KeyError."""
        fold_figures(self._scene, entry_id)
        entry = self._scene.item(entry_id).entry
        if self._scene.item(entry_id).unfolded:
            announce(self, entry.figures_text)
        self._arrange()

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
        tell_focus(self)
        self.viewport().update()
        return self._scene.focused is not None

    def press(self, key: SpotKey | None) -> bool:
        """Do what a click on a spot does; False when it is not in view."""
        for placed in self._scene.spots():
            if placed.key == key:
                self._click(placed)
                return True
        return False

    # What is under the pointer

    def _arranged(self) -> None:
        super()._arranged()
        if self.viewport().underMouse():
            self._hover(QPointF(self.viewport().mapFromGlobal(self.cursor().pos())))

    def _hover(self, position: QPointF) -> None:
        item = self._scene.item_at(position)
        self._set_hovered(item.entry.id if item else "")
        placed = self._scene.spot_at(position)
        self._set_pointed(placed.key if placed else None)
        shape = Qt.CursorShape.ArrowCursor
        if self._pointer.selects:
            shape = Qt.CursorShape.IBeamCursor
        elif placed:
            shape = Qt.CursorShape.PointingHandCursor
        elif self._scene.over_text(position):
            shape = Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def _set_hovered(self, entry_id: str) -> None:
        if entry_id != self._scene.hovered:
            self._scene.hovered = entry_id
            self.viewport().update()

    def _set_pointed(self, key: SpotKey | None) -> None:
        if key != self._scene.pointed:
            self._scene.pointed = key
            self.viewport().update()

    def _context_menu(self, position: QPoint) -> QMenu:
        item = self._scene.item_at(QPointF(position))
        return context_menu(self, self._scene, self, item)

    def _entry_menu(self, entry_id: str) -> QMenu:
        return entry_menu(self, self._scene, self, self._scene.item(entry_id))

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
            self._set_pointed(None)
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._glide.stop()
            self._scene.focused = None
            self._scene.ringed = False
            self._pointer.press(event)
            self._held = Held.at(self._scene, event.position())
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held.draw(event.position())
            self.viewport().update()
            return
        if self._pointer.selects:
            self._pointer.move(event.position())
            self.viewport().update()
        self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = None
            self._pointer.release(event)
            self._hover(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.attended:
            self._entry_menu(self.attended).popup(event.globalPos())
        else:
            self._context_menu(event.pos()).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not self.press(self._scene.focused):
                event.ignore()
        elif go_sideways(self._scene, event.key()):
            self.viewport().update()
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
