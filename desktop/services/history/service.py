"""Searching, exporting, importing and backing up, beside the chat service and never in its way."""

import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from desktop.domain.conversation import now
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.paths import Paths
from desktop.services.history import commands, notices
from desktop.services.history.commands import HistoryCommand
from desktop.services.history.notices import HistoryNotice
from desktop.services.history.telling import told
from desktop.services.history.transfers import Transfers
from desktop.services.presets.store import PresetStore
from desktop.storage import restoring
from desktop.storage.opening import open_beside

MOST_HITS = 60
BACKUP_EACH_S = 3600.0  # looks whether the copy of the day is due
EVER = "9999"  # later than any time a conversation was deleted at
ERASE_AFTER_S = 30.0  # when the window has settled


class HistoryService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other.

    Each piece of work opens the file for itself: nothing stands in the way of a restore.
    """

    def __init__(
        self, paths: Paths, presets: PresetStore, notify: Callable[[HistoryNotice], None]
    ) -> None:
        self._paths = paths
        self._notify = notify
        self._started = now()
        self._kept = False
        self._due: dict[Callable[[], None], float] = {}  # what is to be done by itself, and when
        self._newest: commands.Search | None = None
        self._newest_find: commands.FindIn | None = None
        self._inbox: queue.SimpleQueue[HistoryCommand] = queue.SimpleQueue()
        self._transfers = Transfers(paths, presets, notify)
        self._copying = ThreadPoolExecutor(1, "backups")

    def post(self, command: HistoryCommand) -> None:
        """Ask for something; the answer comes as notices."""
        if isinstance(command, commands.Search):
            self._newest = command
        elif isinstance(command, commands.FindIn):
            self._newest_find = command
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        try:
            while not isinstance(command := self._next(), commands.Quit):
                if command is None:
                    told(self._notify, self._do_due)
                else:
                    told(self._notify, self._handle, command)
        finally:
            self._transfers.close()
            self._copying.shutdown(wait=True, cancel_futures=True)

    def _next(self) -> HistoryCommand | None:
        """What is asked for; None when something is due before that."""
        first = min(self._due.values(), default=None)
        try:
            timeout = None if first is None else max(0.0, first - time.monotonic())
            return self._inbox.get(timeout=timeout)
        except queue.Empty:
            return None

    def _handle(self, command: HistoryCommand) -> None:
        match command:
            case commands.UseStore(kept):
                self._use(kept)
            case commands.Search(text):
                if command is self._newest:
                    self._search(text)
            case commands.FindIn(chat_id, text):
                if command is self._newest_find:
                    self._find_in(chat_id, text)
            case commands.StopTransfer():
                self._transfers.stop()
            case _:
                if not self._kept:
                    raise _not_kept()
                self._with_folder(command)

    def _with_folder(self, command: HistoryCommand) -> None:
        match command:
            case commands.Export() | commands.Import():
                self._transfers.start(command)
            case commands.EraseDeleted():
                self._transfers.erase_left_over(EVER, tells=True)
            case commands.ListBackups():
                self._list_backups()
            case commands.BackUp():
                self._copying.submit(told, self._notify, self._back_up)
            case commands.ReadyRestore(backup):
                self._transfers.settle()
                self._copying.submit(int).result()
                self._notify(notices.RestoreReady(backup))

    # what is done by itself

    def _use(self, kept: bool) -> None:
        self._kept = kept
        self._due = {}
        if kept:
            begun = time.monotonic()
            self._due = {self._look_after_backup: begun, self._erase: begun + ERASE_AFTER_S}

    def _do_due(self) -> None:
        moment = time.monotonic()
        for work in [work for work, due in self._due.items() if due <= moment]:
            del self._due[work]
            work()

    def _look_after_backup(self) -> None:
        self._due[self._look_after_backup] = time.monotonic() + BACKUP_EACH_S
        self._copying.submit(told, self._notify, self._back_up_if_due)

    def _erase(self) -> None:
        """What was deleted in this run can be brought back until it ends."""
        self._transfers.erase_left_over(self._started)

    # backups and search

    def _back_up_if_due(self) -> None:
        restoring.back_up_if_due(self._paths)

    def _back_up(self) -> None:
        restoring.back_up(self._paths)
        self._list_backups()

    def _list_backups(self) -> None:
        rows = (
            notices.BackupRow(
                each.path.name, each.made_at, each.size, each.kind, restoring.chats_in(each)
            )
            for each in restoring.backups(self._paths)
        )
        self._notify(notices.BackupsListed(tuple(rows)))

    def _search(self, text: str) -> None:
        if not self._kept:
            self._notify(notices.Found(text, (), str(_not_kept())))
            return
        try:
            with closing(open_beside(self._paths)) as store:
                self._notify(notices.Found(text, store.search(text, MOST_HITS)))
        except Problem as error:
            self._notify(notices.Found(text, (), str(error)))

    def _find_in(self, chat_id: str, text: str) -> None:
        if not self._kept:
            self._notify(notices.FoundIn(chat_id, text, (), str(_not_kept())))
            return
        try:
            with closing(open_beside(self._paths)) as store:
                found = store.find_in(chat_id, text)
            ids, places = tuple(found), tuple(found.values())
            self._notify(notices.FoundIn(chat_id, text, ids, places=places))
        except Problem as error:
            self._notify(notices.FoundIn(chat_id, text, (), str(error)))


def _not_kept() -> Problem:
    return Problem(
        tr("The chats of this window are kept in memory only, so this is not possible."),
        tr("Close other windows of Cellar and start it again."),
    )
