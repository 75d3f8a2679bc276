"""The housekeeper: work with the disk that the window must not wait for."""

import logging
import queue
from collections.abc import Callable
from pathlib import Path

from desktop.crashes import program_facts
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import world_problem, write_atomically
from desktop.paths import Paths
from desktop.services.front import Front
from desktop.services.house import commands, notices, reports
from desktop.services.house.commands import HouseCommand
from desktop.services.house.kept import measure
from desktop.services.house.licences import read_licences
from desktop.services.house.notices import HouseNotice
from desktop.settings.store import SettingsStore

log = logging.getLogger(__name__)


class HouseService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self,
        paths: Paths,
        settings: SettingsStore,
        licences: Path,
        front: Front,
        notify: Callable[[HouseNotice], None],
    ) -> None:
        """`licences` is the folder of what comes with the program; it need not be there."""
        self._front = front
        self._paths = paths
        self._settings = settings
        self._licences = licences
        self._notify = notify
        self._inbox: queue.SimpleQueue[HouseCommand] = queue.SimpleQueue()

    def post(self, command: HouseCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit; what was asked before it is done."""
        while not isinstance(command := self._inbox.get(), commands.Quit):
            try:
                self._handle(command)
            except Problem as problem:
                self._notify(notices.HouseTrouble(problem.what, problem.remedy))
            except Exception as error:  # a bug must not end what comes after it
                log.exception("%s was not handled", type(command).__name__)
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._notify(notices.HouseTrouble(what, tr("The log has the details. Try again.")))

    def _handle(self, command: HouseCommand) -> None:
        match command:
            case commands.SaveSetting(name):
                self._save(name)
            case commands.Measure():
                self._notify(measure(self._paths))
            case commands.ReadLicences():
                self._notify(notices.LicencesRead(read_licences(self._licences)))
            case commands.TellFacts():
                self._notify(notices.Facts(tuple(program_facts())))
            case commands.WriteText(path, text):
                _write(path, text)
            case commands.AnswerCalls():
                for call in self._front.calls():
                    self._notify(notices.Called(call))
            case _:
                self._report(command)

    def _report(self, command: HouseCommand) -> None:
        logs = self._paths.logs
        match command:
            case commands.LookForReports(seen):
                if names := reports.unseen(logs, seen):
                    self._notify(notices.ReportsFound(names))
            case commands.ReadReport(name):
                self._notify(notices.ReportRead(name, reports.read(logs, name)))
            case commands.DeleteReport(name):
                reports.delete(logs, name)

    def _save(self, name: str) -> None:
        known = len(self._settings.problems)
        self._settings.save(name)
        for problem in self._settings.problems[known:]:  # such as a file that was damaged meanwhile
            self._notify(notices.HouseTrouble(problem.what, problem.remedy))


def _write(path: Path, text: str) -> None:
    try:
        write_atomically(path, text.encode("utf-8"))
    except OSError as error:
        raise world_problem(error, tr("save the report")) from error
