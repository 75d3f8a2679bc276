"""The shelf: one thread that knows the models, the catalogue and the jobs.

The one job that runs has a thread of its own, which waits for a child process; what it has to tell
comes through the same inbox as the commands.
"""

import logging
import queue
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.models.library import Library
from desktop.models.verify import check_files
from desktop.services.plans import Request
from desktop.services.shelf import commands, notices
from desktop.services.shelf.commands import ShelfCommand
from desktop.services.shelf.jobs import JobEnded, JobMoved, JobNews, Jobs, MakeInstaller, MakePlan
from desktop.services.shelf.notices import ShelfNotice
from desktop.services.shelf.questions import Answered, Outside, Questions, why_not

log = logging.getLogger(__name__)

Item = ShelfCommand | JobNews | Answered


class ShelfService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self,
        library: Library,
        make_plan: MakePlan,
        make_installer: MakeInstaller,
        read_offers: Callable[[], notices.Offered],
        outside: Outside,
        notify: Callable[[ShelfNotice], None],
    ) -> None:
        self._library = library
        self._read_offers = read_offers
        self._outside = outside
        self._notify = notify
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._jobs = Jobs(library, make_plan, make_installer, notify, self._inbox.put)
        self._questions = Questions(outside, library, self._inbox.put)
        self._removed: Model | None = None

    def post(self, command: ShelfCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        self._library.forget_removed()
        self._tell_means()
        self._tell_models()
        self._jobs.find_unfinished()
        self._tell_offers()
        while not isinstance(item := self._inbox.get(), commands.Quit):
            try:
                self._handle(item)
            except Problem as problem:
                self._notify(notices.ShelfTrouble(problem.what, problem.remedy))
            except Exception as error:  # a bug must not take the queue of jobs with it
                log.exception("%s was not handled", type(item).__name__)
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._notify(notices.ShelfTrouble(what, tr("The log has the details. Try again.")))
        self._questions.stop()
        self._jobs.close()
        self._library.forget_removed()

    def _handle(self, item: Item) -> None:
        match item:
            case commands.Get(entry_id, weights):
                self._jobs.add(Request(entry_id, weights))
            case commands.Add(source, weights):
                self._jobs.add(Request(source, weights))
            case commands.SetToken(token):
                self._outside.keep_token(token)
            case JobMoved() | JobEnded():
                self._hear(item)
            case commands.Pause() | commands.Resume() | commands.Cancel() | commands.HeedDoor():
                self._steer(item)
            case commands.Search() | commands.Examine() | commands.StopAsking() | Answered():
                self._question(item)
            case _:
                self._look_after(item)

    def _steer(self, item: Item) -> None:
        match item:
            case commands.Pause(job_id):
                self._jobs.pause(job_id)
            case commands.Resume(job_id):
                self._jobs.resume(job_id)
            case commands.Cancel(job_id):
                self._jobs.cancel(job_id)
            case commands.HeedDoor():
                self._heed_door()

    def _question(self, item: Item) -> None:
        match item:
            case commands.Search(text):
                self._questions.search(text)
            case commands.Examine(source):
                self._questions.examine(source)
            case commands.StopAsking():
                self._questions.stop()
            case Answered() if notice := self._questions.hear(item):
                self._notify(notice)

    def _look_after(self, item: Item) -> None:
        match item:
            case commands.Verify(model_id):
                self._verify(self._library.get(model_id))
            case commands.Remove(model_id):
                self._remove(self._library.get(model_id))
            case commands.UndoRemove():
                self._undo_remove()

    def _hear(self, news: JobNews) -> None:
        model = self._jobs.hear(news)
        if model is not None:
            self._tell_models()
            self._notify(notices.ModelReady(model))

    def _verify(self, model: Model) -> None:
        problem = check_files(self._library, model)
        self._notify(notices.Verified(model, str(problem or "")))

    def _remove(self, model: Model) -> None:
        self._library.forget_removed()
        self._library.remove(model)
        self._removed = model
        self._tell_models()
        self._notify(notices.Removed(model))

    def _undo_remove(self) -> None:
        if self._removed is not None:
            self._library.bring_back(self._removed)
            self._removed = None
            self._tell_models()

    def _heed_door(self) -> None:
        if self._outside.network.door.closed:
            self._questions.stop()
            self._jobs.pause_downloads()
        self._tell_means()

    def _tell_means(self) -> None:
        network = self._outside.network
        hub = why_not(lambda: network.refuse_offline(tr("The hub would have to be asked")))
        self._notify(notices.Means(hub, why_not(self._outside.refuse_conversion)))

    def _tell_models(self) -> None:
        self._notify(notices.Shelved(self._library.installed()))

    def _tell_offers(self) -> None:
        try:
            self._notify(self._read_offers())
        except Problem as problem:
            self._notify(notices.ShelfTrouble(problem.what, problem.remedy))
