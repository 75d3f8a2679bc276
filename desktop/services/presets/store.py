"""The presets: shipped ones, and the user's own files in the data folder."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.presets import Preset
from desktop.domain.words import tr
from desktop.files import world_problem, write_atomically
from desktop.services.presets import format
from desktop.services.toml_table import LARGEST

SUFFIX = ".toml"
FIRST = "plain-assistant"  # of the list
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def open_presets(resources: Path, data_dir: Path) -> "PresetStore":
    """The presets that come with the program, and those in the data folder."""
    return PresetStore(resources / "presets", data_dir / "presets")


class PresetStore:
    """Reads and writes presets. Shipped ones stay as they are; a copy can be changed."""

    def __init__(self, shipped: Path, own: Path) -> None:
        self._shipped = shipped
        self._own = own

    def presets(self) -> tuple[tuple[Preset, ...], tuple[Problem, ...]]:
        """All presets, the shipped ones first, and what is wrong with files that are none."""
        found: dict[str, Preset] = {}
        problems: list[Problem] = []
        for folder in (self._shipped, self._own):
            for path in _files(folder, problems):
                try:
                    preset = self._read(path, path.stem, shipped=folder == self._shipped)
                    if path.stem in found or not format.ID.fullmatch(path.stem):
                        raise Problem(
                            tr("Its name is taken or not possible."), tr("Rename the file.")
                        )
                    found[path.stem] = preset
                except Problem as problem:
                    problems.append(
                        Problem(
                            tr("“{name}”: {what}", name=path.name, what=problem.what),
                            problem.remedy,
                        )
                    )
        return tuple(found.values()), tuple(problems)

    def by_id(self) -> dict[str, Preset]:
        """All presets by their ids; files that are none are left out."""
        return {preset.id: preset for preset in self.presets()[0]}

    def save_as(self, preset: Preset, name: str) -> Preset:
        """Keep the preset as one of the user's own, under a name of its own. Raises Problem."""
        name = " ".join(name.split())
        made = replace(preset, id=self._new_id(name), name=name, shipped=False)
        self._write(made)
        return made

    def save(self, preset: Preset) -> None:
        """Change one of the user's own presets. Raises Problem."""
        self._need_own(preset)
        self._write(preset)

    def remove(self, preset: Preset) -> None:
        """Delete one of the user's own presets. Raises Problem."""
        self._need_own(preset)
        try:
            self._path(preset.id).unlink(missing_ok=True)
        except OSError as error:
            raise world_problem(error, tr("delete the preset")) from error

    def import_file(self, path: Path) -> Preset:
        """Take over a file that somebody shared. Raises Problem."""
        preset = self._read(path, "")
        return self.save_as(preset, preset.name)

    def export_file(self, preset: Preset, path: Path) -> None:
        """Write a preset to be shared. Raises Problem."""
        try:
            write_atomically(path, format.write(preset))
        except OSError as error:
            raise world_problem(error, tr("export the preset")) from error

    def _read(self, path: Path, id: str, *, shipped: bool = False) -> Preset:
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise world_problem(error, tr("read the preset")) from error
        preset = format.read(data, id, shipped=shipped)
        return _translated(preset) if shipped else preset

    def _write(self, preset: Preset) -> None:
        """Write it, having read it back: nothing is kept that could not be opened again."""
        data = format.write(preset)
        format.read(data, preset.id)
        try:
            self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path(preset.id), data)
        except OSError as error:
            raise world_problem(error, tr("save the preset")) from error

    def _new_id(self, name: str) -> str:
        ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = _NOT_IN_ID.sub("-", ascii_).strip("-")[:50].strip("-") or "preset"
        taken = {path.stem for folder in (self._shipped, self._own) for path in _files(folder, [])}
        candidate, number = stem, 1
        while candidate in taken:
            number += 1
            candidate = f"{stem}-{number}"
        return candidate

    def _path(self, id: str) -> Path:
        return self._own / f"{id}{SUFFIX}"

    def _need_own(self, preset: Preset) -> None:
        """Raises Problem for a preset that comes with the program, or could be another's file."""
        if not format.ID.fullmatch(preset.id) or (self._shipped / f"{preset.id}{SUFFIX}").exists():
            raise Problem(
                tr("“{name}” comes with Cellar and stays as it is.", name=preset.name[:80]),
                tr("Save it under another name."),
            )


def _translated(preset: Preset) -> Preset:
    """A preset that comes with Cellar, in the language in use; the model's own texts stay."""
    return replace(
        preset,
        name=tr(preset.name),
        description=tr(preset.description),
        fields=tuple(
            replace(each, label=tr(each.label), help=tr(each.help)) for each in preset.fields
        ),
    )


def _files(folder: Path, problems: list[Problem]) -> Sequence[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix == SUFFIX]
        return sorted(found, key=lambda path: (path.stem != FIRST, path.stem))
    except FileNotFoundError:
        return ()
    except OSError as error:
        problems.append(world_problem(error, tr("read your presets")))
        return ()
