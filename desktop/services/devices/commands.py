"""What the device page, and the chat service, tell the service of devices."""

from dataclasses import dataclass

from desktop.domain.hardware import Device
from desktop.domain.model import Model


@dataclass(frozen=True, slots=True)
class NoteDevices:
    """What can run a model here."""

    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class NoteReady:
    """A model is loaded on a device, and no answer is due."""

    model: Model
    device: str


@dataclass(frozen=True, slots=True)
class NoteBusy:
    """The engine is needed now."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Compare the settings for the model in use, thoroughly."""


@dataclass(frozen=True, slots=True)
class CancelMeasuring:
    """End the comparison; what was known before still holds."""


@dataclass(frozen=True, slots=True)
class JudgeAnew:
    """The user wants another typical turn to be fast."""


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare Cellar's engine with other ways to run the model in use."""


@dataclass(frozen=True, slots=True)
class CancelComparing:
    """End that comparison."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End, with all that is being measured."""


DeviceCommand = (
    NoteDevices
    | NoteReady
    | NoteBusy
    | Measure
    | CancelMeasuring
    | JudgeAnew
    | Compare
    | CancelComparing
    | Quit
)
