"""What the window asks of the adapters."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShowModel:
    """Tell the adapters of this model, now and whenever they change."""

    family: str  # its name without the weight format


@dataclass(frozen=True, slots=True)
class AddAdapter:
    """Add a file, or a folder, to a model."""

    model_id: str
    source: Path


@dataclass(frozen=True, slots=True)
class RemoveAdapter:
    """Take an adapter away; it can be undone until the next one is removed, or the end."""

    family: str
    adapter_id: str


@dataclass(frozen=True, slots=True)
class UndoRemoveAdapter:
    """Bring back the adapter that was removed last."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End."""


AdapterCommand = ShowModel | AddAdapter | RemoveAdapter | UndoRemoveAdapter | Quit
