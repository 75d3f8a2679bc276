"""Scores by plain OpenVINO: the frugal way gives what the plain way gives."""

from pathlib import Path
from typing import Any

import numpy as np
import openvino
import pytest
from openvino import opset13

from desktop.domain.errors import Problem
from desktop.models.jobs.ir import layers, read_model, refuse_unusable, weights_of
from desktop.models.jobs.quality import measured
from desktop.models.jobs.scores import EXACT, Incomparable, Scorer, tokens_of
from tests.models.tiny_ir import tiny_ir

pytestmark = pytest.mark.integration
Array = np.ndarray[Any, np.dtype[Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_ir(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def ids() -> Array:
    return np.random.default_rng(5).integers(3, 259, 300)


@pytest.fixture(scope="module")
def plain(folder: Path, ids: Array) -> Array:
    """The whole text at once, weights as constants."""
    request = openvino.Core().compile_model(read_model(folder), "CPU", EXACT).create_infer_request()
    length = len(ids)
    request.infer(
        {
            "input_ids": ids[None],
            "attention_mask": np.ones((1, length), np.int64),
            "position_ids": np.arange(length)[None],
            "beam_idx": np.zeros(1, np.int32),
        }
    )
    return np.array(request.get_tensor("logits").data[0])


def changed(folder: Path, target: Path, change: Any) -> Path:
    """A copy of a model that `change` has worked on."""
    target.mkdir()
    model = read_model(folder)
    change(model)
    openvino.save_model(model, target / "openvino_model.xml", compress_to_fp16=False)
    return target


def only_the_last(model: openvino.Model) -> None:
    result = model.get_results()[0]
    one, most, axis = (opset13.constant(np.array([n])) for n in (-1, 2**31 - 1, 1))
    step = opset13.constant(np.array([1]))
    last = opset13.slice(result.input_value(0), one, most, step, axis)
    last.output(0).set_names({"logits"})
    result.input_value(0).set_names({"all"})
    result.input(0).replace_source_output(last.output(0))
    model.validate_nodes_and_infer_types()


def test_in_pieces_and_with_lent_weights(folder: Path, ids: Array, plain: Array) -> None:
    pieces = list(Scorer(folder).rows(ids))
    assert len(pieces) == 3
    np.testing.assert_allclose(np.concatenate(pieces), plain, atol=1e-4)


def test_weights_are_lent(folder: Path) -> None:
    """Else an uncompressed model would take four times its size."""
    assert len(Scorer(folder)._lent) >= 6


def test_a_model_that_tells_only_the_last_scores(
    folder: Path, tmp_path: Path, ids: Array, plain: Array
) -> None:
    last = changed(folder, tmp_path / "last", only_the_last)
    rows = np.concatenate(list(Scorer(last).rows(ids[:40])))
    np.testing.assert_allclose(rows, plain[:40], atol=1e-4)


def test_a_text_of_one_token(folder: Path, ids: Array, plain: Array) -> None:
    (row,) = Scorer(folder).rows(ids[:1])
    np.testing.assert_allclose(row, plain[:1], atol=1e-4)


def test_a_model_with_an_input_that_nobody_knows(folder: Path, tmp_path: Path, ids: Array) -> None:
    def with_pictures(model: openvino.Model) -> None:
        parameter = opset13.parameter([-1], np.int64, "pixel_values")
        parameter.output(0).set_names({"pixel_values"})
        result = opset13.result(parameter)
        model.add_parameters([parameter])
        model.add_results([result])

    strange = changed(folder, tmp_path / "strange", with_pictures)
    with pytest.raises(Incomparable, match="the model wants pixel_values"):
        next(Scorer(strange).rows(ids))


def test_a_model_is_as_good_as_itself_and_noise_makes_it_worse(
    folder: Path, tmp_path: Path
) -> None:
    def with_noise(model: openvino.Model) -> None:
        table = max(model.get_ops(), key=lambda n: (n.get_type_name() == "Constant", _size(n)))
        noise = np.random.default_rng(1).normal(scale=0.05, size=table.data.shape)
        spoilt = opset13.constant((table.data + noise).astype(np.float16))
        for target in list(table.output(0).get_target_inputs()):
            target.replace_source_output(spoilt.output(0))

    worse = changed(folder, tmp_path / "worse", with_noise)
    for path in folder.glob("openvino_*tokenizer.*"):
        (worse / path.name).write_bytes(path.read_bytes())
    text = "The cellar is cool and quiet. " * 8
    parts: list[tuple[int, int]] = []
    same = measured(folder, folder, text, 512, lambda done, total: parts.append((done, total)))
    other = measured(folder, worse, text, 512, lambda *_: None)
    assert same.kl_divergence == 0
    assert same.perplexity == same.reference_perplexity == other.reference_perplexity
    assert other.kl_divergence > 0.01
    assert parts[-1][0] == parts[-1][1] == 2 * len(tokens_of(folder, text))


def _size(node: Any) -> int:
    return int(np.prod(node.get_output_shape(0))) if node.get_type_name() == "Constant" else 0


def test_a_context_shorter_than_the_text(folder: Path) -> None:
    short = measured(folder, folder, "The cellar is cool. " * 50, 16, lambda *_: None)
    assert short.kl_divergence == 0
    with pytest.raises(Problem, match="too few tokens"):
        measured(folder, folder, "x", 512, lambda *_: None)


# what IR is


def test_the_format_of_weights(folder: Path) -> None:
    model = read_model(folder)
    assert weights_of(model) == "fp16"
    sizes = layers(model)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 512 * 256
    refuse_unusable(model)


@pytest.mark.parametrize("text", ["", "<net", '<net name="x" version="11"><layers/></net>', "{}"])
def test_a_description_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "openvino_model.xml").write_text(text)
    (tmp_path / "openvino_model.bin").write_bytes(b"")
    with pytest.raises(Problem):
        refuse_unusable(read_model(tmp_path))
