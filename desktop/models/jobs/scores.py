"""The next-token scores of a model at every position of a text, by plain OpenVINO."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import openvino_genai
from openvino import opset13

from desktop.domain.errors import Problem
from desktop.domain.words import listed, tr
from desktop.models.jobs.ir import constants, read_model, size_of
from desktop.models.jobs.proof import reason_of

Array = np.ndarray[Any, np.dtype[Any]]

AT_ONCE = 128  # tokens
LENT_FROM = 100_000  # numbers; smaller tables are not worth an input of their own
LENT_TYPES = ("f16", "bf16", "f32")
# Nothing but the weights may differ between two models that are compared.
EXACT = {
    "INFERENCE_PRECISION_HINT": "f32",
    "KV_CACHE_PRECISION": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
}


def tokens_of(folder: Path, text: str) -> Array:
    """The text in the numbers of the model's own tokenizer."""
    encoded = openvino_genai.Tokenizer(str(folder)).encode(text)
    return np.array(encoded.input_ids.data[0], np.int64)


class Incomparable(Problem):
    """A model that may work, but is of a kind whose scores cannot be had this way."""


class Scorer:
    """A model that reads a text from its beginning, once. Raises Incomparable."""

    def __init__(self, folder: Path) -> None:
        self._model = read_model(folder)
        self._lent = _lend_weights(self._model)
        try:
            compiled = openvino.Core().compile_model(self._model, "CPU", EXACT)
        except RuntimeError as error:
            raise _cannot(reason_of(error)) from error
        self._names = {port.get_any_name() for port in compiled.inputs} - set(self._lent)
        self._request = compiled.create_infer_request()
        for name, (_, tensor) in self._lent.items():
            self._request.set_tensor(name, tensor)

    def rows(self, ids: Array) -> Iterator[Array]:
        """The scores after each token, a table of some positions at a time, in order."""
        step = AT_ONCE
        first = self._scores(ids, 0, step)
        if len(first) < min(step, len(ids)):  # this model tells only those after the last token
            self._request.reset_state()
            step = 1
            first = self._scores(ids, 0, step)
        yield first
        for start in range(step, len(ids), step):
            yield self._scores(ids, start, step)

    def _scores(self, ids: Array, start: int, step: int) -> Array:
        part = ids[None, start : start + step]
        end = start + part.shape[1]
        known = {
            "input_ids": part,
            "attention_mask": np.ones((1, end), np.int64),
            "position_ids": np.arange(start, end, dtype=np.int64)[None],
            "token_type_ids": np.zeros_like(part),
            "beam_idx": np.zeros(1, np.int32),
        }
        if unknown := self._names - set(known):
            raise _cannot(tr("the model wants {unknown}.", unknown=listed(sorted(unknown))))
        for name in self._names:
            self._request.set_tensor(name, openvino.Tensor(known[name]))
        self._request.infer()
        return np.array(self._request.get_tensor("logits").data[0], np.float32)


def _cannot(reason: str) -> Incomparable:
    return Incomparable(tr("The quality was not measured: {reason}", reason=reason))


def _lend_weights(model: openvino.Model) -> dict[str, tuple[Any, openvino.Tensor]]:
    """Turn uncompressed tables into inputs that share the memory of the file.

    As constants they would all be kept as float32, twice: four times the size of an FP16 model.
    As inputs, each is converted when its turn comes. Their first dimension is open, because for
    inputs of a known size room is made in advance. The nodes own the memory, so they are kept.
    """
    lent, inputs = {}, []
    tables = [node for node in constants(model) if _can_be_lent(node)]
    for number, node in enumerate(tables):
        name, shape = f"weights_{number}", list(node.get_output_shape(0))
        parameter = opset13.parameter([-1, *shape[1:]], node.get_element_type(), name)
        parameter.output(0).set_names({name})
        tensor = openvino.Tensor(node.data, node.get_output_shape(0), node.get_element_type())
        for target in list(node.output(0).get_target_inputs()):
            target.replace_source_output(parameter.output(0))
        lent[name] = (node, tensor)
        inputs.append(parameter)
    model.add_parameters(inputs)
    model.validate_nodes_and_infer_types()
    return lent


def _can_be_lent(node: Any) -> bool:
    known = node.get_element_type().get_type_name() in LENT_TYPES
    return known and len(node.get_output_shape(0)) == 2 and size_of(node) >= LENT_FROM
