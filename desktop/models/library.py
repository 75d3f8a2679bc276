"""The models that are installed below one folder."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.model import Model, ModelFile
from desktop.files import world_problem, write_atomically
from desktop.models import manifest

STAGING = ".staging-"  # folders of unfinished models; never listed


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
        names = ", ".join(model.id for model in self.installed()) or "none yet"
        raise Problem(
            f"The model “{model_id:.100}” is not installed.", f"Installed models: {names}."
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

    def staging(self, model_id: str) -> Path:
        """An empty folder to build a model in. Raises Problem."""
        folder = self._folder / f"{STAGING}{model_id}"
        try:
            self.discard(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise world_problem(error, "make room for the model") from error
        return folder

    def discard(self, staged: Path) -> None:
        """Remove what an installation left that did not end well."""
        shutil.rmtree(staged, ignore_errors=True)

    def put_in_place(self, staged: Path, model: Model) -> Model:
        """Turn a staged folder into an installed model, replacing one of the same id."""
        try:
            manifest.write(model)
            target = self._folder / model.id
            if target.exists():
                shutil.rmtree(target)
            staged.rename(target)
        except OSError as error:
            raise world_problem(error, "install the model") from error
        installed = manifest.read(target)
        self.mark_verified(installed)
        return installed

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
    remedy = "Remove the model and install it again."
    try:
        facts = path.stat()
    except OSError:
        raise Problem(f"The file {file.path} of “{model.name}” is missing.", remedy) from None
    if facts.st_size != file.size:
        raise Problem(
            f"The file {file.path} of “{model.name}” is damaged: it has {facts.st_size:,} bytes"
            f" of {file.size:,}.",
            remedy,
        )
    return [facts.st_size, facts.st_mtime_ns]
