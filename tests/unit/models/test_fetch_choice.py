"""Which files of a repository are taken."""

import json

import pytest

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.choice import chosen, refuse_code_in_settings

IR = ["openvino_model.xml", "openvino_model.bin", "config.json", "tokenizer.json"]


def of_a_model(*names: str) -> set[str]:
    return set(chosen("maker/model", names, ()))


def test_an_ir_repository_gives_what_the_engine_reads_and_no_more() -> None:
    extra = ["README.md", ".gitattributes", "chat_template.jinja", "tokenizer.model", "vocab.txt"]
    unwanted = {"README.md", ".gitattributes"}
    assert of_a_model(*IR, *extra) == {*IR, *extra} - unwanted


def test_the_same_weights_in_another_format_are_left() -> None:
    assert of_a_model(*IR, "model.safetensors", "onnx/model.onnx", "q4.gguf") == set(IR)
    both = ["config.json", "model.safetensors", "consolidated.safetensors"]
    assert of_a_model(*both) == {"config.json", "model.safetensors"}


@pytest.mark.parametrize(
    "pickle", ["pytorch_model.bin", "training_args.bin", "x.pt", "x.pth", "x.ckpt", "x.pkl", "x.h5"]
)
def test_pickles_are_left_beside_safe_weights_and_refused_without(pickle: str) -> None:
    assert of_a_model("config.json", "model.safetensors", pickle) == {
        "config.json",
        "model.safetensors",
    }
    with pytest.raises(Problem, match=f"can run program code.*{pickle}"):
        of_a_model("config.json", pickle)


@pytest.mark.parametrize("names", [["*.pt"], ["pytorch_model.bin"], ["*"]])
def test_patterns_cannot_ask_for_pickles(names: list[str]) -> None:
    with pytest.raises(Problem, match="can run program code"):
        chosen("maker/model", ["weights.pt", "pytorch_model.bin"], names)


@pytest.mark.parametrize("code", ["modeling_x.py", "sub/folder/x.py", "X.PY", "cached.pyc"])
def test_a_repository_with_program_code_is_refused(code: str) -> None:
    with pytest.raises(Problem, match="brings program code"):
        of_a_model(*IR, code)
    with pytest.raises(Problem, match="brings program code"):
        chosen("maker/model", ["q4.gguf", code], ["q4.gguf"])


def test_a_pattern_takes_one_file_of_many() -> None:
    names = ["README.md", "m-Q4_K_M.gguf", "m-Q8_0.gguf", "Q8/m-00001-of-00002.gguf"]
    assert chosen("maker/model", names, ["m-Q8_0.gguf"]) == ["m-Q8_0.gguf"]
    assert chosen("maker/model", names, ["Q8/*.gguf"]) == ["Q8/m-00001-of-00002.gguf"]
    assert chosen("maker/model", ["m[1].gguf"], ["m[1].gguf"]) == ["m[1].gguf"]
    with pytest.raises(Problem, match="no model that Cellar can use"):
        chosen("maker/model", names, ["other.gguf"])


@pytest.mark.parametrize("names", [[], ["README.md"], ["config.json"], ["q4.gguf"], [*IR[:1]]])
def test_a_repository_without_a_model_says_so(names: list[str]) -> None:
    with pytest.raises(Problem, match="no model that Cellar can use"):
        of_a_model(*names)


def test_names_that_mean_something_here_are_never_taken() -> None:
    ours = ["manifest.json", "cellar.lock", ".fetch.json", "openvino_model.bin.part"]
    assert of_a_model(*IR, *ours) == set(IR)


@pytest.mark.parametrize(
    "settings",
    [
        {"auto_map": {"AutoModel": "modeling_x.X"}},
        {"text_config": {"deeper": [{"auto_map": {}}]}},
        {"_attn_implementation_internal": "someone/kernel"},
    ],
)
def test_settings_that_ask_for_code_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(Problem, match=r"config\.json asks for program code"):
        refuse_code_in_settings("maker/model", "config.json", json.dumps(settings).encode())


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"not json", b"\xff\xfe", b"[" * 100_000])
def test_other_settings_pass(body: bytes) -> None:
    refuse_code_in_settings("maker/model", "config.json", body)
