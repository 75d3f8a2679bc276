"""The linear layers of an installed model, as its IR names them."""

from pathlib import Path

from desktop.domain.adapters import Layers, Linear
from desktop.models.description import Operation, read_description


def linear_layers(folder: Path) -> Layers:
    """Every multiplication of matrices of a model. Takes up to a second. Raises Problem."""
    operations = read_description(folder).operations
    return {each.name: _linear(each) for each in operations if each.kind == "MatMul"}


def _linear(operation: Operation) -> Linear:
    shape = operation.shapes.get(1, [])
    if len(shape) != 2 or min(shape) < 1:
        return Linear(0, 0)
    outputs, inputs = shape if operation.turned else reversed(shape)
    return Linear(inputs, outputs)
