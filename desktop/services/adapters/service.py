"""The adapters' own thread: checking and copying one takes its time."""

import logging
import queue
from collections.abc import Callable

from desktop.domain.adapters import Adapter
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.adapters import AdapterStore
from desktop.models.library import Library
from desktop.services.adapters import commands, notices
from desktop.services.adapters.commands import AdapterCommand
from desktop.services.adapters.notices import AdapterNotice

log = logging.getLogger(__name__)


class AdapterService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self, store: AdapterStore, library: Library, notify: Callable[[AdapterNotice], None]
    ) -> None:
        self._store = store
        self._library = library
        self._notify = notify
        self._inbox: queue.SimpleQueue[AdapterCommand] = queue.SimpleQueue()
        self._shown = ""  # the model whose adapters are told
        self._removed: Adapter | None = None

    def post(self, command: AdapterCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        self._store.forget_removed()
        while not isinstance(command := self._inbox.get(), commands.Quit):
            try:
                self._handle(command)
            except Problem as problem:
                self._notify(notices.AdapterTrouble(problem.what, problem.remedy))
            except Exception as error:  # a bug must not end what comes after it
                log.exception("%s was not handled", type(command).__name__)
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._notify(
                    notices.AdapterTrouble(what, tr("The log has the details. Try again."))
                )
        self._store.forget_removed()

    def _handle(self, command: AdapterCommand) -> None:
        match command:
            case commands.ShowModel(family):
                self._shown = family
                self._tell()
            case commands.AddAdapter(model_id, source):
                adapter = self._store.add(source, self._library.get(model_id))
                self._tell()
                self._notify(notices.AdapterAdded(adapter))
            case commands.RemoveAdapter(family, adapter_id):
                self._remove(self._store.find(family, adapter_id))
            case commands.UndoRemoveAdapter():
                self._undo_remove()

    def _remove(self, adapter: Adapter) -> None:
        self._store.forget_removed()
        self._store.remove(adapter)
        self._removed = adapter
        self._tell()
        self._notify(notices.AdapterRemoved(adapter))

    def _undo_remove(self) -> None:
        adapter, self._removed = self._removed, None
        if adapter is not None:
            self._store.bring_back(adapter)
            self._tell()
            self._notify(notices.AdapterBack(adapter))

    def _tell(self) -> None:
        found = self._store.of(self._shown) if self._shown else ()
        self._notify(notices.AdaptersListed(self._shown, found))
