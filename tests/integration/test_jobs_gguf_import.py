"""From GGUF files of every kind that is taken to a model that works, by the real libraries."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import openvino_genai
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import LlamaFileType as FileType

from desktop.domain.errors import Problem
from desktop.domain.events import JobDone, Stage
from desktop.engine.client import Child
from desktop.engine.protocol import ImportGguf
from desktop.models.jobs import gguf_import
from desktop.models.jobs.gguf_header import read_header
from desktop.models.jobs.quality import fixed_text
from desktop.models.layers import linear_layers
from desktop.services.jobs import Work
from tests.models.starter_fp16 import starter_gguf
from tests.models.tiny_gguf import LAYERS, write_gguf
from tests.models.tiny_ir import snapshot

pytestmark = pytest.mark.integration

KINDS = {
    "llama F16": ("llama", Kind.F16, FileType.MOSTLY_F16, "fp16"),
    "llama Q8_0": ("llama", Kind.Q8_0, FileType.MOSTLY_Q8_0, "int8"),
    "llama Q6_K": ("llama", Kind.Q6_K, FileType.MOSTLY_Q6_K, "int8"),
    "qwen2 Q4_0": ("qwen2", Kind.Q4_0, FileType.MOSTLY_Q4_0, "int4"),
    "qwen3 Q4_1": ("qwen3", Kind.Q4_1, FileType.MOSTLY_Q4_1, "int4"),
    "qwen3 Q4_K": ("qwen3", Kind.Q4_K, FileType.MOSTLY_Q4_K_M, "int4"),
}


def do(source: Path, folder: Path, stages: list[Stage] | None = None) -> JobDone:
    folder.mkdir()
    on_stage = stages.append if stages is not None else lambda _: None
    return gguf_import.import_gguf(ImportGguf(str(source), str(folder)), on_stage)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_that_is_taken(tmp_path: Path, name: str) -> None:
    architecture, kind, file_type, weights = KINDS[name]
    source = write_gguf(tmp_path / "tiny.gguf", architecture, kind, file_type)
    stages: list[Stage] = []
    done = do(source, tmp_path / "model", stages)
    assert (done.weights, done.context_length, done.note) == (weights, 512, "")
    assert {file.path for file in done.files} == set(snapshot(tmp_path / "model"))
    assert {"openvino_model.bin", "openvino_detokenizer.xml", "config.json"} <= {
        file.path for file in done.files
    }
    assert stages[0].name == "checking the file"
    assert stages[-1] == Stage("noting checksums", 100, 100)
    assert source.is_file()
    named = [name for name in linear_layers(tmp_path / "model") if name.startswith("model.layers.")]
    assert len(named) == 7 * LAYERS


def ids_of(tokenizer: openvino_genai.Tokenizer, text: str) -> list[int]:
    return list(np.array(tokenizer.encode(text, add_special_tokens=False).input_ids.data[0]))


@pytest.mark.parametrize(
    ("splitting", "digits"), [("llama-bpe", r"\p{N}{1,3}"), ("deepseek-r1-qwen", r"\p{N}")]
)
def test_text_is_cut_as_the_model_was_trained(tmp_path: Path, splitting: str, digits: str) -> None:
    """Against Hugging Face, with the rules as they stand in the files of Llama 3 and Qwen."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    facts = read_header(starter_gguf()).facts
    vocabulary: dict[str, Any] = {
        f"tokenizer__ggml__{name}": facts[f"tokenizer.ggml.{name}"]
        for name in ("tokens", "token_type", "merges")
    }
    vocabulary["llama__vocab_size"] = 49152
    source = write_gguf(tmp_path / "a.gguf", tokenizer__ggml__pre=splitting, **vocabulary)
    assert do(source, tmp_path / "model").note == ""

    tokens = {token: number for number, token in enumerate(vocabulary["tokenizer__ggml__tokens"])}
    merges = [tuple(merge.split(" ")) for merge in vocabulary["tokenizer__ggml__merges"]]
    theirs = Tokenizer(models.BPE(vocab=tokens, merges=merges))
    rule = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits + "|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    theirs.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(rule), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    ours = openvino_genai.Tokenizer(str(tmp_path / "model"))
    for text in (
        fixed_text(),
        "It's 1234567 (foo) — THEY'RE\r\n\n\tx**2  # ok\n \n b",
        "日本語 naïve €5",
    ):
        assert ids_of(ours, text) == theirs.encode(text, add_special_tokens=False).ids


def test_a_rule_that_is_not_known_is_told_of(tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "a.gguf", tokenizer__ggml__pre="a-new-rule")
    assert "“a-new-rule”, which is only approximated" in do(source, tmp_path / "model").note


def test_another_file_than_the_one_that_was_promised(tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "a.gguf")
    with pytest.raises(Problem, match="its checksum differs"):
        gguf_import.import_gguf(ImportGguf(str(source), str(tmp_path), "00" * 32), lambda _: None)


def test_weights_that_are_not_what_the_file_says_are_told_in_a_sentence(tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "a.gguf", kind=Kind.Q4_0, file_type=FileType.MOSTLY_F16)
    with pytest.raises(Problem, match=r"a\.gguf cannot be converted: .*\. Get the file again"):
        do(source, tmp_path / "model")
    assert not (tmp_path / "model" / "lent.gguf").exists()


def test_settings_are_json_in_utf_8(tmp_path: Path) -> None:
    template = "{{ messages[0]['content'] }} — 日本語"
    do(write_gguf(tmp_path / "a.gguf", tokenizer__chat_template=template), tmp_path / "model")
    text = (tmp_path / "model" / "tokenizer_config.json").read_text("utf-8")
    assert json.loads(text)["chat_template"] == template


@pytest.mark.parametrize("seed", range(3))
def test_a_file_with_wrong_bytes_ends_one_child_at_the_most(tmp_path: Path, seed: int) -> None:
    source = write_gguf(tmp_path / "a.gguf")
    data = bytearray(source.read_bytes())
    random = np.random.default_rng(seed)
    for place in random.integers(8, 12_000, 20):
        data[place] = random.integers(0, 256)
    source.write_bytes(data)
    (tmp_path / "model").mkdir()
    command = ImportGguf(str(source), str(tmp_path / "model"))
    told = ""
    try:
        Work(Child).run(command, lambda _: None)
    except Problem as problem:
        told = problem.what
    assert told.endswith(".") or not told  # a changed byte may also do no harm
    assert "Traceback" not in told
