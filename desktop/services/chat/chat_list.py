"""What is done with conversations as a whole: listing, renaming, putting away, deleting."""

from collections.abc import Callable
from typing import Protocol

from desktop.domain.chats import Summary, TitleOrigin
from desktop.domain.conversation import ConversationSettings, clean_text
from desktop.domain.words import tr
from desktop.services.chat import commands, notices, titles
from desktop.services.chat.commands import ListCommand
from desktop.services.chat.conversations import ChatStore, Conversations
from desktop.services.chat.notices import Notice

MOST = 100_000  # rows of the list


class ListStore(ChatStore, Protocol):
    """What is needed of the conversations on disk."""

    def summaries(self, archived: bool = False, limit: int = MOST) -> tuple[Summary, ...]:
        """The rows of the list."""

    def pin(self, id: str, pinned: bool) -> None:
        """Keep at the top of the list, or not."""

    def archive(self, id: str, archived: bool) -> None:
        """Move to the archive, or back."""

    def delete_all(self) -> int:
        """Delete all for now."""

    def purge(self) -> int:
        """Erase what is deleted for now."""

    def undelete(self, id: str) -> None:
        """Take `delete` back."""

    def duplicate(self, id: str, title: str) -> str | None:
        """Copy a conversation with all its branches."""


class ChatList:
    """Lives in the chat service's thread."""

    def __init__(
        self,
        store: ListStore,
        chats: Conversations,
        new_settings: Callable[[], ConversationSettings],
        notify: Callable[[Notice], None],
    ) -> None:
        self._store = store
        self._chats = chats
        self._new_settings = new_settings
        self._notify = notify
        self._deleted_in_view = ""

    def handle(self, command: ListCommand) -> None:
        """Do it and tell. Raises Problem."""
        match command:
            case commands.ListChats(archived):
                self.tell(archived=archived)
            case commands.RenameChat(chat_id, title):
                self._rename(chat_id, title)
            case commands.PinChat(chat_id, pinned):
                self._store.pin(chat_id, pinned)
                self._tell_changed(chat_id)
            case commands.ArchiveChat(chat_id, archived):
                self._store.archive(chat_id, archived)
                self._notify(notices.ChatGone(chat_id))
            case commands.DuplicateChat(chat_id):
                self._duplicate(chat_id)
            case commands.DeleteChat(chat_id):
                self._delete(chat_id)
            case commands.UndeleteChat(chat_id):
                self._undelete(chat_id)
            case commands.DeleteAllChats():
                self._delete_all()
            case commands.PurgeChats():
                self._store.purge()

    def tell(self, *, archived: bool = False) -> None:
        """Tell all rows."""
        self._notify(notices.ChatsListed(self._store.summaries(archived, MOST), archived))

    def _rename(self, chat_id: str, title: str) -> None:
        title = " ".join(clean_text(title).split())
        if title:
            self._chats.entitle(chat_id, title, TitleOrigin.USER)
        else:
            self._chats.entitle(chat_id, self._title_by_rule(chat_id), TitleOrigin.RULE)

    def _title_by_rule(self, chat_id: str) -> str:
        dialogue = self._chats.at_hand(chat_id)
        if dialogue is not None and not dialogue.branch.before:
            said = dialogue.conversation.messages
            return titles.of_question(said[0]) if said else ""
        view = self._store.open(chat_id, 1)
        first = self._store.messages(chat_id, view.path[:1]) if view else ()
        return titles.of_question(first[0]) if first else ""

    def _duplicate(self, chat_id: str) -> None:
        self._chats.need_saved(chat_id)
        summary = self._store.summary(chat_id)
        if summary is None:
            return
        copy = self._store.duplicate(chat_id, tr("{title} (copy)", title=summary.title).strip())
        if copy is not None:
            self._tell_changed(copy)
            self._chats.open(copy)

    def _delete(self, chat_id: str) -> None:
        dialogue = self._chats.at_hand(chat_id)
        summary = self._store.summary(chat_id)
        if dialogue is not None:
            dialogue.stop()
        self._chats.all_saved()
        if summary is not None:
            self._store.delete(chat_id)
            self._notify(notices.ChatGone(chat_id))
            self._notify(notices.ChatDeleted(chat_id, summary.title))
        if dialogue is self._chats.view:
            self._deleted_in_view = chat_id
            self._chats.begin(self._new_settings())
        self._chats.forget(chat_id)

    def _undelete(self, chat_id: str) -> None:
        self._store.undelete(chat_id)
        self._tell_changed(chat_id)
        if chat_id == self._deleted_in_view:
            self._deleted_in_view = ""
            self._chats.open(chat_id)

    def _delete_all(self) -> None:
        dialogues = tuple(self._chats)
        for dialogue in dialogues:
            dialogue.stop()
        self._chats.all_saved()
        count = self._store.delete_all()
        self._deleted_in_view = ""
        self._chats.begin(self._new_settings())
        for dialogue in dialogues:
            self._chats.forget(dialogue.conversation.id)
        self.tell()
        self._notify(notices.AllChatsDeleted(count))

    def _tell_changed(self, chat_id: str) -> None:
        summary = self._store.summary(chat_id)
        if summary is not None:
            self._notify(notices.ChatChanged(summary))
