"""One attachment of the message that is being written."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.domain.attachments import Attachment
from desktop.ui.composer.attachment_words import facts_of, name_of
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.spacing import at_most, inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import plain_tooltip
from desktop.ui.widgets.elided_label import ElidedLabel

WIDEST = 264  # pixels
KIND_ICON, BUTTON_ICON = 20, 16
LOOK_INTO = 600  # characters that the tooltip shows
_REMOVING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


class AttachmentChip(QFrame):
    """Its name and how much it is; a button takes it away, another puts pasted text inline."""

    removed = Signal(object)  # the attachment
    inline_wanted = Signal(object)

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attachment = attachment
        name = name_of(attachment)
        self.setObjectName("attachmentChip")
        self._icon = QLabel()
        self._name = ElidedLabel(name, mode=Qt.TextElideMode.ElideMiddle)
        self._facts = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._facts.setProperty("kind", "muted")
        self.inline = _button("inlineAttachment", tr("Put it into the message"))
        self.inline.setVisible(not attachment.name)
        self.remove = _button("removeAttachment", tr("Remove {name}", name=name))
        self.inline.clicked.connect(lambda: self.inline_wanted.emit(attachment))
        self.remove.clicked.connect(lambda: self.removed.emit(attachment))
        for button in self.buttons:
            button.installEventFilter(self)
        self._lay_out()
        at_most(self, WIDEST)
        look = attachment.text[:LOOK_INTO]
        self.setToolTip(plain_tooltip(look if look == attachment.text else f"{look} …"))
        self.set_tokens(None)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """In the order in which the Tab key reaches them."""
        return (self.remove,) if self.attachment.name else (self.inline, self.remove)

    def set_tokens(self, tokens: int | None) -> None:
        """Show how many tokens it has; None: not known."""
        facts = facts_of(self.attachment, tokens)
        self._facts.setText(facts)
        self.setAccessibleName(
            tr("Attached: {name}, {facts}", name=name_of(self.attachment), facts=facts)
        )
        self.remove.setAccessibleDescription(facts)

    def facts(self) -> str:
        """The line under the name."""
        return self._facts.text()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        kind = "file" if self.attachment.name else "clipboard"
        ratio = self.devicePixelRatioF()
        side = metrics().side(KIND_ICON)
        self._icon.setPixmap(icons.pixmap(kind, side, theme.text_muted, ratio))
        self.inline.setIcon(icons.icon("inline", BUTTON_ICON))
        self.remove.setIcon(icons.icon("close", BUTTON_ICON))
        self.setStyleSheet(
            f"QFrame#attachmentChip {{ background: {theme.surface}; border-radius: 8px;"
            f" border: 1px solid {theme.border}; }}"
        )

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        space(words, 0)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        row = QHBoxLayout(self)
        inset(row, 8, 4, 4, 4)
        space(row, 4)
        row.addWidget(self._icon)
        row.addSpacing(4)
        row.addLayout(words, 1)
        row.addSpacing(4)
        row.addWidget(self.inline)
        row.addWidget(self.remove)

    # QFrame

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _REMOVING
        ):
            self.removed.emit(self.attachment)
            return True
        return super().eventFilter(watched, event)


def _button(name: str, label: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setToolTip(plain_tooltip(label))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    size_icon(button, BUTTON_ICON)
    return button
