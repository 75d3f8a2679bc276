"""Which model to use, and having the starter ready when there is none."""

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.domain.catalogue import Entry
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Progress, Stage
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.models.library import Library
from desktop.services.installer import Installer
from desktop.services.jobs import Work
from desktop.services.plans import plan_of_starter

OnStage = Callable[[Stage], None]


class ModelService:
    """Chooses among the installed models. `starters` is where the program's own files are."""

    def __init__(
        self,
        library: Library,
        read_catalogue: Callable[[], Sequence[Entry]],
        starters: Path,
        work: Work,
    ) -> None:
        self._library = library
        self._read_catalogue = read_catalogue  # from files, so not before it is needed
        self._starters = starters
        self._work = work

    @property
    def library(self) -> Library:
        """The installed models."""
        return self._library

    def preferred(self, *model_ids: str) -> Model | None:
        """The first of these that is installed, else what was installed first, else None.

        By name it would be another one as soon as a model with an earlier name is added.
        """
        installed = self._library.installed()
        by_id = {model.id: model for model in installed}
        for model_id in model_ids:
            if model_id in by_id:
                return by_id[model_id]
        return min(installed, key=self._library.installed_at, default=None)

    def have(self, model_id: str, on_stage: OnStage) -> Model:
        """The model of that id, or any when the id is empty; the starter is installed if need be.

        Raises Problem.
        """
        model = self.preferred(model_id)
        if model is not None and model_id in ("", model.id):
            return model
        if model_id in ("", self._starter().id):
            return self.install_starter(on_stage)
        return self._library.get(model_id)

    def install_starter(self, on_stage: OnStage, *, again: bool = False) -> Model:
        """Make the program's own model ready; takes some seconds. Raises Problem.

        One that is there already (another Cellar was first) stays, unless `again`.
        """
        plan = plan_of_starter(self._starter(), self._starters)

        def tell(event: Event) -> None:
            if isinstance(event, Progress):
                on_stage(event.stage)

        return Installer(self._library, self._work).install(plan, tell, again=again)

    def cancel(self) -> None:
        """End a running installation; nothing of it stays."""
        self._work.end()

    def is_starter(self, model: Model) -> bool:
        """True for the model that comes with the program."""
        return any(entry.starter and entry.id == model.id for entry in self._read_catalogue())

    def _starter(self) -> Entry:
        for entry in self._read_catalogue():
            if entry.starter:
                return entry
        raise Problem(tr("No model comes with this Cellar."), tr("Add a model of your own."))
