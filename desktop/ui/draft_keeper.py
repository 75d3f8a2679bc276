"""What is written in the composer and not sent yet, kept with its conversation."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.services.chat.commands import SaveDraft
from desktop.ui.composer.composer import Composer

SETTLE_MS = 500


class DraftKeeper(QObject):
    """Saves half a second after the last key, and at once before one goes elsewhere."""

    def __init__(
        self, composer: Composer, post: Callable[[SaveDraft], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._post = post
        self._kept = ""  # as the service has it
        self._first = True  # no conversation was in view yet
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        composer.text_changed.connect(self._settle.start)
        composer.left.connect(self.flush)

    def flush(self) -> None:
        """Save now what is not saved yet."""
        self._settle.stop()
        text = self._composer.text()
        if text != self._kept and not self._first:
            self._kept = text
            self._post(SaveDraft(text))

    def restore(self, draft: str) -> None:
        """Show the draft of another conversation; what was typed before the first one stays."""
        self._kept = draft
        if self._first and self._composer.text() and not draft:
            self._first = False
            self._settle.start()
            return
        self._first = False
        if self._composer.text() != draft:
            self._composer.set_text(draft)
        self._settle.stop()
