"""From what a user asks for to the steps that install it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop.domain.catalogue import COMPRESSED, WEIGHTS, Entry, Source, best_source
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.model import Model
from desktop.domain.sampling import Values
from desktop.domain.words import listed, tr
from desktop.models.conversion import conversion_available
from desktop.models.manifest import SAFE_ID

HUB = "hf:"
GGUF = ".gguf"


@dataclass(frozen=True, slots=True)
class Request:
    """A source as it is written on the command line, and what is wanted of it."""

    source: str  # an id of the catalogue, hf:owner/name[@revision], a folder, a .gguf file
    weights: str = ""  # empty: as the source has it
    model_id: str = ""  # empty: made from the source


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation does: fetch `source` unless it is at `path`, then make the model.

    Of a `repository` without a source nothing is known yet: it has to be looked at first.
    """

    model_id: str
    name: str
    weights: str  # what is wanted; empty: as it comes
    path: Path | None = None
    source: Source | None = None
    repository: str = ""  # owner/name
    revision: str = "main"
    sha256: str = ""  # of the file at `path`, where it is known
    sampling: Values = field(default_factory=dict)
    licence: str = ""
    homepage: str = ""
    entry: str = ""  # of the catalogue, or hf:owner/name: the same in all weight formats
    layout: str = ""  # the id of the model's own prompt layout

    @property
    def compresses(self) -> bool:
        """True when the weights that come are not yet in the format that is wanted."""
        have = self.source.weights if self.source else ""
        return self.weights in COMPRESSED and have != self.weights


def plan(
    request: Request,
    catalogue: Sequence[Entry],
    starters: Path,
    installed: Sequence[Model] = (),
) -> Plan:
    """The plan for a request; `starters` is where the program's own model files are.

    What is to be compressed is taken from an `installed` model in FP16, where there is one.
    Raises UsageProblem, or Problem where it cannot be done yet.
    """
    if request.weights and request.weights not in WEIGHTS:
        raise UsageProblem(
            tr("There is no weight format “{weights}”.", weights=request.weights[:20]),
            tr("Use one of: {choices}.", choices=listed(WEIGHTS)),
        )
    made = _made(request, catalogue, starters)
    if not SAFE_ID.fullmatch(made.model_id):
        raise UsageProblem(
            tr("“{model_id}” cannot be a model's name here.", model_id=made.model_id[:60]),
            tr("Use letters, digits, dots and hyphens: --as my-model."),
        )
    return _from_installed(made, installed)


def _from_installed(made: Plan, installed: Sequence[Model]) -> Plan:
    """What is made of FP16 needs no download where these weights are here already."""
    if made.path is not None or not made.entry or not made.compresses:
        return made
    full = (m for m in installed if m.entry == made.entry and m.weights == "fp16")
    found = next(full, None)
    return made if found is None else replace(made, path=found.folder, source=None, repository="")


def plan_of_starter(entry: Entry, starters: Path) -> Plan:
    """The plan that makes the program's own model ready. Raises Problem when its file is gone."""
    starter = entry.starter
    path = starters / starter.file if starter else starters
    if starter is None or not path.is_file():
        raise Problem(
            tr("The model that comes with Cellar is missing."),
            tr("Install Cellar again, or add a model of your own."),
        )
    return Plan(entry.id, path=path, sha256=starter.sha256, **_facts(entry, starter.weights))


def _made(request: Request, catalogue: Sequence[Entry], starters: Path) -> Plan:
    source = request.source
    if source.startswith(HUB):
        return _from_hub(request, source.removeprefix(HUB))
    for entry in catalogue:
        if entry.id == source:
            if entry.starter and request.weights in ("", entry.starter.weights):
                return plan_of_starter(entry, starters)
            return _from_catalogue(request, entry)
    path = Path(source).expanduser().absolute()
    if path.is_dir() or (path.is_file() and path.suffix.lower() == GGUF):
        return _from_path(request, path)
    if path.exists():
        raise UsageProblem(
            tr("“{name}” is no model.", name=path.name), tr("Give a .gguf file or an IR folder.")
        )
    raise UsageProblem(
        tr("“{source}” is neither in the catalogue nor a file or folder.", source=source[:100]),
        tr(
            "“cellar models list --all” shows the catalogue; hf:owner/name is a repository of the"
            " hub."
        ),
    )


def _from_catalogue(request: Request, entry: Entry) -> Plan:
    convertible = conversion_available()
    for weights in (request.weights,) if request.weights else WEIGHTS:
        if source := best_source(entry, weights, convertible=convertible):
            model_id = request.model_id or f"{entry.id}-{weights}"
            return Plan(
                model_id,
                source=source,
                repository=source.repository,
                **_facts(entry, weights),
            )
    offered = entry.formats(convertible=convertible)
    raise Problem(
        tr(entry.unsupported)
        or tr(
            "{name} cannot be had in {weights} here yet.",
            name=entry.name,
            weights=request.weights.upper() or tr("any format"),
        ),
        tr("It can be had in: {offered}.", offered=listed(offered) or tr("none")),
    )


def _from_hub(request: Request, address: str) -> Plan:
    repository, _, revision = address.partition("@")
    owner, slash, name = repository.partition("/")
    if not (owner and slash and name) or "/" in name:
        raise UsageProblem(
            tr("“{hub}{address}” is no repository.", hub=HUB, address=address[:80]),
            tr("Write hf:owner/name or hf:owner/name@revision."),
        )
    return Plan(
        model_id=request.model_id or _in_format(name, request.weights),
        name=name,
        weights=request.weights,
        repository=repository,
        revision=revision or "main",
        homepage=f"https://huggingface.co/{repository}",
        entry=f"{HUB}{repository}",
    )


def _from_path(request: Request, path: Path) -> Plan:
    name = path.stem if path.is_file() else path.name
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("._-")[:90]
    return Plan(
        model_id=request.model_id or _in_format(safe or "model", request.weights),
        name=name,
        weights=request.weights,
        path=path,
    )


def _in_format(name: str, weights: str) -> str:
    """An id that several weight formats of a model can have side by side."""
    return name if not weights or weights in name.lower() else f"{name}-{weights}"


def _facts(entry: Entry, weights: str) -> dict[str, Any]:
    return {
        "name": entry.name,
        "weights": weights,
        "sampling": entry.sampling,
        "licence": entry.licence.name,
        "homepage": entry.homepage,
        "entry": entry.id,
        "layout": entry.layout,
    }
