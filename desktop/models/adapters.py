"""The LoRA adapters that were added to the installed models, below one folder.

`<model>/<adapter id>/` holds the matrices and `adapter.json`; the model is named without its weight
format, as all its formats take the same adapters. The folders of the models stay as they were
installed; an adapter outlives a model that is removed and installed again.
"""

import hashlib
import json
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from desktop.domain.adapters import SUFFIX, Adapter, AdapterPart, AppliedAdapter, Layers
from desktop.domain.errors import Problem
from desktop.domain.formats import family as family_of
from desktop.domain.model import Model
from desktop.domain.wording import megabytes
from desktop.domain.words import tr
from desktop.files import free_space, world_problem
from desktop.models.layers import linear_layers
from desktop.models.lora import Lora, read_lora, refuse_misfit, tensors_by_scale
from desktop.models.safetensors import copy_tensors

NAME = "adapter.json"
FORMAT = 1
WORK, REMOVED = ".work-", ".removed-"  # begin the names of folders that are never listed
ABANDONED_S = 3600.0  # seconds; copying an adapter takes no hour
DIGITS = 8  # of the checksum, in an id

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


class AdapterStore:
    """Each call reads the folder: the window and a command may run at the same time."""

    def __init__(self, folder: Path, layers_of: Callable[[Path], Layers] = linear_layers) -> None:
        self._folder = folder
        self._layers_of = layers_of

    def all(self) -> tuple[Adapter, ...]:
        """The adapters of all models, installed or not."""
        return tuple(each for home in _visible(self._folder) for each in self.of(home.name))

    def of(self, family: str) -> tuple[Adapter, ...]:
        """A model's adapters, by name. Folders that are none are passed over."""
        found = []
        for folder in _visible(self._folder / family):
            try:
                found.append(_read(folder, family))
            except _UNREADABLE:
                continue
        return tuple(sorted(found, key=lambda adapter: (adapter.name.casefold(), adapter.id)))

    def find(self, family: str, beginning: str) -> Adapter:
        """The one adapter of a model, or of any, whose id begins so. Raises Problem."""
        adapters = self.of(family) if family else self.all()
        found = [each for each in adapters if beginning and each.id.startswith(beginning)]
        exact = [each for each in found if each.id == beginning]
        if len(exact or found) == 1:
            return (exact or found)[0]
        names = ", ".join(adapter.id for adapter in found or adapters) or tr("none yet")
        if found:
            what = tr("It is not clear which adapter “{name}” is.", name=beginning[:100])
        else:
            what = tr("The adapter “{name}” was not added.", name=beginning[:100])
        raise Problem(
            what,
            tr("Available: {names}.", names=names),
        )

    def applied(self, family: str, strengths: Mapping[str, float]) -> tuple[AppliedAdapter, ...]:
        """What a model is loaded with: those of the adapters that it has."""
        if not strengths:
            return ()
        mine = self.of(family)
        return tuple(each.applied(strengths[each.id]) for each in mine if each.id in strengths)

    def add(self, source: Path, model: Model) -> Adapter:
        """Take over a file or a folder, once it is known to fit. Takes a second a gigabyte.

        The same adapter again changes nothing. Raises Problem.
        """
        lora = read_lora(source)
        refuse_misfit(lora, self._layers_of(model.folder), model.name)
        home = self._folder / family_of(model)
        work = home / f"{WORK}{uuid4().hex}"
        try:
            _refuse_without_disk(home, lora)
            work.mkdir(mode=0o700, parents=True)
            adapter = _write(lora, home.name, work)
            target = home / adapter.id
            if not (target / NAME).is_file():
                shutil.rmtree(target, ignore_errors=True)
                work.rename(target)
            return _read(target, home.name)
        except OSError as error:
            raise world_problem(error, tr("add the adapter")) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def remove(self, adapter: Adapter) -> None:
        """Take an adapter away; `forget_removed` then frees its space. Raises Problem."""
        home = self._folder / adapter.family
        aside = home / f"{REMOVED}{adapter.id}"
        try:
            shutil.rmtree(aside, ignore_errors=True)
            (home / adapter.id).rename(aside)
        except OSError as error:
            raise world_problem(error, tr("remove the adapter")) from error

    def bring_back(self, adapter: Adapter) -> None:
        """Undo `remove`. Raises Problem."""
        home = self._folder / adapter.family
        try:
            (home / f"{REMOVED}{adapter.id}").rename(home / adapter.id)
        except OSError as error:
            raise world_problem(error, tr("bring the adapter back")) from error

    def forget_removed(self) -> None:
        """Delete the files of removed adapters, and of those that were never finished."""
        for folder in self._folder.glob(f"*/{REMOVED}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in self._folder.glob(f"*/{WORK}*"):
            if _is_old(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _visible(folder: Path) -> tuple[Path, ...]:
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return ()
    return tuple(path for path in found if not path.name.startswith("."))


def _is_old(folder: Path) -> bool:
    """True when nobody works in it any more."""
    try:
        return folder.stat().st_mtime < time.time() - ABANDONED_S
    except OSError:
        return False


def _refuse_without_disk(home: Path, lora: Lora) -> None:
    size = sum(change.down.size + change.up.size for change in lora.changes)
    free = free_space(home)
    if size > free:
        raise Problem(
            tr(
                "The adapter takes {size}, and {free} are free on the disk.",
                size=megabytes(size),
                free=megabytes(free),
            ),
            tr("Free some space and try again."),
        )


def _write(lora: Lora, family: str, folder: Path) -> Adapter:
    parts = []
    digest = hashlib.sha256()
    for number, (scale, tensors) in enumerate(sorted(tensors_by_scale(lora).items()), 1):
        path = folder / f"part-{number}{SUFFIX}"
        sha256 = copy_tensors(lora.file, tensors, path)
        digest.update(f"{sha256} {scale!r}\n".encode())
        parts.append(AdapterPart(path.name, sha256, scale))
    adapter = Adapter(
        id=f"{_slug(lora.name)}-{digest.hexdigest()[:DIGITS]}",
        name=lora.name,
        family=family,
        parts=tuple(parts),
        rank=max(change.rank for change in lora.changes),
        size=sum((folder / part.path).stat().st_size for part in parts),
        base=lora.base,
        licence=lora.licence,
        note=lora.note,
    )
    body = {"format": FORMAT, **asdict(adapter)}
    (folder / NAME).write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return adapter


def _read(folder: Path, family: str) -> Adapter:
    """Raises one of _UNREADABLE."""
    body = json.loads((folder / NAME).read_bytes())
    if body["format"] > FORMAT or body["id"] != folder.name or not body["parts"]:
        raise ValueError("no adapter of this Cellar")
    return Adapter(
        id=folder.name,
        name=str(body["name"]),
        family=family,
        parts=tuple(_part(folder, facts) for facts in body["parts"]),
        rank=int(body["rank"]),
        size=int(body["size"]),
        base=str(body["base"]),
        licence=str(body["licence"]),
        note=str(body["note"]),
    )


def _part(folder: Path, facts: Mapping[str, object]) -> AdapterPart:
    path = str(facts["path"])
    if Path(path).name != path:
        raise ValueError("a file outside the adapter’s folder")
    return AdapterPart(str(folder / path), str(facts["sha256"]), float(str(facts["scale"])))


def _slug(name: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_ID.sub("-", ascii_).strip("-")[:40].strip("-") or "adapter"
