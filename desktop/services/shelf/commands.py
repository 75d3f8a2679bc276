"""What the models page asks of the shelf."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Get:
    """Install a model of the catalogue in a weight format: "int4", "int8" or "fp16"."""

    entry_id: str
    weights: str


@dataclass(frozen=True, slots=True)
class Search:
    """Look for models of the hub by name. The only thing that asks it without naming a model."""

    text: str


@dataclass(frozen=True, slots=True)
class Examine:
    """Look at a source before anything of it is fetched: hf:owner/name, a folder, a GGUF file."""

    source: str


@dataclass(frozen=True, slots=True)
class StopAsking:
    """The answer to the last Search or Examine is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Add:
    """Install what was examined, in a weight format; empty: as the source has it."""

    source: str
    weights: str = ""


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
class HeedDoor:
    """The user has decided whether the network may be used: if not, downloads are paused."""


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
    Get
    | Search
    | Examine
    | StopAsking
    | Add
    | Pause
    | Resume
    | Cancel
    | HeedDoor
    | Verify
    | Remove
    | UndoRemove
    | SetToken
    | Quit
)
