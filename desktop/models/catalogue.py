"""The models that Cellar knows of: one file each in `resources/catalogue`."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.sampling import Values, checked_values


@dataclass(frozen=True, slots=True)
class Starter:
    """The model file that comes with the program."""

    file: str
    size: int  # bytes
    sha256: str
    weights: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of a model."""

    id: str
    name: str
    context_length: int  # tokens
    licence: str
    homepage: str
    sampling: Values = field(default_factory=dict)
    starter: Starter | None = None


def read_entry(path: Path) -> Entry:
    """One file of the catalogue."""
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    given = body.get("starter")
    starter = given and Starter(given["file"], given["size"], given["sha256"], given["weights"])
    return Entry(
        id=body["id"],
        name=body["name"],
        context_length=body["context_length"],
        licence=body["licence"],
        homepage=body["homepage"],
        sampling=checked_values(body.get("sampling", {})),
        starter=starter,
    )


def read_catalogue(folder: Path) -> tuple[Entry, ...]:
    """All entries, by file name."""
    return tuple(read_entry(path) for path in sorted(folder.glob("*.toml")))
