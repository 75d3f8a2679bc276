"""Where a message is written: what goes with it, the field, the buttons, a line of hints."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.attachments import Attachment, attachment_of
from desktop.ui.composer.history import Sent, SentHistory
from desktop.ui.composer.message_input import MessageInput
from desktop.ui.composer.parts import ICON_SIDE, attach_button, frame_style, main_button
from desktop.ui.composer.tray import AttachmentTray
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.spacing import inset, space
from desktop.ui.theme import Theme, mixed
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.kind import set_kind
from desktop.ui.widgets.wrapped_label import wrapped_label

MOST = 20  # attachments of a message


class Composer(QWidget):
    """Offers what was written by `send_requested` and keeps it until `clear` says it was taken."""

    send_requested = Signal(str)  # what goes with it is in `attachments`
    stop_requested = Signal()
    text_changed = Signal()
    attachments_changed = Signal()
    files_offered = Signal(object)  # paths that were dropped or pasted, or () to be asked for
    left = Signal()  # the field has lost the focus

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = SentHistory()
        self._offered = Sent("")
        self._busy = False
        self._reading = False
        self._invites = False
        self._why_not = ""
        self._problem = wrapped_label(kind="danger")
        self._fit = wrapped_label(kind="muted")
        self._hint = wrapped_label(kind="muted")
        self._weight = wrapped_label(kind="muted")
        self._weight.setObjectName("draftTokens")
        self._weight.setWordWrap(False)
        self.field = MessageInput()
        self._attach = attach_button(tr("Attach files"))
        self.tray = AttachmentTray(self._attach)
        self._send = main_button("sendButton", tr("Send"), tr("Send (Enter)"))
        self._stop = main_button("stopButton", tr("Stop"), tr("Stop (Esc)"))
        for hidden in (self._stop, self._problem, self._fit):
            hidden.hide()
        self._frame = self._framed()
        self._lay_out()
        self._connect()
        self._refresh()

    def text(self) -> str:
        """What is written, as it is."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put a text in place of what is written."""
        self._put(text)
        self._history.rest()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What goes with the text."""
        return self.tray.attachments

    def attach(self, attachments: Sequence[Attachment]) -> None:
        """Have these go with the text too."""
        room = MOST - len(self.attachments)
        self.tray.add(attachments[:room])
        if len(attachments) > room:
            self.set_problem(tr("At most {count} attachments can go with a message.", count=MOST))

    def set_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Have these, and no others, go with the text; nothing is reported."""
        self.tray.show_only(attachments)
        self._refresh()

    def clear(self) -> None:
        """The message was taken: empty the field and remember what was sent."""
        self._history.add(self._offered)
        self._offered = Sent("")
        self.field.clear()
        if self.attachments:
            self.tray.show_only(())
            self._attachments_changed()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, Stop takes the place of Send."""
        had_focus = self._send.hasFocus() or self._stop.hasFocus()
        self._busy = busy
        self._send.setVisible(not busy)
        self._stop.setVisible(busy)
        if had_focus:
            (self._stop if busy else self.field).setFocus()
        self._refresh()

    def set_reading(self, reading: bool) -> None:
        """While files are read, nothing is sent without them."""
        self._reading = reading
        self._refresh()

    def invite(self, files: bool) -> None:
        """Files are dragged over the window, or no longer: show where they would go."""
        self._invites = files
        self._mark_active(files or self.field.hasFocus())
        self._refresh()

    def set_enabled_hint(self, why_not: str) -> None:
        """Say why nothing can be sent now. An empty text: sending is possible."""
        self._why_not = why_not
        self._refresh()

    def set_problem(self, sentence: str) -> None:
        """Say above the field what is wrong with the message; the next change takes it away."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if sentence:
            announce(self._problem, sentence, urgent=True)

    def set_weight(self, tokens: Sequence[int] | None) -> None:
        """Show the tokens of the text and of each attachment; None: they are not known."""
        if tokens is None:
            self._weight.clear()
            return
        self.tray.set_tokens(tokens[1:])
        total = sum(tokens)
        self._weight.setText(trn("{count} token", "{count} tokens", total) if total else "")

    def set_fit(self, sentence: str, *, serious: bool = False) -> None:
        """Say above the field what becomes of the conversation when this is sent."""
        told = sentence and sentence != self._fit.text()
        self._fit.setText(sentence)
        self._fit.setVisible(bool(sentence))
        set_kind(self._fit, "danger" if serious else "muted")
        if told:
            announce(self._fit, sentence)

    def hint(self) -> str:
        """The line under the field."""
        return self._hint.text()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        faint = mixed(theme.text_muted, theme.raised, 0.3)
        self._send.setIcon(icons.icon("send", ICON_SIDE, theme.on_accent, disabled=faint))
        self._stop.setIcon(icons.icon("stop", ICON_SIDE, theme.on_accent))
        self._attach.setIcon(icons.icon("attach", ICON_SIDE, theme.text_muted))
        self.tray.set_theme(theme, icons)
        self._frame.setStyleSheet(frame_style(theme))

    def _framed(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("composerFrame")
        row = QHBoxLayout()
        space(row, 8)
        row.addWidget(self._attach, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignBottom)
        rows = QVBoxLayout(frame)
        inset(rows, 6, 6, 6, 6)
        space(rows, 8)
        rows.addWidget(self.tray)
        rows.addLayout(row)
        QWidget.setTabOrder(self._attach, self.field)
        frame.setCursor(Qt.CursorShape.IBeamCursor)
        return frame

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        space(foot, 16)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._weight)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addWidget(self._problem)
        rows.addWidget(self._fit)
        rows.addWidget(self._frame)
        rows.addLayout(foot)

    def _connect(self) -> None:
        self.field.send_pressed.connect(self._enter_pressed)
        self.field.textChanged.connect(self._text_changed)
        self.field.recalled.connect(self._recall)
        self.field.files_inserted.connect(self.files_offered)
        self.field.long_text_inserted.connect(self._attach_text)
        self.field.refused.connect(self.set_problem)
        self.field.files_hover.connect(self.invite)
        self.field.installEventFilter(self)
        self._send.clicked.connect(self._offer)
        self._stop.clicked.connect(self.stop_requested)
        self._attach.clicked.connect(lambda: self.files_offered.emit(()))
        self.tray.changed.connect(self._attachments_changed)
        self.tray.inline_wanted.connect(self._put_inline)
        self.tray.left.connect(self.field.setFocus)

    def _can_send(self) -> bool:
        waits = self._busy or self._reading or self._why_not
        return not waits and (self.field.says_something or bool(self.attachments))

    def _offer(self) -> None:
        if self._can_send():
            self._offered = Sent(self.text(), self.attachments)
            self.send_requested.emit(self._offered.text)

    def _enter_pressed(self) -> None:
        if self._busy:
            self._say(tr("Still writing. Your text waits here; Esc stops the answer."), aloud=True)
        elif self._why_not:
            self._say(self._why_not, aloud=True)
        else:
            self._offer()

    def _recall(self, step: int) -> None:
        """Take up what was sent before or after what the field holds."""
        written = Sent(self.text(), self.attachments)
        found = self._history.older(written) if step < 0 else self._history.newer()
        if found is not None:
            self._put(found.text)
            if found.attachments != written.attachments:
                self.tray.show_only(found.attachments)
                self._attachments_changed()

    def _put(self, text: str) -> None:
        self.field.replace_text(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)

    def _attach_text(self, text: str) -> None:
        self.attach([attachment_of("", text)])

    def _put_inline(self, attachment: Attachment) -> None:
        self.field.insertPlainText(attachment.text)
        self.field.setFocus()

    def _text_changed(self) -> None:
        self.set_problem("")
        self._refresh()
        self.text_changed.emit()

    def _attachments_changed(self) -> None:
        self.set_problem("")
        self._refresh()
        self.attachments_changed.emit()

    def _refresh(self) -> None:
        self._send.setEnabled(self._can_send())
        if self._invites:
            self._say(tr("Drop the files here to attach them"))
        elif self._busy:
            self._say(tr("Esc stops the answer"))
        elif self._reading:
            self._say(tr("Reading the files …"))
        else:
            self._say(self._why_not or tr("Enter sends · Shift+Enter starts a new line"))

    def _mark_active(self, active: bool) -> None:
        self._frame.setProperty("active", active)
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)

    def _say(self, hint: str, *, aloud: bool = False) -> None:
        self._hint.setText(hint)
        if aloud:
            announce(self._hint, hint)

    # QWidget

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Tab would take the whole composer for its field, and pass over the rest.
        self.field.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._busy:
            self.stop_requested.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._mark_active(event.type() == QEvent.Type.FocusIn)
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)
