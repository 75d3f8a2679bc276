"""Between the services and the left column: notices to rows, gestures to commands."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.chats import Summary
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.history import commands as history
from desktop.services.history import notices as history_notices
from desktop.services.history.commands import HistoryCommand
from desktop.services.history.notices import HistoryNotice
from desktop.ui.i18n import tr, trn
from desktop.ui.sidebar.backups_popover import BackupsPopover
from desktop.ui.sidebar.chat_model import shown_title
from desktop.ui.sidebar.files import Files
from desktop.ui.sidebar.row_menu import Do
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.widgets.banner import WARNING

UNDO = "undo"
UNDO_S = 20.0
MOST_REASONS = 3  # of what an import left out


class SidebarPresenter(QObject):
    """Lives in the window's thread."""

    title_changed = Signal(str)  # of the conversation in view
    chat_chosen = Signal()  # the user went to a conversation
    shown_wanted = Signal()  # the column has something to tell

    def __init__(
        self,
        sidebar: Sidebar,
        post: Callable[[ChatCommand], None],
        post_history: Callable[[HistoryCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._post = post
        self._post_history = post_history
        self._files = Files(sidebar)
        self._backups = BackupsPopover(sidebar)
        self._current = ""
        self._archived = False
        self._deleted: dict[str, str] = {}  # that Undo brings back: ids and titles
        self._deleting: set[str] = set()  # that were deleted together
        self._undo_text = ""
        self._preset_ids: frozenset[str] = frozenset()
        self.preset_of_new_chats: Callable[[], str] = str  # its id; empty: none
        self._connect()
        post(commands.ListChats())

    @Slot(object)
    def take(self, notice: object) -> None:
        """Show what the chat service tells of the list; the rest is not for this column."""
        match notice:
            case notices.Opened(conversation=conversation, temporary=temporary):
                self._current = conversation.id
                self._sidebar.list.show_current(conversation.id)
                untitled = tr("Temporary chat") if temporary else tr("New chat")
                self.title_changed.emit(" ".join(conversation.title.split()) or untitled)
            case notices.ChatsListed(chats, archived):
                if archived == self._archived:
                    self._sidebar.show_chats(chats, self._current, archived=archived)
            case notices.ChatChanged(chat):
                self._changed(chat)
            case notices.ChatGone(chat_id):
                self._sidebar.list.chats.take(chat_id)
                self._sidebar.show_list()
            case notices.ChatDeleted(chat_id, title):
                self._sidebar.results.hits.take(chat_id)
                self._offer_undo(chat_id, title)
            case notices.BackupRestored(kept):
                self._tell(_restored(kept))
            case notices.AnswerElsewhere(chat_id):
                self._sidebar.list.chats.set_writing(chat_id)
            case notices.PresetsListed(presets=presets):
                self._preset_ids = frozenset(each.id for each in presets)
                self._sidebar.head.set_presets([(each.id, each.name) for each in presets])

    @Slot(object)
    def take_history(self, notice: HistoryNotice) -> None:
        """Show what the service of all conversations tells."""
        match notice:
            case history_notices.Found(text, hits, problem):
                if text == self._sidebar.search.text():
                    self._sidebar.show_hits(text, hits, problem)
            case history_notices.BackupsListed(backups):
                self._backups.show_backups(backups)
            case history_notices.Transferring(name, chats, imports):
                self._sidebar.transfer.show_progress(name, chats, imports=imports)
                self.shown_wanted.emit()
            case history_notices.Imported() | history_notices.Exported():
                self._transferred(notice)
            case history_notices.RestoreReady(backup):
                self._post(commands.RestoreBackup(backup))
            case history_notices.Erased():
                self._take_undo_back()
            case history_notices.TransferStopped():
                self._tell(tr("Stopped; nothing of the file was kept."))
            case history_notices.HistoryTrouble(what, remedy):
                self._backups.close()
                self._tell(f"{what} {remedy}".strip(), WARNING)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Import the conversations of files."""
        self._post_history(history.Import(tuple(paths)))

    def new_chat(self) -> None:
        """Begin another conversation, with the preset of the settings if that is there."""
        preset = self.preset_of_new_chats()
        self._begin(commands.NewChat(preset=preset if preset in self._preset_ids else ""))

    def new_temporary_chat(self) -> None:
        """Begin one that is never written to disk."""
        self._begin(commands.NewChat(temporary=True))

    def go(self, step: int) -> None:
        """Go to the conversation after (1) or before (-1) the one in view."""
        chat_id = self._sidebar.list.chats.neighbour(step)
        if chat_id:
            self._post(commands.OpenChat(chat_id))

    def rename(self) -> None:
        """Have the title typed: of the row with the focus, else of the conversation in view."""
        chats = self._meant()
        if chats:
            self._sidebar.search.clear()
            self.shown_wanted.emit()
            self._sidebar.list.rename(chats[0].id)

    def delete(self) -> None:
        """Delete the rows that are chosen in the list, else the conversation in view."""
        chats = self._meant()
        if chats:
            self._do(Do.DELETE, chats)

    def _meant(self) -> Sequence[Summary]:
        """What a shortcut is about."""
        if self._sidebar.list.hasFocus() and (selected := self._sidebar.list.selected()):
            return selected
        chat = self._sidebar.list.chats.chat(self._current)
        return () if chat is None else (chat,)

    # what the user does

    def _connect(self) -> None:
        sidebar = self._sidebar
        head = sidebar.head
        head.new_wanted.connect(self.new_chat)
        head.temporary_wanted.connect(self.new_temporary_chat)
        head.preset_wanted.connect(lambda preset: self._begin(commands.NewChat(preset=preset)))
        head.import_wanted.connect(self._import)
        head.export_wanted.connect(lambda: self._export(()))
        head.backups_wanted.connect(self._show_backups)
        sidebar.list.opened.connect(self._open)
        sidebar.list.renamed.connect(lambda id_, title: self._post(commands.RenameChat(id_, title)))
        sidebar.results.opened.connect(self._open)
        sidebar.asked.connect(self._do)
        sidebar.search.sought.connect(self._search)
        sidebar.search.left.connect(self.chat_chosen)
        sidebar.banners.action_triggered.connect(self._undo)
        sidebar.transfer.stop_wanted.connect(lambda: self._post_history(history.StopTransfer()))
        sidebar.footer.archive_toggled.connect(self._show_archive)
        self._backups.back_up_wanted.connect(lambda: self._post_history(history.BackUp()))
        self._backups.restore_wanted.connect(
            lambda name: self._post_history(history.ReadyRestore(name))
        )
        self._backups.purge_wanted.connect(self._purge)

    def _begin(self, command: commands.NewChat) -> None:
        self._sidebar.search.clear()
        self._sidebar.footer.archive.setChecked(False)
        self._post(command)
        self.chat_chosen.emit()

    def _open(self, chat_id: str, message_id: str = "") -> None:
        self._post(commands.OpenChat(chat_id, message_id))
        self.chat_chosen.emit()

    def _search(self, text: str) -> None:
        if text.strip():
            self._post_history(history.Search(text))
        else:
            self._sidebar.show_list()

    def _show_archive(self, archived: bool) -> None:
        self._archived = archived
        self._post(commands.ListChats(archived))

    def _do(self, do: Do, chats: Sequence[Summary]) -> None:
        if do is Do.RENAME:
            self._sidebar.list.rename(chats[0].id)
        elif do is Do.EXPORT:
            self._export(chats)
        else:
            if do is Do.DELETE:
                self._deleting = {chat.id for chat in chats}
            for chat in chats:
                self._post(_command(do, chat.id))

    def _export(self, chats: Sequence[Summary]) -> None:
        title = shown_title(chats[0]) if len(chats) == 1 else tr("Chats")
        target = self._files.ask_where_to_export(title)
        if target is not None:
            path, format_id = target
            ids = tuple(chat.id for chat in chats)
            self._post_history(history.Export(ids, path, format_id))

    def _import(self) -> None:
        paths = self._files.ask_what_to_import()
        if paths:
            self.import_files(paths)

    def _show_backups(self) -> None:
        self._backups.show_under(self._sidebar.head.more)
        self._post_history(history.ListBackups())

    def _purge(self) -> None:
        self._take_undo_back()
        self._post(commands.PurgeChats())
        self._post_history(history.ListBackups())

    def _undo(self, action: str) -> None:
        if action == UNDO:
            for chat_id in self._deleted:
                self._post(commands.UndeleteChat(chat_id))
            self._deleted = {}

    # what the services tell

    def _changed(self, chat: Summary) -> None:
        if chat.archived == self._archived:
            self._sidebar.list.put(chat)
            if chat.id == self._current:
                self._sidebar.list.show_current(chat.id)
        else:
            self._sidebar.list.chats.take(chat.id)
        self._sidebar.show_list()
        if chat.id == self._current:
            self.title_changed.emit(shown_title(chat))

    def _offer_undo(self, chat_id: str, title: str) -> None:
        together = chat_id in self._deleting and self._deleted.keys() <= self._deleting
        self._take_undo_back(forget=not together)
        self._deleted[chat_id] = " ".join(title.split()) or tr("New chat")
        count = len(self._deleted)
        self._undo_text = (
            tr("“{title}” deleted.", title=self._short(self._deleted[chat_id]))
            if count == 1
            else trn("{count} chat deleted.", "{count} chats deleted.", count)
        )
        self._sidebar.banners.show_message(self._undo_text, [(UNDO, tr("Undo"))], timeout_s=UNDO_S)
        self.shown_wanted.emit()

    def _short(self, title: str) -> str:
        return title if len(title) <= 60 else f"{title[:59]}…"

    def _take_undo_back(self, *, forget: bool = True) -> None:
        for banner in self._sidebar.banners.banners():
            if banner.text() == self._undo_text:
                banner.dismiss()
        if forget:
            self._deleted = {}

    def _transferred(self, notice: history_notices.Imported | history_notices.Exported) -> None:
        if isinstance(notice, history_notices.Exported):
            self._tell(_exported(notice))
            return
        parts = [notice.sentence, *notice.skipped[:MOST_REASONS]]
        more = len(notice.skipped) - MOST_REASONS
        parts += [trn("And {count} more.", "And {count} more.", more)] if more > 0 else []
        self._tell("\n".join(parts))
        if notice.chats:
            self._post(commands.ListChats(self._archived))

    def _tell(self, text: str, kind: str = "info") -> None:
        self._sidebar.transfer.end()
        self._sidebar.banners.show_message(text, kind=kind)
        self.shown_wanted.emit()


def _command(do: Do, chat_id: str) -> ChatCommand:
    match do:
        case Do.PIN | Do.UNPIN:
            return commands.PinChat(chat_id, do is Do.PIN)
        case Do.ARCHIVE | Do.UNARCHIVE:
            return commands.ArchiveChat(chat_id, do is Do.ARCHIVE)
        case Do.DUPLICATE:
            return commands.DuplicateChat(chat_id)
    return commands.DeleteChat(chat_id)


def _restored(kept: str) -> str:
    told = tr("The chats are those of the backup.")
    return f"{told} {tr('Those of before are kept in “{file}”.', file=kept)}" if kept else told


def _exported(notice: history_notices.Exported) -> str:
    if notice.empty:
        return tr("No chat has a complete answer, so there is no training data.")
    return trn(
        "{count} chat exported to “{name}”.",
        "{count} chats exported to “{name}”.",
        notice.chats,
        name=notice.path.name,
    )
