"""Whether a model fits into the memory that is free, asked before it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.domain.errors import Problem
from desktop.domain.sizes import RUNTIME
from desktop.domain.wording import megabytes
from desktop.domain.words import tr
from desktop.engine.cache_budget import FEWEST, bytes_per_token

WEIGHTS = "openvino_model.bin"


@dataclass(frozen=True, slots=True)
class Need:
    """What a loaded model takes at the least, in bytes."""

    weights: int
    cache: int

    @property
    def total(self) -> int:
        """With what the engine takes besides."""
        return self.weights + self.cache + RUNTIME


def needed(
    folder: Path, context_length: int, properties: Mapping[str, str], adapters: int = 0
) -> Need:
    """The weights, and the cache of the shortest useful conversation. Raises OSError.

    `adapters` is the size of what is added to the weights, in bytes.
    """
    tokens = min(2 * context_length, FEWEST)
    cache = tokens * bytes_per_token(folder, properties)
    return Need((folder / WEIGHTS).stat().st_size + adapters, cache)


def available_memory() -> int:
    """Bytes that programs can have now without others being pushed out."""
    return int(psutil.virtual_memory().available)


def refuse_unless_fits(need: Need, available: int) -> None:
    """Raise Problem with the numbers when the model cannot be loaded."""
    if need.total > available:
        raise Problem(
            tr(
                "This model does not fit into memory: it takes {total} ({weights} of weights,"
                " {cache} of cache, {runtime} for the engine), and {available} are free.",
                total=megabytes(need.total),
                weights=megabytes(need.weights),
                cache=megabytes(need.cache),
                runtime=megabytes(RUNTIME),
                available=megabytes(available),
            ),
            tr("Close other programs, or choose a smaller model or weight format."),
        )
