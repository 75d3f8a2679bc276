"""Finding words in the messages of the conversation that are not loaded, and going there."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop.services.chat import notices
from desktop.services.chat.commands import OpenChat
from desktop.services.history.commands import FindIn
from desktop.services.history.notices import FoundIn
from desktop.ui.chat_pane import ChatPane


class FindPresenter(QObject):
    """The transcript searches what it shows; what comes before that is searched on the disk."""

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
        self._earlier = False  # there are messages that are not loaded
        self._kept = True  # on the disk
        self._sought = ""
        self._found: FoundIn | None = None
        self._going = ""  # id of the message to show next
        self._bar.sought.connect(self._seek)
        self._bar.earlier_wanted.connect(self._go_back)

    @Slot(object)
    def take(self, notice: object) -> None:
        """Follow what the transcript shows."""
        match notice:
            case notices.Opened():
                self._opened(notice)
            case notices.EarlierLoaded(earlier=earlier):
                self._earlier = earlier > 0
                self._tell()
            case notices.Cleared():
                self._earlier = False
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
        self._earlier = notice.earlier > 0
        self._kept = not notice.temporary
        going, self._going = self._going, ""
        if self._sought and going and going == notice.message_id:
            self._bar.go_on_from(going)
        self._seek(self._sought)

    def _seek(self, text: str) -> None:
        self._sought = text
        self._found = None
        if text.strip() and self._earlier and self._kept:
            self._post_history(FindIn(self._chat_id, text))
        self._tell()

    def _go_back(self) -> None:
        before = self._before()
        if before:
            self._going = before[-1]
            self._post(OpenChat(self._chat_id, self._going))

    def _before(self) -> list[str]:
        """What holds the words and is not loaded."""
        found = self._found.ids if self._found else ()
        shown = self._view.entry_ids if found else ()
        return [id_ for id_ in found if id_ not in shown]

    def _tell(self) -> None:
        failed = not self._kept or bool(self._found and self._found.problem)
        if not self._earlier:
            self._bar.set_earlier(0)
        else:
            self._bar.set_earlier(None if failed else len(self._before()))
