"""The tokens of what is being written, and what becomes of the conversation when it is sent."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.services.chat import notices
from desktop.services.chat.draft_commands import WeighDraft
from desktop.ui.composer.composer import Composer
from desktop.ui.i18n import tr, trn

SETTLE_MS = 300  # after the last key


class DraftMeter(QObject):
    """Asks when one pauses; what is not known any more is not shown."""

    def __init__(
        self, composer: Composer, post: Callable[[WeighDraft], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._post = post
        self._asked = WeighDraft("")
        self._unseen = 0  # messages that the model does not see as it is
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        composer.text_changed.connect(self._changed)
        composer.attachments_changed.connect(self._changed)

    @Slot(object)
    def take(self, notice: object) -> None:
        """Show what the engine says to the last question."""
        match notice:
            case notices.DraftWeighed() if self._is_asked(notice):
                self._show(notice)
            case notices.ContextUsed(unseen=unseen):
                self._unseen = len(unseen)
            case notices.Opened() | notices.Cleared():
                self._unseen = 0
                self._changed()

    def _is_asked(self, notice: notices.DraftWeighed) -> bool:
        current = WeighDraft(notice.text, notice.attachments) == self._asked
        return current and not self._settle.isActive()

    def _changed(self) -> None:
        self._composer.set_fit("")
        self._settle.start()

    def _ask(self) -> None:
        asked = WeighDraft(self._composer.text(), self._composer.attachments)
        if asked == self._asked and not (asked.text or asked.attachments):
            return
        self._asked = asked
        if not (asked.text or asked.attachments):
            self._composer.set_weight(None)
        self._post(asked)

    def _show(self, notice: notices.DraftWeighed) -> None:
        self._composer.set_weight(notice.tokens)
        if notice.problem:
            self._composer.set_fit(notice.problem, serious=True)
        elif notice.asks:
            self._composer.set_fit(
                tr(
                    "With this message the chat has more than the model can read at once."
                    " You will be asked what to leave out."
                )
            )
        elif notice.unseen > self._unseen:
            self._composer.set_fit(
                trn(
                    "With this message the model will no longer see the {count} oldest message.",
                    "With this message the model will no longer see the {count} oldest messages.",
                    notice.unseen,
                )
            )
