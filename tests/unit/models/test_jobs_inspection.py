"""What files and settings tell of a model before it is fetched."""

import re
from typing import Any

import pytest

from desktop.domain.catalogue import WEIGHTS, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.models.jobs.inspection.contents import contents_of
from desktop.models.jobs.inspection.description import (
    described,
    refuse_inconvertible,
    settings_in,
    weights_of_ir,
)

IR = (
    *("config.json", "openvino_model.xml", "openvino_model.bin", "openvino_tokenizer.xml"),
    *("openvino_tokenizer.bin", "openvino_detokenizer.xml", "openvino_detokenizer.bin"),
)
CHECKPOINT = ("config.json", "tokenizer.json", "model.safetensors")
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


def files(*names: str) -> list[RepositoryFile]:
    return [RepositoryFile(name, 10) for name in names]


@pytest.mark.parametrize(
    ("names", "kind", "taken", "formats"),
    [
        ((*IR, "README.md"), SourceKind.OPENVINO, IR, ()),
        ((*IR, "model.safetensors", "x.Q4_0.gguf"), SourceKind.OPENVINO, IR, ()),
        (CHECKPOINT, SourceKind.PYTORCH, CHECKPOINT, WEIGHTS),
        (
            (*CHECKPOINT, *SHARDS, "model.safetensors.index.json", "consolidated.safetensors"),
            SourceKind.PYTORCH,
            (*CHECKPOINT, "model.safetensors.index.json"),
            WEIGHTS,
        ),
        (
            ("config.json", *SHARDS, "model.safetensors.index.json", "pytorch_model.bin"),
            SourceKind.PYTORCH,
            ("config.json", *SHARDS, "model.safetensors.index.json"),
            WEIGHTS,
        ),
        ((*CHECKPOINT, "onnx/model.onnx", "sub/a.json"), SourceKind.PYTORCH, CHECKPOINT, WEIGHTS),
        (("x-Q4_K_M.gguf", "x.f16.gguf", "y-Q3_K_S.gguf"), SourceKind.GGUF, None, ("int4", "fp16")),
        (("a.gguf",), SourceKind.GGUF, ("a.gguf",), ()),
        (("x-q8_0.gguf", *CHECKPOINT), SourceKind.GGUF, ("x-q8_0.gguf",), ("int8",)),
    ],
)
def test_what_files_are(
    names: tuple[str, ...], kind: SourceKind, taken: tuple[str, ...] | None, formats: object
) -> None:
    contents = contents_of("owner/name", files(*names))
    assert (contents.kind, contents.formats) == (kind, formats)
    expected = names[:2] if taken is None else taken
    assert {file.path for file in contents.files} == set(expected)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ((*CHECKPOINT, "modeling_x.py"), "program code of its own (modeling_x.py)"),
        (("config.json", "pytorch_model.bin"), "a format that can run program code"),
        (("adapter_config.json", "adapter_model.safetensors"), "is an adapter (LoRA)"),
        (("openvino_language_model.xml", "config.json"), "a model for pictures and text"),
        (IR[:3], "without its tokenizer"),
        (("x-00001-of-00002.gguf", "mmproj-x.gguf"), "no GGUF file that can be read here"),
        (("README.md",), "no model that Cellar can use"),
        ((), "no model that Cellar can use"),
    ],
)
def test_what_cannot_be_used(names: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Problem, match=re.escape(sentence)):
        contents_of("owner/name", files(*names))


def test_of_gguf_files_the_one_of_the_format_is_fetched() -> None:
    found = (
        *files("x.Q4_0.gguf", "x.Q4_K_M.gguf"),
        *(RepositoryFile("x.Q8_0.gguf", 20), RepositoryFile("x-F16.gguf", 30)),
    )
    facts = RepositoryFacts("owner/name", kind=SourceKind.GGUF, files=found)
    assert [file.path for file in facts.fetched("int4")] == ["x.Q4_K_M.gguf"]
    assert facts.fetched() == facts.fetched("int4")
    assert [facts.size_of(weights) for weights in WEIGHTS] == [10, 20, 30]
    assert facts.fetched("int3") == ()
    alone = RepositoryFacts("owner/name", kind=SourceKind.GGUF, files=tuple(files("x.gguf")))
    assert alone.size == 10


def test_settings() -> None:
    told = described({"model_type": "llama", "max_position_embeddings": 4096, "dtype": "float32"})
    assert (told.architecture, told.context_length, told.number_size) == ("llama", 4096, 4)
    assert described({"torch_dtype": "bfloat16", "model_type": 3}).architecture == ""
    assert settings_in(b"[1]") == settings_in(b"{") == {}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"model_type": "gemma3_text"}, "the kind gemma3_text, which cannot be converted here"),
        ({"model_type": "llama", "quantization_config": {"bits": 4}}, "compressed already"),
        ({"architectures": ["T5ForConditionalGeneration"]}, "T5ForConditionalGeneration"),
        ({"model_type": "bart", "is_encoder_decoder": True}, "no model that just writes text"),
    ],
)
def test_checkpoints_that_cannot_be_converted(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Problem, match=re.escape(sentence)):
        refuse_inconvertible("owner/name", settings)


@pytest.mark.parametrize("name", ["LlamaForCausalLM", "GPT2LMHeadModel"])
def test_checkpoints_that_may_be_converted(name: str) -> None:
    refuse_inconvertible("owner/name", {"model_type": "llama", "architectures": [name]})
    refuse_inconvertible("owner/name", {})


@pytest.mark.parametrize(
    ("settings", "name", "weights"),
    [
        ({"dtype": "int8"}, "model-int4-ov", "int8"),
        ({}, "Qwen3-8B-int4-cw-ov", "int4"),
        ({"dtype": 4}, "qwen-FP16-ov", "fp16"),
        ({}, "paint4you", ""),
    ],
)
def test_the_format_of_ready_weights(settings: dict[str, Any], name: str, weights: str) -> None:
    assert weights_of_ir(settings, name) == weights
