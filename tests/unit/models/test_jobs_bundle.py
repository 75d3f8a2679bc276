"""The files of a model folder: which are taken, how they are copied, what the settings say."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import Problem
from desktop.models.jobs import bundle

COMPLETE = (*bundle.IR, *bundle.TOKENIZER, "config.json")


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


def test_what_belongs_to_a_model_is_taken_and_nothing_else(tmp_path: Path) -> None:
    others = ("manifest.json", "README.md", ".gitattributes", "model.safetensors", "lonely.bin")
    taken = (*COMPLETE, "tokenizer.json", "chat_template.jinja", "merges.txt", "tokenizer.model")
    fill(tmp_path, *others, *taken, "a\nb.json", "back\\slash.json")
    (tmp_path / "folder.json").mkdir()
    names = bundle.names_of(tmp_path)
    assert set(names) - {"folder.json"} == set(taken)
    with pytest.raises(Problem, match=r"folder\.json is no ordinary file"):
        bundle.refuse_unless_regular(tmp_path / "folder.json")


def test_a_complete_folder(tmp_path: Path) -> None:
    assert set(bundle.complete_names(fill(tmp_path, *COMPLETE))) == set(COMPLETE)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("openvino_model.xml", r"no OpenVINO model \(openvino_model.xml is missing\)"),
        ("openvino_model.bin", "no OpenVINO model"),
        ("openvino_tokenizer.xml", r"tokenizer is missing \(openvino_tokenizer"),
        ("openvino_detokenizer.bin", r"tokenizer is missing \(openvino_detokenizer"),
        ("config.json", "has no config.json"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, missing: str, told: str) -> None:
    fill(tmp_path, *(name for name in COMPLETE if name != missing))
    with pytest.raises(Problem, match=told):
        bundle.complete_names(tmp_path)


def test_a_tokenizer_that_has_to_be_converted_is_told_of(tmp_path: Path) -> None:
    fill(tmp_path, *bundle.IR, "config.json", "tokenizer.json")
    with pytest.raises(Problem, match="needs Cellar's full bundle"):
        bundle.complete_names(tmp_path)


def test_a_model_of_another_kind_is_told_of(tmp_path: Path) -> None:
    fill(tmp_path, "openvino_language_model.xml", "openvino_language_model.bin")
    with pytest.raises(Problem, match="a model for pictures and text"):
        bundle.complete_names(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "secret")
    (tmp_path / "config.json").symlink_to(tmp_path / "secret")
    with pytest.raises(Problem, match=r"config\.json is a link to another place"):
        bundle.refuse_unless_regular(tmp_path / "config.json")
    bundle.refuse_unless_regular(tmp_path / "secret")


def test_a_copy_is_hashed_on_its_way(tmp_path: Path) -> None:
    data = os.urandom(9_000_000)
    (tmp_path / "a").write_bytes(data)
    pieces: list[int] = []
    file = bundle.copied(tmp_path / "a", tmp_path / "b", pieces.append)
    assert (tmp_path / "b").read_bytes() == data
    assert (file.path, file.size, file.sha256) == ("b", len(data), hashlib.sha256(data).hexdigest())
    assert sum(pieces) == len(data)
    assert file == bundle.hashed(tmp_path / "b")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    fill(tmp_path, "a", "b")
    with pytest.raises(FileExistsError):
        bundle.copied(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"b"


def test_a_copy_is_a_file_of_its_own_and_a_shared_one_is_not(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    bundle.copied(tmp_path / "a", tmp_path / "copied")
    assert bundle.linked(tmp_path / "a", tmp_path / "shared").sha256
    (tmp_path / "a").write_bytes(b"changed by its owner")
    assert (tmp_path / "copied").read_bytes() == b"a"
    assert (tmp_path / "shared").samefile(tmp_path / "a")


def test_every_file_of_a_finished_folder(tmp_path: Path) -> None:
    fill(tmp_path, "b", "a")
    parts: list[tuple[int, int]] = []
    files = bundle.all_hashed(tmp_path, lambda done, total: parts.append((done, total)))
    assert [file.path for file in files] == ["a", "b"]
    assert parts[-1] == (2, 2)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000])
def test_damaged_settings_are_a_problem(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "config.json").write_bytes(body)
    with pytest.raises(Problem, match=r"config\.json cannot be read: it is damaged"):
        bundle.settings_of(tmp_path)


@pytest.mark.parametrize(
    ("settings", "tokens"),
    [
        ({"max_position_embeddings": 8192}, 8192),
        ({"n_positions": 1024}, 1024),
        ({"text_config": {"max_position_embeddings": 131072}}, 131072),
        ({"max_position_embeddings": 4096, "text_config": {"n_ctx": 5}}, 4096),
    ],
)
def test_the_context_length(settings: dict[str, Any], tokens: int) -> None:
    assert bundle.context_length_of(settings) == tokens


@pytest.mark.parametrize("value", [None, 0, -1, True, "4096", 1e9, 2**40, [8192]])
def test_a_context_length_that_is_none(tmp_path: Path, value: object) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"max_position_embeddings": value}))
    with pytest.raises(Problem, match="does not say how many tokens it can read"):
        bundle.context_length_of(bundle.settings_of(tmp_path))
