"""What the models page asks of the shelf."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Get:
    """Install a model of the catalogue in a weight format: "int4", "int8" or "fp16"."""

    entry_id: str
    weights: str


@dataclass(frozen=True, slots=True)
class Import:
    """Install a folder with OpenVINO IR, or a GGUF file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Pause:
    """End the work on a job for now; what was downloaded stays."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a job that was paused or failed."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give a job up; nothing of it stays."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Verify:
    """Hash the files of an installed model."""

    model_id: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete an installed model; it can be undone until the next Remove or the end."""

    model_id: str


@dataclass(frozen=True, slots=True)
class UndoRemove:
    """Bring back the model that was removed last."""


@dataclass(frozen=True, slots=True)
class SetToken:
    """Keep the user's token for gated models; empty forgets it."""

    token: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End, leaving unfinished jobs to be resumed at the next start."""


ShelfCommand = (
    Get | Import | Pause | Resume | Cancel | Verify | Remove | UndoRemove | SetToken | Quit
)
