"""What the service of devices tells the device page."""

from dataclasses import dataclass

from desktop.domain.bench import Report, Step
from desktop.domain.events import Tuned
from desktop.domain.model import Model
from desktop.services.tuning import Progress


@dataclass(frozen=True, slots=True)
class InUse:
    """The model that is loaded, where, and what is known of it there (None: nothing yet)."""

    model: Model
    device: str
    tuned: Tuned | None


@dataclass(frozen=True, slots=True)
class Tuning:
    """How far a measurement is."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Comparing:
    """How far a comparison with other ways is."""

    step: Step


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison is over. None: it was cancelled, or failed as the sentences say."""

    report: Report | None
    what: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class DevicesTrouble:
    """Something went wrong."""

    what: str
    remedy: str = ""


DeviceNotice = InUse | Tuning | Comparing | Compared | DevicesTrouble
