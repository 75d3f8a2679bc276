"""Whether this computer has the memory and the disk that a job takes, asked before it starts."""

from pathlib import Path

import psutil

from desktop.domain.errors import Problem
from desktop.domain.wording import megabytes
from desktop.domain.words import tr
from desktop.files import free_space


def available_memory() -> int:
    """Bytes that programs can have now without others being pushed out."""
    return int(psutil.virtual_memory().available)


def refuse_without_memory(needed: int, doing: str) -> None:
    """Raise Problem when `needed` bytes are not available. `doing` begins the sentence."""
    if (available := available_memory()) < needed:
        raise Problem(
            tr(
                "{doing} takes {needed} of memory, and {available} are free.",
                doing=doing,
                needed=megabytes(needed),
                available=megabytes(available),
            ),
            tr("Close other programs, or choose a smaller model."),
        )


def refuse_without_disk(folder: Path, needed: int, doing: str) -> None:
    """Raise Problem when `needed` bytes do not fit where `folder` is. Raises OSError."""
    if (free := free_space(folder)) < needed:
        raise Problem(
            tr(
                "{doing} takes {needed} of disk, and {free} are free.",
                doing=doing,
                needed=megabytes(needed),
                free=megabytes(free),
            ),
            tr("Free some space and try again."),
        )
