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
class Quality:
    """How far compressed weights are from the uncompressed ones, on a fixed text."""

    kl_divergence: float  # mean over the text's tokens, in nats; 0 is the same
    perplexity: float
    reference_perplexity: float  # of the uncompressed weights


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the weights of one very model are best made INT4, as others have found out."""

    symmetric: bool
    group: int  # weights that share a scale
    ratio: float  # of the layers become INT4, the others INT8


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
    quality: Quality | None = None  # of weights that were compressed here
    uncompressed_size: int = 0  # bytes, of the weights that these were made from; 0: not known
    note: str = ""  # what its user should know, from the job that made it
    paged: bool = True  # False: the paged-attention back-end gets it wrong
    entry: str = ""  # the model of the catalogue that it is, in one of its weight formats
    layout: str = ""  # the id of the prompt layout it was trained with; empty: its own template

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)
