"""The editor over the transcript: it takes the place of a message and moves with it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.transcript.editor import MessageEditor
from desktop.ui.transcript.reach import ABOVE
from desktop.ui.transcript.scene import Scene
from desktop.ui.transcript.style import Style

AROUND = 96  # pixels of an editor that are not its text


class Editing(QObject):
    """At most one message is edited at a time."""

    sent = Signal(str, str)  # entry id, text

    def __init__(
        self, scene: Scene, viewport: QWidget, arrange: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._viewport = viewport
        self._arrange = arrange
        self._view = parent
        self._editor: MessageEditor | None = None
        self._busy = False
        self.entry_id = ""  # of the message that is edited

    def begin(self, entry_id: str) -> None:
        """Edit a message. Raises KeyError for an unknown one."""
        self.end()
        scene = self._scene
        item = scene.item(entry_id)
        room = (scene.size.height() - AROUND) // scene.style.line
        editor = MessageEditor(item.entry.text, room, scene.style, self._viewport)
        editor.set_busy(self._busy)
        editor.sent.connect(self._send)
        editor.cancelled.connect(self.end)
        editor.resized.connect(self._fit)
        self._editor, self.entry_id = editor, entry_id
        scene.follows_end = False
        self._fit()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reveal()

    def end(self) -> None:
        """Show the message again, as it was."""
        editor, self._editor = self._editor, None
        if editor is None:
            return
        index = self._scene.column.index_of(self.entry_id)
        if index >= 0:
            self._scene.column.items[index].editor = 0.0
            self._scene.column.changed(index)
        self.entry_id = ""
        focused = QApplication.focusWidget()
        if focused and editor.isAncestorOf(focused):  # or Qt would pass the focus on
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.hide()
        editor.deleteLater()
        self._arrange()

    def check(self) -> None:
        """End it when its message is gone."""
        if self._editor and self._scene.column.index_of(self.entry_id) < 0:
            self.end()

    def place(self) -> None:
        """Put the editor where its message is now."""
        index = self._scene.column.index_of(self.entry_id) if self._editor else -1
        if self._editor is None or index < 0:
            return
        scene = self._scene
        panel = scene.column.items[index].panel
        top = round(scene.column.tops[index] + panel.top()) - scene.top
        left = scene.left + round(panel.left())
        wanted = QRect(left, top, round(panel.width()), round(panel.height()))
        if self._editor.geometry() != wanted:
            self._editor.setGeometry(wanted)

    def set_busy(self, busy: bool) -> None:
        """Nothing can be sent while an answer is written."""
        self._busy = busy
        if self._editor:
            self._editor.set_busy(busy)

    def wear(self, style: Style) -> None:
        """Take other colours."""
        if self._editor:
            self._editor.wear(style.theme)

    def _fit(self) -> None:
        """Have the message as high as its editor is."""
        index = self._scene.column.index_of(self.entry_id)
        if self._editor is None or index < 0:
            return
        height = float(self._editor.sizeHint().height())
        item = self._scene.column.items[index]
        if item.editor != height:
            item.editor = height
            self._scene.column.changed(index)
            self._arrange()

    def _reveal(self) -> None:
        """Scroll no more than it takes to see the whole editor."""
        scene = self._scene
        index = scene.column.index_of(self.entry_id)
        top, bottom = scene.column.tops[index], scene.column.tops[index + 1] + ABOVE
        if bottom > scene.top + scene.size.height():
            scene.scroll_to(round(bottom) - scene.size.height())
        if top < scene.top:
            scene.scroll_to(round(top))
        self._arrange()

    def _send(self, text: str) -> None:
        entry_id = self.entry_id
        self.end()
        self.sent.emit(entry_id, text)
