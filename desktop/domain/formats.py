"""The weight formats that one model is installed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.catalogue import COMPRESSED
from desktop.domain.model import Model

FULL = "fp16"


def family(model: Model) -> str:
    """What is the same of a model in all its weight formats."""
    return model.entry or model.id.removesuffix(f"-{model.weights}")


def share_of_full(model: Model, models: Sequence[Model]) -> float | None:
    """The size of compressed weights as a share of FP16: of the model that is here, else of what
    it was made from. None where neither is known."""
    if model.weights not in COMPRESSED or model.size <= 0:
        return None
    full = next((other for other in _relatives(model, models) if other.weights == FULL), None)
    whole = full.size if full else model.uncompressed_size
    return model.size / whole if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A model in FP16 and the compressed one to switch to."""

    full: Model
    compressed: Model

    def other(self, model_id: str) -> Model:
        """The one of the two that this is not."""
        return self.compressed if model_id == self.full.id else self.full


def pair(current: Model, models: Sequence[Model], used: Mapping[str, str]) -> Pair | None:
    """What to switch between while `current` is in use; None where it is here in one kind only.

    `used` has the compressed model that was used last, by family; else it is the smallest.
    """
    relatives = _relatives(current, models)
    full = next((model for model in relatives if model.weights == FULL), None)
    found = [model for model in relatives if model.weights in COMPRESSED]
    if full is None or not found:
        return None
    wanted = current.id if current.weights in COMPRESSED else used.get(family(current), "")
    last = next((model for model in found if model.id == wanted), None)
    return Pair(full, last or min(found, key=lambda model: COMPRESSED.index(model.weights)))


def _relatives(model: Model, models: Sequence[Model]) -> list[Model]:
    return [other for other in models if family(other) == family(model)]
