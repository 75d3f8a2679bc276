"""LoRA adapters: small additions to a model's weights that give it another manner or skill."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

SUFFIX = ".safetensors"  # of the only kind of file that is taken
CONFIG = "adapter_config.json"  # which PEFT writes beside it

STRONGEST = 2.0
AS_TRAINED = 1.0  # the strength that whoever made an adapter meant

Strengths: TypeAlias = dict[str, float]  # by the adapter's id; one that is not in it is off


@dataclass(frozen=True, slots=True)
class Linear:
    """How many numbers a layer makes of how many. Zeros: it has no weights of its own."""

    inputs: int
    outputs: int


Layers: TypeAlias = Mapping[str, Linear]  # of a model, by name


@dataclass(frozen=True, slots=True)
class AdapterPart:
    """A file of matrices that all act with the same scale."""

    path: str
    sha256: str
    scale: float  # at the strength as trained


@dataclass(frozen=True, slots=True)
class AppliedAdapter:
    """An adapter as a model is loaded with it."""

    id: str
    name: str
    strength: float
    parts: tuple[AdapterPart, ...]


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter that was added to a model, in all its weight formats. Its id names its content."""

    id: str
    name: str
    family: str  # the model that it was added to: see desktop.domain.formats
    parts: tuple[AdapterPart, ...]
    rank: int  # the largest of its matrices
    size: int  # bytes
    base: str = ""  # the model that it was made for, as its maker calls it
    licence: str = ""
    note: str = ""  # what its user should know

    def applied(self, strength: float) -> AppliedAdapter:
        """The adapter at a strength."""
        return AppliedAdapter(self.id, self.name, strength, self.parts)


def sensible_strengths(values: Mapping[str, object]) -> Strengths:
    """Those of the values that are strengths, within their range; none that do nothing."""
    found: Strengths = {}
    for adapter_id, value in values.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        if math.isfinite(value) and value > 0:
            found[adapter_id] = min(float(value), STRONGEST)
    return found
