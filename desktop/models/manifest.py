"""`manifest.json`: what makes a folder a model. Written last, so an unfinished model has none."""

import json
import re
from dataclasses import asdict, fields
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.model import Model, ModelFile, Quality
from desktop.domain.sampling import checked_values
from desktop.domain.words import tr
from desktop.files import write_atomically

NAME = "manifest.json"
FORMAT = 1

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    UsageProblem,
)
WEIGHTS = ("int4", "int8", "fp16", "fp32")


def write(model: Model) -> None:
    """Make the model's folder a model."""
    body = {
        "format": FORMAT,
        "id": model.id,
        "name": model.name,
        "weights": model.weights,
        "context_length": model.context_length,
        "licence": model.licence,
        "source": model.source,
        "sampling": model.sampling,
        "quality": asdict(model.quality) if model.quality else None,
        "uncompressed_size": model.uncompressed_size,
        "note": model.note,
        "paged": model.paged,
        "entry": model.entry,
        "layout": model.layout,
        "files": {f.path: {"size": f.size, "sha256": f.sha256} for f in model.files},
    }
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    write_atomically(model.folder / NAME, text.encode())


def read(folder: Path) -> Model:
    """The model of a folder. Raises Problem when it is none, or one of a later Cellar."""
    try:
        body = json.loads((folder / NAME).read_bytes())
        if body["format"] > FORMAT:
            raise Problem(
                tr("The model in “{name}” was installed by a newer Cellar.", name=folder.name),
                tr("Update Cellar, or remove the model and install it again."),
            )
        return _model(folder, body)
    except _UNREADABLE as error:
        raise Problem(
            tr(
                "“{name}” is not a model: its {file} cannot be read.",
                name=folder.name,
                file=NAME,
            ),
            tr("Remove it and install the model again."),
        ) from error


def _model(folder: Path, body: dict[str, Any]) -> Model:
    if body["id"] != folder.name or not SAFE_ID.fullmatch(body["id"]):
        raise ValueError("the folder is not named like the model")
    if body["weights"] not in WEIGHTS:
        raise ValueError("unknown weight format")
    context_length = int(body["context_length"])
    if context_length < 1:
        raise ValueError("a model that can read nothing")
    files = tuple(
        ModelFile(_inside(path), int(facts["size"]), str(facts["sha256"]))
        for path, facts in body["files"].items()
    )
    return Model(
        id=body["id"],
        name=str(body["name"]),
        weights=body["weights"],
        folder=folder,
        context_length=context_length,
        files=files,
        sampling=checked_values(body.get("sampling", {})),
        licence=str(body.get("licence", "")),
        source=str(body.get("source", "")),
        quality=_quality(body.get("quality")),
        uncompressed_size=int(body.get("uncompressed_size", 0)),
        note=str(body.get("note", "")),
        paged=bool(body.get("paged", True)),
        entry=str(body.get("entry", "")),
        layout=str(body.get("layout", "")),
    )


def _quality(facts: dict[str, Any] | None) -> Quality | None:
    if facts is None:
        return None
    numbers = {field.name: float(facts[field.name]) for field in fields(Quality)}
    return Quality(**numbers)


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or path.startswith("/") or set(path) & set("\\:\0"):
        raise ValueError("a file outside the model's folder")
    return path
