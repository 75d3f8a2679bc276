"""A model that is on this computer, ready to be loaded."""

from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.sampling import Values


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model and what is known to be in it."""

    path: str  # relative to the model's folder, with forward slashes
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """An installed model, as its manifest tells it."""

    id: str
    name: str
    weights: str  # "int4", "int8", "fp16"
    folder: Path
    context_length: int  # tokens
    files: tuple[ModelFile, ...] = ()
    sampling: Values = field(default_factory=dict)  # the model's own generation settings
    licence: str = ""
    source: str = ""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)
