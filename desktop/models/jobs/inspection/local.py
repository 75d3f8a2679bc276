"""What a folder or a GGUF file of this computer holds, told without opening its weights."""

from collections.abc import Callable
from pathlib import Path

from desktop.domain.catalogue import WEIGHTS, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Inspected
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.domain.words import mark, tr
from desktop.engine.protocol import InspectLocal
from desktop.files import world_problem
from desktop.models.conversion import refuse_without_packages
from desktop.models.jobs import bundle
from desktop.models.jobs.fetch.choice import refuse_code_in_settings
from desktop.models.jobs.gguf_facts import read_facts
from desktop.models.jobs.inspection.contents import Contents, contents_of
from desktop.models.jobs.inspection.description import (
    described,
    refuse_inconvertible,
    settings_in,
    weights_of_ir,
)

NAME = mark("The folder")


def inspect_local(command: InspectLocal, _send: Callable[[Event], None]) -> Inspected:
    """The facts. What cannot be had here is in them. Raises Problem."""
    path = Path(command.path)
    try:
        return Inspected(_of_folder(path) if path.is_dir() else _of_gguf(path))
    except OSError as error:
        raise world_problem(error, tr("read the model")) from error


def _of_gguf(path: Path) -> RepositoryFacts:
    files = (RepositoryFile(path.name, path.stat().st_size),)
    try:
        told = read_facts(path)
    except Problem as problem:
        what, remedy = problem.what, problem.remedy
        return RepositoryFacts(str(path), kind=SourceKind.GGUF, what=what, remedy=remedy)
    return RepositoryFacts(
        repository=str(path),
        kind=SourceKind.GGUF,
        architecture=str(told.config["model_type"]),
        context_length=told.context_length,
        files=files,
    )


def _of_folder(folder: Path) -> RepositoryFacts:
    found = (path for path in sorted(folder.iterdir()) if path.is_file())
    files = [RepositoryFile(path.name, path.stat().st_size) for path in found]
    try:
        contents = contents_of(tr(NAME), files)
    except Problem as refusal:
        return RepositoryFacts(str(folder), what=refusal.what, remedy=refusal.remedy)
    body = _body(folder / bundle.SETTINGS)
    settings = settings_in(body)
    description = described(settings)
    label = _label(folder, contents)
    formats = contents.formats or {"fp16": WEIGHTS, "": ()}.get(label, (label,))
    problem = _problem(contents, body)
    weights = sum(f.size for f in contents.files if f.path.endswith(".safetensors"))
    return RepositoryFacts(
        repository=str(folder),
        kind=contents.kind,
        weights=label,
        formats=formats,
        architecture=description.architecture,
        parameters=weights // description.number_size,
        context_length=description.context_length,
        files=contents.files,
        what=problem.what if problem else "",
        remedy=problem.remedy if problem else "",
    )


def _label(folder: Path, contents: Contents) -> str:
    if contents.kind is SourceKind.PYTORCH:
        return "fp16"
    return weights_of_ir(settings_in(_body(folder / "openvino_config.json")), folder.name)


def _problem(contents: Contents, body: bytes) -> Problem | None:
    try:
        refuse_code_in_settings(tr(NAME), bundle.SETTINGS, body)
        if contents.kind is SourceKind.PYTORCH:
            refuse_inconvertible(tr(NAME), settings_in(body))
            refuse_without_packages()
    except Problem as problem:
        return problem
    return None


def _body(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
