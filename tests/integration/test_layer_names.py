"""The layers of a model made from a GGUF file: each is the one that its name says."""

from pathlib import Path

import numpy as np
import openvino
import pytest

from desktop.models.layers import linear_layers
from tests.models.starter_fp16 import _as_in_checkpoint, _checkpoint_name, _tables

pytestmark = pytest.mark.integration

CHECKED = (0, 29)  # the first layer and the last
CLOSE = 0.2  # of the size of the numbers: GenAI rounds the zero points; other layers' are far off


def test_each_named_layer_has_the_weights_of_that_name(model_folder: Path) -> None:
    core = openvino.Core()
    model = core.read_model(model_folder / "openvino_model.xml")
    linear = [op for op in model.get_ops() if op.get_type_name() == "MatMul"]
    inputs = {op.get_friendly_name(): op.input_value(1) for op in linear}
    checked = 0
    for name, table in _tables():
        stem = _checkpoint_name(name).removesuffix(".weight")
        if not stem.startswith(tuple(f"model.layers.{n}." for n in CHECKED)) or table.ndim < 2:
            continue
        weights = openvino.Model([inputs[stem]], [], "weights")
        (found,) = core.compile_model(weights, "CPU")([]).values()
        expected = _as_in_checkpoint(name, table).astype(np.float32)
        assert np.abs(found - expected).mean() < CLOSE * np.abs(expected).mean(), stem
        checked += 1
    assert checked == 7 * len(CHECKED)


def test_all_layers_have_names(model_folder: Path) -> None:
    named = [name for name in linear_layers(model_folder) if "." in name]
    assert len(named) == 7 * 30
    assert "lm_head" in linear_layers(model_folder)
