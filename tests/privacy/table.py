"""The tables of docs/privacy.md: which files are read and written, and why."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support import ROOT

PAGE = ROOT / "docs" / "privacy.md"
_CODE = re.compile(r"`([^`]+)`")


def allowed(heading: str) -> tuple[str, ...]:
    """The paths in the first column of the table that follows the line `heading:`."""
    after = PAGE.read_text("utf-8").split(f"\n{heading}:\n", 1)[1]
    table = re.split(r"\n\n(?!\|)", after.strip(), maxsplit=1)[0]
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    assert all(len(row) == 4 and row[2].strip() for row in rows), "a row without a reason"
    return tuple(path for row in rows for path in _CODE.findall(row[1]))


def unexplained(
    files: Iterable[str], patterns: Iterable[str], places: Mapping[str, Iterable[Path]]
) -> list[str]:
    """The files that no pattern covers. `places` are the names in capitals."""
    known = [path for pattern in patterns for path in _meant(pattern, places)]
    return sorted({file for file in files if not any(_is_in(file, path) for path in known)})


def _meant(pattern: str, places: Mapping[str, Iterable[Path]]) -> list[str]:
    name, slash, rest = pattern.partition("/")
    if name not in places:
        return [pattern]
    return [f"{place}{slash}{rest}" for place in places[name]]


def _is_in(file: str, place: str) -> bool:
    file = re.sub(r"^/proc/\d+/", "/proc/self/", file)
    return file == place.rstrip("/") or file.startswith(place.rstrip("/") + "/")
