"""What is written in the composer and not sent yet, kept with its conversation."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.domain.attachments import Attachment
from desktop.services.chat.draft_commands import SaveDraft, SaveDraftAttachments
from desktop.ui.composer.composer import Composer

SETTLE_MS = 500


class DraftKeeper(QObject):
    """Saves half a second after the last key, and at once before one goes elsewhere."""

    def __init__(
        self,
        composer: Composer,
        post: Callable[[SaveDraft | SaveDraftAttachments], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._post = post
        self._kept = ""  # as the service has it
        self._attached: tuple[Attachment, ...] = ()
        self._first = True  # no conversation was in view yet
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        composer.text_changed.connect(self._settle.start)
        composer.attachments_changed.connect(self.flush)
        composer.left.connect(self.flush)

    def flush(self) -> None:
        """Save now what is not saved yet."""
        self._settle.stop()
        if self._first:
            return
        text, attached = self._composer.text(), self._composer.attachments
        if text != self._kept:
            self._kept = text
            self._post(SaveDraft(text))
        if attached != self._attached:
            self._attached = attached
            self._post(SaveDraftAttachments(attached))

    def restore(self, draft: str, attached: tuple[Attachment, ...]) -> None:
        """Show the draft of another conversation; what was typed before the first one stays."""
        self._kept, self._attached = draft, attached
        begun = self._composer.text() or self._composer.attachments
        if self._first and begun and not (draft or attached):
            self._first = False
            self._settle.start()
            return
        self._first = False
        if self._composer.text() != draft:
            self._composer.set_text(draft)
        if self._composer.attachments != attached:
            self._composer.set_attachments(attached)
        self._settle.stop()
