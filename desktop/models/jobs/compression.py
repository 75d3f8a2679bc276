"""How NNCF compresses weights here: the settings, and how far it is."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import openvino

from desktop.domain.model import Recipe

INT8, INT4 = "int8", "int4"
GROUP = 64  # weights that share a scale; smaller where the channels of a layer need it
GROUP_NPU = 128
SMALL = 1_500_000_000  # weights; a smaller model suffers more from four bits
SMALL_RATIO = 0.8  # of its layers become INT4, the most sensitive ones INT8
NOT_NEEDED = ("torch", "tensorflow", "onnx")  # NNCF imports what it finds

# Measured on models of 0.13 and 0.59 billion weights, and rounded up.
BASE_MEMORY = 300_000_000  # bytes: NNCF and its libraries
WORK_MEMORY = 8.5  # bytes for each weight of the layer in hand
OUTPUT = {INT8: 1.05, INT4: 0.85}  # bytes a weight, with scales and INT8 layers; an upper bound

OnPart = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is done to the weights."""

    weights: str  # "int8" or "int4"
    symmetric: bool
    group: int = GROUP
    ratio: float = 1.0

    def memory(self, layers: Sequence[int]) -> int:
        """Bytes that compressing takes, of a model with layers of these sizes, largest first."""
        held = peak = 0.0
        for size in layers:
            peak = max(peak, held + WORK_MEMORY * size)
            held += OUTPUT[self.weights] * size
        return int(BASE_MEMORY + peak)

    def output(self, layers: Sequence[int]) -> int:
        """Bytes on disk of what comes out, at most."""
        return int(OUTPUT[self.weights] * sum(layers))


def scheme_for(
    weights: str, symmetric: bool, layers: Sequence[int], recipe: Recipe | None = None
) -> Scheme:
    """The settings for a model with layers of these sizes. `symmetric`: for the NPU.

    A `recipe` that is known for this very model comes before the rules for all of them.

    Data-free AWQ is left out: it lowers the divergence on a plain text by a quarter, but takes
    nearly a gigabyte for each billion weights, and the starter then answers in French.
    """
    if weights == INT8:
        return Scheme(INT8, symmetric)
    if weights != INT4:
        raise ValueError(f"no such format: {weights}")
    if symmetric:
        return Scheme(INT4, symmetric=True, group=GROUP_NPU)
    if recipe is not None:
        return Scheme(INT4, recipe.symmetric, recipe.group, recipe.ratio)
    if sum(layers) < SMALL:
        return Scheme(INT4, symmetric=False, ratio=SMALL_RATIO)
    return Scheme(INT4, symmetric=False)


def compressed(model: openvino.Model, scheme: Scheme, on_part: OnPart) -> openvino.Model:
    """The model with its weights compressed; the one that is given is used up.

    `on_part` gets what NNCF does, how much of it is done and how much there is.
    """
    for name in NOT_NEEDED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None: not to be found
    import nncf

    kind = "SYM" if scheme.symmetric else "ASYM"
    mode = nncf.CompressWeightsMode[f"{scheme.weights.upper()}_{kind}"]
    options: dict[str, Any] = {}
    if scheme.weights == INT4:
        fallback = nncf.AdvancedCompressionParameters(
            group_size_fallback_mode=nncf.GroupSizeFallbackMode.ADJUST
        )
        options = {
            "group_size": scheme.group,
            "ratio": scheme.ratio,
            "advanced_parameters": fallback,
        }
    with _followed(on_part):
        return nncf.compress_weights(model, mode=mode, **options)


@contextmanager
def _followed(on_part: OnPart) -> Iterator[None]:
    """NNCF shows its progress only as bars in a terminal, which rich draws; listen to those."""
    from rich.progress import Progress

    original = Progress.advance

    def advance(self: Progress, task_id: Any, advance: float = 1) -> None:
        original(self, task_id, advance)
        for task in self.tasks:
            if task.id == task_id and task.total:
                on_part(task.description, task.completed, task.total)

    Progress.advance = advance  # type: ignore[method-assign]
    try:
        yield
    finally:
        Progress.advance = original  # type: ignore[method-assign]
