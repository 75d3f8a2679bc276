"""A model of OpenVINO IR: read, examined, and what format its weights are in."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import openvino

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs.proof import reason_of

# OpenVINO's names of number types, by the label of the format that is made of them.
FORMATS = {
    "int4": ("u2", "u3", "i4", "u4", "nf4", "f4e2m1"),
    "int8": ("u6", "i8", "u8", "f8e4m3", "f8e5m2", "f8e8m0"),
    "fp16": ("f16", "bf16"),
    "fp32": ("f32", "f64"),
}
UNCOMPRESSED = ("fp16", "fp32")
SMALL_SHARE = 0.1  # of the weights: tables and scales of this share do not make a format


def read_model(folder: Path) -> openvino.Model:
    """The IR of a folder; its weights stay in the file until they are used. Raises Problem."""
    try:
        return openvino.Core().read_model(folder / "openvino_model.xml")
    except RuntimeError as error:
        raise Problem(
            tr("The model's description cannot be read: {error}", error=reason_of(error)),
            tr("Get the model again."),
        ) from error


def write_model(model: openvino.Model, folder: Path) -> None:
    """Write the IR into a folder. Raises Problem."""
    try:
        openvino.save_model(model, folder / "openvino_model.xml", compress_to_fp16=False)
    except RuntimeError as error:  # says “iostream error” when the disk is full
        raise Problem(
            tr(
                "The model could not be written: {error} The disk may be full.",
                error=reason_of(error),
            ),
            tr("Free some space and try again."),
        ) from error


def refuse_unusable(model: openvino.Model) -> None:
    """Raise Problem for what is no text model, or one without a memory of its own."""
    inputs = {name for port in model.inputs for name in port.get_names()}
    if any(name.startswith("past_key_values") for name in inputs):
        raise Problem(
            tr("The model was exported without a state, and Cellar needs one."),
            tr("Export it again as a stateful model, which is what optimum-cli does by default."),
        )
    if "input_ids" not in inputs:
        raise Problem(tr("This model does not read text."), tr("Choose a model for chat."))


def constants(model: openvino.Model) -> Iterator[Any]:
    """The nodes that hold numbers."""
    return (node for node in model.get_ops() if node.get_type_name() == "Constant")


def size_of(constant: Any) -> int:
    """How many numbers a constant holds."""
    return prod(constant.get_output_shape(0))


def weights_of(model: openvino.Model) -> str:
    """The format of the weights: the smallest that a good part of them is in. Raises Problem."""
    counts: Counter[str] = Counter()
    for constant in constants(model):
        counts[constant.get_element_type().get_type_name()] += size_of(constant)
    shares = _shares(counts)
    for label in FORMATS:
        if shares.get(label, 0.0) > SMALL_SHARE:
            return label
    raise Problem(
        tr("The model's weights are in a format that Cellar does not know."),
        tr("Use another repository of this model."),
    )


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    sums = {label: sum(counts[name] for name in names) for label, names in FORMATS.items()}
    total = sum(sums.values())
    return {label: count / total for label, count in sums.items()} if total else {}


def layers(model: openvino.Model) -> list[int]:
    """The sizes, in numbers, of the tables that are worth compressing, largest first."""
    tables = (c for c in constants(model) if len(c.get_output_shape(0)) > 1)
    floats = (*FORMATS["fp16"], *FORMATS["fp32"])
    sizes = (size_of(c) for c in tables if c.get_element_type().get_type_name() in floats)
    return sorted((size for size in sizes if size >= 1024), reverse=True)
