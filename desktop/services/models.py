"""Which models there are, and getting the first one."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Stage
from desktop.domain.model import Model
from desktop.domain.wording import megabytes
from desktop.engine.client import Engine
from desktop.engine.protocol import ImportGguf
from desktop.files import FolderLock, free_space, world_problem
from desktop.models.catalogue import Entry, Starter
from desktop.models.library import Library
from desktop.services.jobs import run_job

OnStage = Callable[[Stage], None]

WAIT_S = 0.5  # between two looks at whether another Cellar has finished
ROOM_FACTOR = 2.2  # the IR beside its source, and some air


class ModelService:
    """Lists models and installs the starter. `starters` is where the program's own files are."""

    def __init__(
        self,
        library: Library,
        catalogue: Sequence[Entry],
        starters: Path,
        make_job: Callable[[], Engine],
    ) -> None:
        self._library = library
        self._catalogue = catalogue
        self._starters = starters
        self._make_job = make_job
        self._job: Engine | None = None

    @property
    def library(self) -> Library:
        """The installed models."""
        return self._library

    def preferred(self, *model_ids: str) -> Model | None:
        """The first of these that is installed, else any installed model, else None."""
        installed = self._library.installed()
        by_id = {model.id: model for model in installed}
        for model_id in model_ids:
            if model_id in by_id:
                return by_id[model_id]
        return installed[0] if installed else None

    def have(self, model_id: str, on_stage: OnStage) -> Model:
        """The model of that id, or any when the id is empty; the starter is installed if need be.

        Raises Problem.
        """
        model = self.preferred(model_id)
        if model is not None and model_id in ("", model.id):
            return model
        if model_id in ("", self._starter()[0].id):
            return self.install_starter(on_stage)
        return self._library.get(model_id)

    def install_starter(self, on_stage: OnStage, *, again: bool = False) -> Model:
        """Make the program's own model ready; takes some seconds. Raises Problem.

        One that is there already (another Cellar was first) stays, unless `again`.
        """
        entry, starter = self._starter()
        source = self._starters / starter.file
        if not source.is_file():
            raise Problem(
                "The model that comes with Cellar is missing.",
                "Install Cellar again, or add a model of your own.",
            )
        lock = self._locked(on_stage)
        try:
            for model in self._library.installed():
                if model.id == entry.id and not again:
                    return model
            return self._import_starter(entry, starter, source, on_stage)
        finally:
            lock.release()

    def cancel(self) -> None:
        """End a running installation; nothing of it stays."""
        if self._job is not None:
            self._job.end()

    def is_starter(self, model: Model) -> bool:
        """True for the model that comes with the program."""
        return any(entry.starter and entry.id == model.id for entry in self._catalogue)

    def _starter(self) -> tuple[Entry, Starter]:
        for entry in self._catalogue:
            if entry.starter:
                return entry, entry.starter
        raise Problem("No model comes with this Cellar.", "Add a model of your own.")

    def _locked(self, on_stage: OnStage) -> FolderLock:
        folder = self._library.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(folder)
            while not lock.acquire():
                on_stage(Stage("waiting for another Cellar"))
                time.sleep(WAIT_S)
        except OSError as error:
            raise world_problem(error, "install the model") from error
        return lock

    def _import_starter(
        self, entry: Entry, starter: Starter, source: Path, on_stage: OnStage
    ) -> Model:
        needed = int(starter.size * ROOM_FACTOR)
        if (free := free_space(self._library.folder)) < needed:
            raise Problem(
                f"The model needs {megabytes(needed)} of disk, and {megabytes(free)} are free.",
                "Free some space and try again.",
            )
        staged = self._library.staging(entry.id)
        try:
            self._job = self._make_job()
            command = ImportGguf(str(source), str(staged), starter.sha256)
            facts = run_job(self._job, command, on_stage)
            model = Model(
                id=entry.id,
                name=entry.name,
                weights=starter.weights,
                folder=staged,
                context_length=facts.context_length,
                files=facts.files,
                sampling=entry.sampling,
                licence=entry.licence,
                source=entry.homepage,
            )
            return self._library.put_in_place(staged, model)
        except BaseException:
            self._library.discard(staged)
            raise
        finally:
            self._job = None
