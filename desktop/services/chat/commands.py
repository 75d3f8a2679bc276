"""What the window asks of the chat service."""

from dataclasses import dataclass

from desktop.domain.sampling import Values


@dataclass(frozen=True, slots=True)
class Send:
    """Say something, and have it answered."""

    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the answer that is being written; what was written stays."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Answer the last message again in place of an answer that failed or was cut short."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the conversation."""


@dataclass(frozen=True, slots=True)
class UndoClear:
    """Bring back what the last Clear took, as long as nothing was said since."""


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """Hold the conversation with another model."""

    model_id: str


@dataclass(frozen=True, slots=True)
class ChooseDevice:
    """Run the model elsewhere."""

    device: str


@dataclass(frozen=True, slots=True)
class ChangeSampling:
    """Use these values, and the model's own for all others, from the next answer on."""

    changed: Values


@dataclass(frozen=True, slots=True)
class ChangeSystemPrompt:
    """Tell the model how to behave, from the next answer on."""

    text: str


@dataclass(frozen=True, slots=True)
class PrepareModel:
    """Try again to have a model ready."""


@dataclass(frozen=True, slots=True)
class RefreshModels:
    """Models came or went; go on with another one where the one in use is gone."""


@dataclass(frozen=True, slots=True)
class RepairModel:
    """Install the model that comes with the program again, in place of damaged files."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Keep everything, end the engine, end the service."""


ChatCommand = (
    Send
    | Stop
    | Retry
    | Clear
    | UndoClear
    | ChooseModel
    | ChooseDevice
    | ChangeSampling
    | ChangeSystemPrompt
    | PrepareModel
    | RefreshModels
    | RepairModel
    | Quit
)
