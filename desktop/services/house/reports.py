"""Crash reports: found, read, deleted."""

from pathlib import Path

from desktop.crashes import REPORTS
from desktop.domain.words import tr
from desktop.files import world_problem

LARGEST = 200_000  # characters; ours have some thousand


def unseen(folder: Path, seen: str) -> tuple[str, ...]:
    """The names of reports that are newer than the one called `seen`, the newest first."""
    last = Path(seen).stem
    names = sorted((path.stem, path.name) for path in folder.glob(REPORTS))
    return tuple(name for stem, name in reversed(names) if stem > last)


def read(folder: Path, name: str) -> str:
    """A report's text. Raises Problem."""
    try:
        return _place(folder, name).read_text("utf-8", "replace")[:LARGEST]
    except OSError as error:
        raise world_problem(error, tr("read the report")) from error


def delete(folder: Path, name: str) -> None:
    """Delete a report. Raises Problem."""
    try:
        _place(folder, name).unlink(missing_ok=True)
    except OSError as error:
        raise world_problem(error, tr("delete the report")) from error


def _place(folder: Path, name: str) -> Path:
    return folder / Path(name).name
