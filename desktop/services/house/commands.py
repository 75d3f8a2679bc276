"""What the window asks of the housekeeper."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SaveSetting:
    """Write a setting that was changed."""

    name: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Tell what is kept on this computer, and how large it is."""


@dataclass(frozen=True, slots=True)
class ReadLicences:
    """Tell the licences of all that Cellar is made of."""


@dataclass(frozen=True, slots=True)
class TellFacts:
    """Tell the versions and the system, for a person who asks for help."""


@dataclass(frozen=True, slots=True)
class LookForReports:
    """Tell the crash reports that are newer than the one that was seen last."""

    seen: str = ""  # the name of that one


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Tell what is in a crash report."""

    name: str


@dataclass(frozen=True, slots=True)
class DeleteReport:
    """Delete a crash report."""

    name: str


@dataclass(frozen=True, slots=True)
class WriteText:
    """Write a text to a file of the user's choice."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class AnswerCalls:
    """Tell what other starts of Cellar want of this window."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End."""


HouseCommand = (
    SaveSetting
    | Measure
    | ReadLicences
    | TellFacts
    | LookForReports
    | ReadReport
    | DeleteReport
    | WriteText
    | AnswerCalls
    | Quit
)
