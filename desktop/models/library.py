"""The models that are installed below one folder."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.model import Model, ModelFile
from desktop.domain.words import number, tr
from desktop.files import world_problem, write_atomically
from desktop.models import manifest

WORK = ".work-"  # begins the names of folders with unfinished models; never listed
REMOVED = ".removed-"  # the same, of models that were removed and can be brought back


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """Where a model is made. What is below `download` outlives pauses and crashes."""

    path: Path

    @property
    def model_id(self) -> str:
        """Which model is made here."""
        return self.path.name.removeprefix(WORK)

    @property
    def download(self) -> Path:
        """The files as they come."""
        return self.path / "download"

    @property
    def model(self) -> Path:
        """The model as it will be."""
        return self.path / "model"

    @property
    def exported(self) -> Path:
        """Weights between two steps of making the model."""
        return self.path / "exported"

    def empty_model(self) -> Path:
        """The folder of the model, with nothing in it. Raises Problem."""
        return self._empty(self.model)

    def empty_exported(self) -> Path:
        """The folder between two steps, with nothing in it. Raises Problem."""
        return self._empty(self.exported)

    def _empty(self, folder: Path) -> Path:
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        except OSError as error:
            raise world_problem(error, tr("make room for the model")) from error
        return folder

    def tidy(self) -> None:
        """Remove all but what was downloaded."""
        for folder in (self.model, self.exported):
            shutil.rmtree(folder, ignore_errors=True)

    def discard(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


class Library:
    """Finds models and tells whether their files are still those that were installed.

    Hashing gigabytes at each start would be slow, so a file counts as verified as long as it has
    the size and modification time it had when it was last hashed (kept in `verified`).
    """

    def __init__(self, folder: Path, verified: Path) -> None:
        self._folder = folder
        self._verified = verified

    @property
    def folder(self) -> Path:
        """Where the models are."""
        return self._folder

    def installed(self) -> tuple[Model, ...]:
        """Every model, by name. Folders that are no models are passed over."""
        models = []
        for folder in self._candidates():
            try:
                models.append(manifest.read(folder))
            except Problem:
                continue
        return tuple(sorted(models, key=lambda model: (model.name.casefold(), model.weights)))

    def installed_at(self, model: Model) -> float:
        """When it was made ready, in seconds as files have them; 0 when that is not known."""
        try:
            return (model.folder / manifest.NAME).stat().st_mtime
        except OSError:
            return 0.0

    def problems(self) -> tuple[Problem, ...]:
        """Why a folder below the models' folder is no model, for each such folder."""
        found = []
        for folder in self._candidates():
            try:
                manifest.read(folder)
            except Problem as problem:
                found.append(problem)
        return tuple(found)

    def get(self, model_id: str) -> Model:
        """The installed model of that id. Raises Problem."""
        for model in self.installed():
            if model.id == model_id:
                return model
        names = ", ".join(model.id for model in self.installed()) or tr("none yet")
        raise Problem(
            tr("The model “{model_id}” is not installed.", model_id=model_id[:100]),
            tr("Installed models: {names}.", names=names),
        )

    def unverified(self, model: Model) -> tuple[ModelFile, ...]:
        """The files that must be hashed before use. Raises Problem for one missing or cut."""
        known = self._read_verified().get(model.id, {})
        return tuple(f for f in model.files if known.get(f.path) != _state_of(model, f))

    def mark_verified(self, model: Model) -> None:
        """Remember that every file was hashed and found right. Best effort: it can be redone."""
        states = self._read_verified()
        try:
            states[model.id] = {file.path: _state_of(model, file) for file in model.files}
            self._verified.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._verified, json.dumps(states).encode())
        except (OSError, Problem):
            return

    def work_folder(self, model_id: str) -> WorkFolder:
        """Where that model is, or would be, made."""
        return WorkFolder(self._folder / f"{WORK}{model_id}")

    def work_folders(self) -> tuple[WorkFolder, ...]:
        """Every folder of an installation that has not ended."""
        try:
            return tuple(WorkFolder(path) for path in sorted(self._folder.glob(f"{WORK}*")))
        except OSError:
            return ()

    def put_in_place(self, model: Model) -> Model:
        """Turn a folder of work into an installed model, replacing one of the same id."""
        target = self._folder / model.id
        try:
            manifest.write(model)
            if target.exists():
                shutil.rmtree(target)
            model.folder.rename(target)
        except OSError as error:
            raise world_problem(error, tr("install the model")) from error
        installed = manifest.read(target)
        self.mark_verified(installed)
        return installed

    def remove(self, model: Model) -> None:
        """Take a model off the shelf; `forget_removed` then frees its space. Raises Problem."""
        aside = self._folder / f"{REMOVED}{model.id}"
        try:
            shutil.rmtree(aside, ignore_errors=True)  # of an earlier model of this name
            model.folder.rename(aside)
        except OSError as error:
            raise world_problem(error, tr("remove the model")) from error

    def bring_back(self, model: Model) -> None:
        """Undo `remove`. Raises Problem."""
        try:
            (self._folder / f"{REMOVED}{model.id}").rename(model.folder)
        except OSError as error:
            raise world_problem(error, tr("bring the model back")) from error

    def forget_removed(self) -> None:
        """Delete the files of removed models for good."""
        for folder in self._folder.glob(f"{REMOVED}*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _candidates(self) -> Sequence[Path]:
        try:
            return sorted(
                path
                for path in self._folder.iterdir()
                if path.is_dir() and not path.name.startswith(".")
            )
        except OSError:
            return ()

    def _read_verified(self) -> dict[str, dict[str, list[int]]]:
        try:
            states = dict(json.loads(self._verified.read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return {}
        return {name: known for name, known in states.items() if isinstance(known, dict)}


def _state_of(model: Model, file: ModelFile) -> list[int]:
    path = model.folder / file.path
    remedy = tr("Remove the model and install it again.")
    try:
        facts = path.stat()
    except OSError:
        raise Problem(
            tr("The file {path} of “{name}” is missing.", path=file.path, name=model.name), remedy
        ) from None
    if facts.st_size != file.size:
        raise Problem(
            tr(
                "The file {path} of “{name}” is damaged: it has {st_size} bytes of {size}.",
                path=file.path,
                name=model.name,
                st_size=number(facts.st_size),
                size=number(file.size),
            ),
            remedy,
        )
    return [facts.st_size, facts.st_mtime_ns]
