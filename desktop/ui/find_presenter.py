"""Finding words in the messages of the conversation that are not loaded, and going there."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop.services.chat import notices
from desktop.services.chat.commands import OpenChat
from desktop.services.history.commands import FindIn
from desktop.services.history.notices import FoundIn
from desktop.ui.chat_pane import ChatPane


class FindPresenter(QObject):
    """The transcript searches what it shows; what is not loaded is searched on the disk."""

    def __init__(
        self,
        pane: ChatPane,
        post: Callable[[OpenChat], None],
        post_history: Callable[[FindIn], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bar = pane.find_bar
        self._view = pane.transcript
        self._post = post
        self._post_history = post_history
        self._chat_id = ""
        self._missing = False  # there are messages that are not loaded
        self._kept = True  # on the disk
        self._sought = ""
        self._found: FoundIn | None = None
        self._going = ""  # id of the message to show next
        self._back = True  # it was gone to from below
        self._bar.sought.connect(self._seek)
        self._bar.earlier_wanted.connect(self._go_back)
        self._bar.later_wanted.connect(self._go_forth)

    @Slot(object)
    def take(self, notice: object) -> None:
        """Follow what the transcript shows."""
        match notice:
            case notices.Opened():
                self._opened(notice)
            case notices.PassageLoaded() | notices.MessageAdded() | notices.MessageRemoved():
                self._missing = self._missing or any(self._view.extent)
                self._tell()
            case notices.Cleared():
                self._missing = False
                self._tell()

    @Slot(object)
    def take_history(self, notice: object) -> None:
        """Take what was found on the disk, unless something else is sought by now."""
        if isinstance(notice, FoundIn) and (notice.chat_id, notice.text) == (
            self._chat_id,
            self._sought,
        ):
            self._found = notice
            self._tell()

    def _opened(self, notice: notices.Opened) -> None:
        self._chat_id = notice.conversation.id
        self._missing = bool(notice.earlier or notice.later)
        self._kept = not notice.temporary
        going, self._going = self._going, ""
        if self._sought and going and going == notice.message_id:
            self._bar.go_on_from(going, backwards=self._back)
            self._tell()
            return
        self._seek(self._sought)

    def _seek(self, text: str) -> None:
        self._sought = text
        self._found = None
        if text.strip() and self._missing and self._kept:
            self._post_history(FindIn(self._chat_id, text))
        self._tell()

    def _go_back(self) -> None:
        before, _ = self._beyond()
        if before:
            self._go(before[-1], back=True)

    def _go_forth(self) -> None:
        _, after = self._beyond()
        if after:
            self._go(after[0], back=False)

    def _go(self, message_id: str, *, back: bool) -> None:
        self._going, self._back = message_id, back
        self._post(OpenChat(self._chat_id, message_id))

    def _beyond(self) -> tuple[list[str], list[str]]:
        """What holds the words and is not loaded, before what is and after it."""
        if self._found is None:
            return [], []
        shown, (earlier, _) = self._view.entry_ids, self._view.extent
        found = [
            (place < earlier, id_)
            for id_, place in zip(self._found.ids, self._found.places, strict=True)
            if id_ not in shown
        ]
        return [id_ for is_before, id_ in found if is_before], [
            id_ for is_before, id_ in found if not is_before
        ]

    def _tell(self) -> None:
        failed = not self._kept or bool(self._found and self._found.problem)
        before, after = self._beyond()
        earlier, later = self._view.extent
        self._bar.set_beyond(
            (None if failed else len(before)) if earlier else 0,
            (None if failed else len(after)) if later else 0,
        )
