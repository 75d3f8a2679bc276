"""The numbered steps that bring an older settings file to the format of today."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, TypeAlias

Document: TypeAlias = MutableMapping[str, Any]
Step: TypeAlias = Callable[[Document], None]

VERSION_KEY = "version"

STEPS: tuple[Step, ...] = ()  # STEPS[0] turns version 1 into version 2, and so on


def current_version(steps: Sequence[Step] = STEPS) -> int:
    """The version that this program writes."""
    return len(steps) + 1


def version_of(document: Document) -> int:
    """The version of a file; 1 when it says none, as one written by hand does."""
    value = document.get(VERSION_KEY, 1)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return int(value) if whole and value >= 1 else 1


def migrate(document: Document, steps: Sequence[Step] = STEPS) -> None:
    """Bring the document to the current version. One from a newer program is left as it is."""
    version = version_of(document)
    for step in steps[version - 1 :]:
        step(document)
    document[VERSION_KEY] = max(version, current_version(steps))
