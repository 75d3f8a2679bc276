"""An adapter as it was saved: its matrices, how strongly they act, and whether they fit."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.adapters import Linear
from desktop.domain.errors import Problem
from desktop.models.lora import UNSCALED, read_lora, refuse_misfit, tensors_by_scale
from tests.models.tiny_lora import (
    Array,
    peft_folder,
    peft_tensors,
    random_pairs,
    write_safetensors,
)

QUERY, DOWN = "model.layers.0.self_attn.q_proj", "model.layers.0.mlp.down_proj"
SIZES = {QUERY: (8, 6), DOWN: (6, 12)}
PAIRS = random_pairs(SIZES, 1, 1.0)
LAYERS = {f"__module.{name}/ov_ext::linear/MatMul": Linear(i, o) for name, (o, i) in SIZES.items()}
LAYERS["__module.model.layers.0.self_attn/aten::matmul/MatMul"] = Linear(0, 0)


def scales(source: Path) -> dict[str, float]:
    return {change.layer: change.scale for change in read_lora(source).changes}


def file_of(tmp_path: Path, tensors: Mapping[str, Array]) -> Path:
    return write_safetensors(tmp_path / "some name.safetensors", tensors)


# how strongly


def test_a_peft_adapter_acts_by_its_alpha_over_its_rank(tmp_path: Path) -> None:
    folder = peft_folder(tmp_path / "pirate", PAIRS, 16, base_model_name_or_path="owner/base")
    (folder / "README.md").write_text("---\nbase_model: x\nlicense: apache-2.0\n---\nlicense: no\n")
    lora = read_lora(folder)
    assert scales(folder) == {QUERY: 4.0, DOWN: 4.0}
    assert (lora.name, lora.base, lora.licence) == ("pirate", "owner/base", "apache-2.0")
    assert lora.note == ""
    assert read_lora(folder / "adapter_model.safetensors") == lora


def test_by_the_root_of_the_rank_where_it_says_so(tmp_path: Path) -> None:
    folder = peft_folder(tmp_path / "a", PAIRS, 16, use_rslora=True)
    assert scales(folder)[QUERY] == 16 / math.sqrt(4)


def test_each_layer_by_its_own_rank_and_alpha(tmp_path: Path) -> None:
    pairs = {**PAIRS, **random_pairs({DOWN: SIZES[DOWN]}, 2, 1.0, rank=2)}
    patterns = {"rank_pattern": {"mlp.down_proj": 2}, "alpha_pattern": {"q_proj": 2}}
    folder = peft_folder(tmp_path / "a", pairs, 16, **patterns)
    assert scales(folder) == {QUERY: 0.5, DOWN: 8.0}


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_a_file_alone_may_tell_its_alpha(tmp_path: Path, kind: type) -> None:
    tensors = {**peft_tensors(PAIRS), f"base_model.model.{QUERY}.alpha": np.array(8, kind)}
    lora = read_lora(file_of(tmp_path, tensors))
    assert {change.layer: change.scale for change in lora.changes} == {QUERY: 2.0, DOWN: 1.0}
    assert (lora.name, lora.note) == ("some name", "")


def test_one_that_tells_nothing_is_added_as_it_stands_and_that_is_said(tmp_path: Path) -> None:
    lora = read_lora(file_of(tmp_path, peft_tensors(PAIRS)))
    assert {change.scale for change in lora.changes} == {1.0}
    assert lora.note == UNSCALED


def test_names_become_those_that_the_engine_looks_for(tmp_path: Path) -> None:
    bare = peft_tensors(PAIRS, prefix="")
    raw = {name.replace(".weight", ".default.weight"): table for name, table in bare.items()}
    down_up = {
        name.replace("lora_A", "lora_down").replace("lora_B", "lora_up"): table
        for name, table in bare.items()
    }
    for number, tensors in enumerate((bare, raw, down_up, peft_tensors(PAIRS))):
        source = write_safetensors(tmp_path / f"{number}.safetensors", tensors)
        (named,) = tensors_by_scale(read_lora(source)).values()
        assert {name for name, _ in named} == set(peft_tensors(PAIRS))
        shapes = {name: tensor.shape for name, tensor in named}
        assert shapes[f"base_model.model.{QUERY}.lora_A.weight"] == (4, 6)


# what is none


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"peft_type": "IA3"}, "IA3"),
        ({"use_dora": True}, "DoRA"),
        ({"init_lora_weights": "pissa_niter_4"}, "changes the model itself"),
        ({"alpha_pattern": {"(a+)+$": 3}}, "a rule"),
        ({"lora_alpha": "much"}, "cannot be read"),
        ({"lora_alpha": float("inf")}, "cannot be read"),
    ],
)
def test_other_kinds_of_adapters_are_refused(
    tmp_path: Path, config: dict[str, object], said: str
) -> None:
    folder = peft_folder(tmp_path / "a", PAIRS, 8)
    facts = json.loads((folder / "adapter_config.json").read_text()) | config
    (folder / "adapter_config.json").write_text(json.dumps(facts))
    with pytest.raises(Problem, match=said):
        read_lora(folder)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("base_model.model.lm_head.weight", np.ones((4, 4), np.float32)),
        ("base_model.model.model.embed_tokens.lora_embedding_A", np.ones((4, 4), np.float32)),
        (f"base_model.model.{QUERY}.lora_magnitude_vector", np.ones(8, np.float32)),
        (f"base_model.model.{QUERY}.lora_B.bias", np.ones(8, np.float32)),
    ],
)
def test_tables_that_are_no_lora_are_refused(tmp_path: Path, name: str, table: Array) -> None:
    with pytest.raises(Problem, match="holds more than a LoRA adapter"):
        read_lora(file_of(tmp_path, {**peft_tensors(PAIRS), name: table}))


def test_half_a_pair_is_refused(tmp_path: Path) -> None:
    tensors = peft_tensors(PAIRS)
    del tensors[f"base_model.model.{QUERY}.lora_B.weight"]
    with pytest.raises(Problem, match="no complete LoRA adapter"):
        read_lora(file_of(tmp_path, tensors))


@pytest.mark.parametrize(
    ("up", "said"),
    [
        (np.ones((8, 3), np.float32), "do not belong together"),
        (np.ones((8, 4, 1, 1), np.float32), "do not belong together"),
        (np.ones((8, 4), np.float64), "F64|F32"),
    ],
)
def test_matrices_that_are_no_pair_are_refused(tmp_path: Path, up: Array, said: str) -> None:
    tensors = {**peft_tensors(PAIRS), f"base_model.model.{QUERY}.lora_B.weight": up}
    with pytest.raises(Problem, match=said):
        read_lora(file_of(tmp_path, tensors))


def test_what_can_hold_programs_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "adapter_model.bin"
    path.write_bytes(b"\x80\x02cos\nsystem\n.")
    with pytest.raises(Problem, match="can hold programs"):
        read_lora(path)
    with pytest.raises(Problem, match="no adapter in"):
        read_lora(tmp_path)


# whether it fits


def test_one_that_fits_is_taken(tmp_path: Path) -> None:
    refuse_misfit(read_lora(file_of(tmp_path, peft_tensors(PAIRS))), LAYERS, "Model")


@pytest.mark.parametrize(
    ("layer", "size", "said"),
    [
        ("model.layers.7.self_attn.q_proj", (8, 6), "“Model” does not have"),
        (QUERY, (8, 5), "another size: where it has 5 by 8 numbers, “Model” has 6 by 8"),
        ("model.layers.0", (8, 6), "more than once"),
        ("layers.0.mlp.down_proj", (6, 12), "more than once"),
    ],
)
def test_one_for_another_model_is_refused(
    tmp_path: Path, layer: str, size: tuple[int, int], said: str
) -> None:
    pairs = {DOWN: PAIRS[DOWN], **random_pairs({layer: size}, 3, 1.0)}
    lora = read_lora(file_of(tmp_path, peft_tensors(pairs)))
    with pytest.raises(Problem, match=said):
        refuse_misfit(lora, LAYERS, "Model")


def test_a_model_whose_layers_have_no_names_takes_none(tmp_path: Path) -> None:
    lora = read_lora(file_of(tmp_path, peft_tensors(PAIRS)))
    with pytest.raises(Problem, match="no names"):
        refuse_misfit(lora, {"MatMul_46": Linear(6, 8)}, "Model")
