"""Which GGUF files are taken, what is told of the others, and the settings made of a file."""

from pathlib import Path
from typing import Any

import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import LlamaFileType

from desktop.domain.errors import Problem
from desktop.models.jobs.gguf_facts import read_facts
from tests.models.tiny_gguf import TEMPLATE, write_gguf


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3"])
def test_the_settings(tmp_path: Path, architecture: str) -> None:
    facts = read_facts(write_gguf(tmp_path / "a.gguf", architecture))
    assert facts.context_length == facts.config["max_position_embeddings"] == 512
    assert (facts.config["model_type"], facts.splitting) == (architecture, "smollm")
    assert facts.generation_config == {"eos_token_id": [2]}
    assert facts.tokenizer_config["chat_template"] == TEMPLATE
    assert facts.tokenizer_config["eos_token"] == "<|im_end|>"
    assert facts.tokenizer_config["added_tokens_decoder"]["1"] == {
        "content": "<|im_start|>",
        "special": True,
    }


def test_a_second_end_of_turn_and_a_size_of_heads(tmp_path: Path) -> None:
    path = write_gguf(
        tmp_path / "a.gguf",
        "qwen3",
        tokenizer__ggml__eot_token_id=0,
        qwen3__attention__key_length=96,
    )
    facts = read_facts(path)
    assert facts.generation_config == {"eos_token_id": [2, 0]}
    assert facts.config["head_dim"] == 96


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another architecture": ({"architecture": "gemma3"}, "of the kind “gemma3”.*llama, qwen2 and"),
    "experts": ({"llama__expert_count": 8}, "mixture of experts"),
    "stretched": ({"llama__rope__scaling__type": "yarn"}, "stretches its context"),
    "sentencepiece": ({"tokenizer__ggml__model": "llama"}, "tokenizer of the kind “llama”"),
    "no rule": ({"tokenizer__ggml__pre": None}, "tokenizer of the kind"),
    "a part": ({"split__count": 3}, "one of 3 parts"),
    "an adapter": ({"general__type": "adapter"}, "an adapter, not a whole model"),
    "eyes": ({"general__type": "mmproj", "architecture": "clip"}, "the image part of a model"),
    "Q5_0": ({"kind": Kind.Q5_0}, "weights as Q5_0, which cannot be read here.*Q4_K_M"),
    "BF16": ({"kind": Kind.BF16}, "weights as BF16"),
    "F32": ({"kind": Kind.F32, "file_type": LlamaFileType.ALL_F32}, "weights as F32"),
    "no type": ({"general__file_type": None}, "does not say what its weights are"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_made_is_named(tmp_path: Path, name: str) -> None:
    changed, told = REFUSED[name]
    with pytest.raises(Problem, match=f"a[.]gguf .*{told}"):
        read_facts(write_gguf(tmp_path / "a.gguf", **changed))


def test_a_file_that_is_cut_tells_how_much_is_missing(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "a.gguf")
    path.write_bytes(path.read_bytes()[:-1_000_000])
    with pytest.raises(Problem, match=r"is incomplete: 1\.0 MB are missing at its end"):
        read_facts(path)


@pytest.mark.parametrize("data", [b"", b"GGUF", b"\x00" * 5000, b"GGUF\x03\0\0\0" + b"\xff" * 64])
def test_what_is_no_gguf(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.gguf").write_bytes(data)
    with pytest.raises(Problem, match=r"a\.gguf is not a GGUF model that can be read"):
        read_facts(tmp_path / "a.gguf")


@pytest.mark.parametrize(
    "changed",
    [
        {"llama__context_length": None},
        {"llama__context_length": 0},
        {"llama__context_length": "long"},
        {"tokenizer__ggml__tokens": None},
        {"tokenizer__ggml__tokens": ["one"]},
        {"tokenizer__ggml__token_type": 7},
        {"tokenizer__ggml__bos_token_id": 9_999_999},
        {"split__count": "many"},
        {"llama__expert_count": "eight"},
    ],
    ids=str,
)
def test_facts_that_make_no_sense(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="is not a GGUF model that can be read"):
        read_facts(write_gguf(tmp_path / "a.gguf", **changed))
