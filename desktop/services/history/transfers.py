"""Exports and imports: long work in a thread of its own, that can be stopped."""

import functools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from desktop.domain.chats import Whole
from desktop.exporters.common import Options
from desktop.exporters.registry import encoded
from desktop.importers.reading import Reading
from desktop.paths import Paths
from desktop.services import exporting, importing
from desktop.services.history import commands, notices
from desktop.services.history.arriving import Arrival
from desktop.services.history.erasing import erase
from desktop.services.history.formats import chosen
from desktop.services.history.notices import HistoryNotice
from desktop.services.history.telling import told
from desktop.services.presets.store import PresetStore
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_beside

log = logging.getLogger(__name__)

TELL_EACH_S = 0.2


class Stopped(Exception):
    """The user does not want it any more."""


class Transfers:
    """One export, import or erasure after the other."""

    def __init__(
        self, paths: Paths, presets: PresetStore, notify: Callable[[HistoryNotice], None]
    ) -> None:
        self._paths = paths
        self._presets = presets
        self._notify = notify
        self._started = 0  # transfers, counted
        self._current = 0  # the number of the one that is under way
        self._unwanted = 0  # none up to this number is wanted any more
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "transfers")

    def start(self, command: commands.Export | commands.Import) -> None:
        """Do this when what is under way is done."""
        if isinstance(command, commands.Export):
            self._submit(functools.partial(self._export, command))
            return
        for path in command.paths:
            self._submit(functools.partial(self._import, path))

    def erase_left_over(self, before: str, *, tells: bool = False) -> None:
        """Erase what was deleted before this moment, and what of an import was never shown."""
        erase_them = functools.partial(self._erase, before, tells)
        self._thread.submit(told, self._notify, erase_them)

    def stop(self) -> None:
        """End what is under way, and what waits for it."""
        self._unwanted = self._started

    def settle(self) -> None:
        """End everything, and wait for it."""
        self.stop()
        self._thread.submit(int).result()

    def close(self) -> None:
        """End everything for good, and wait for it."""
        self._closed = True
        self.stop()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _submit(self, transfer: Callable[[], None]) -> None:
        self._started += 1
        self._thread.submit(told, self._notify, self._run, self._started, transfer)

    def _run(self, number: int, transfer: Callable[[], None]) -> None:
        if number <= self._unwanted:
            return
        self._current = number
        try:
            transfer()
        except Stopped:
            self._notify(notices.TransferStopped())

    def _export(self, command: commands.Export) -> None:
        options = Options(self._presets.by_id())
        with closing(open_beside(self._paths)) as store:
            ids = command.ids or tuple(exporting.all_ids(store))
            chats = self._watched(exporting.wholes(store, ids), command.path.name, imports=False)
            pieces = encoded(chosen(command.format_id), chats, options)
            size = exporting.write_file(command.path, pieces)
        self._notify(notices.Exported(command.path, len(ids), empty=not size))

    def _import(self, path: Path) -> None:
        """A file is imported as a whole or not at all."""
        source = Reading(path)
        with closing(open_beside(self._paths, to_change=True)) as store:
            arrival = Arrival(store)
            try:
                for _ in arrival.take(self._watched(source, path.name, imports=True)):
                    self._need_wanted()
                arrival.show()
            except BaseException:
                ids = arrival.added.ids
                self._thread.submit(told, self._notify, self._take_back, ids)
                raise
        added = arrival.added
        imported = importing.Imported(added, tuple(source.skipped))
        self._notify(
            notices.Imported(path.name, imported.sentence(), imported.skipped, len(added.ids))
        )

    def _take_back(self, ids: tuple[str, ...]) -> None:
        with closing(open_beside(self._paths, to_change=True)) as store:
            self._erase_all(store, ids)

    def _erase(self, before: str, tells: bool) -> None:
        with closing(open_beside(self._paths, to_change=True)) as store:
            ids = store.left_over(before)
            self._erase_all(store, ids)
        if tells:
            self._notify(notices.Erased(len(ids)))

    def _erase_all(self, store: ConversationStore, ids: tuple[str, ...]) -> None:
        erase(store, ids, lambda: self._closed)
        if ids:
            log.info("%d chats were erased", len(ids))

    def _watched(self, chats: Iterable[Whole], name: str, *, imports: bool) -> Iterator[Whole]:
        """The same conversations, told from time to time; ends with Stopped when that is wanted."""
        last = time.monotonic()
        self._notify(notices.Transferring(name, 0, imports))
        for done, chat in enumerate(chats):
            self._need_wanted()
            if time.monotonic() - last >= TELL_EACH_S:
                last = time.monotonic()
                self._notify(notices.Transferring(name, done, imports))
            yield chat

    def _need_wanted(self) -> None:
        if self._current <= self._unwanted:
            raise Stopped
