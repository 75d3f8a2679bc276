"""What makes a folder a model, and what does not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Problem
from desktop.domain.model import Model, ModelFile, Quality
from desktop.models import manifest

BODY: dict[str, Any] = {
    "format": 1,
    "id": "a-model",
    "name": "A model",
    "weights": "int4",
    "context_length": 8192,
    "licence": "Apache-2.0",
    "source": "https://example.org",
    "sampling": {"temperature": 0.2},
    "files": {"openvino_model.bin": {"size": 3, "sha256": "00"}},
}
OPTIONAL = ("licence", "source", "sampling")
DEEP = b"[" * 100_000


def folder_with(parent: Path, body: bytes | dict[str, Any], name: str = "a-model") -> Path:
    folder = parent / name
    folder.mkdir(exist_ok=True)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    (folder / manifest.NAME).write_bytes(data)
    return folder


def test_a_manifest_is_read(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, BODY)
    assert manifest.read(folder) == Model(
        id="a-model",
        name="A model",
        weights="int4",
        folder=folder,
        context_length=8192,
        files=(ModelFile("openvino_model.bin", 3, "00"),),
        sampling={"temperature": 0.2},
        licence="Apache-2.0",
        source="https://example.org",
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "model-1.5_x"
    folder.mkdir()
    files = (ModelFile("a/b.bin", 2**40, "ff"), ModelFile("Ünï 張.xml", 0, ""))
    sampling = {"temperature": 0.7, "top_k": 40, "seed": None, "stop": ("\nUser:", "🙂")}
    model = Model("model-1.5_x", "Modèle 🙂", "int8", folder, 131072, files, sampling, "MIT", "src")
    model = replace(
        model, quality=Quality(0.01, 12.5, 12.25), uncompressed_size=10_000, note="Ä", paged=False
    )
    model = replace(model, entry="dialogpt-small", layout="dialogpt")
    manifest.write(model)
    assert manifest.read(folder) == model


def test_a_model_may_leave_out_what_is_not_needed(tmp_path: Path) -> None:
    body = {name: BODY[name] for name in BODY if name not in OPTIONAL}
    assert manifest.read(folder_with(tmp_path, body)).sampling == {}


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        "a/../../outside",
        "..",
        "/etc/passwd",
        "//server/share",
        "..\\outside",
        "C:\\Windows",
        "C:outside",
        "a:stream",
        "a\0b",
        "",
        ".",
    ],
)
def test_a_file_outside_of_the_folder_makes_it_no_model(tmp_path: Path, path: str) -> None:
    body = BODY | {"files": {path: {"size": 1, "sha256": "00"}}}
    with pytest.raises(Problem, match="is not a model"):
        manifest.read(folder_with(tmp_path, body))


@given(st.text(max_size=20) | st.text("./\\:a\0", max_size=12))
def test_no_name_leads_out_of_the_folder(path: str) -> None:
    try:
        inside = manifest._inside(path)
    except ValueError:
        return
    base = Path("/models/x")
    assert (base / inside).resolve().is_relative_to(base)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "another"},
        {"id": "../a-model"},
        {"id": None},
        {"id": 7},
        {"weights": "int3"},
        {"weights": None},
        {"context_length": "many"},
        {"context_length": None},
        {"context_length": 0},
        {"context_length": -1},
        {"context_length": float("inf")},
        {"context_length": float("nan")},
        {"files": []},
        {"files": None},
        {"files": {"a": None}},
        {"files": {"a": {"size": 1}}},
        {"files": {"a": {"size": float("inf"), "sha256": ""}}},
        {"sampling": {"temperature": 99}},
        {"sampling": {"temperature": 10**400}},
        {"sampling": {"unheard_of": 1}},
        {"sampling": []},
        {"format": "1"},
        {"format": None},
    ],
    ids=str,
)
def test_a_wrong_fact_makes_it_no_model(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(Problem, match=r"“a-model” is not a model: .* Remove it"):
        manifest.read(folder_with(tmp_path, BODY | change))


@pytest.mark.parametrize("name", [name for name in BODY if name not in OPTIONAL])
def test_a_missing_fact_makes_it_no_model(tmp_path: Path, name: str) -> None:
    body = {key: value for key, value in BODY.items() if key != name}
    with pytest.raises(Problem, match="is not a model"):
        manifest.read(folder_with(tmp_path, body))


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"[]", b"7", b"\xff\xfe", b"\0" * 9, DEEP])
def test_a_file_that_is_no_manifest(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Problem, match="is not a model"):
        manifest.read(folder_with(tmp_path, data))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_manifest_that_was_cut(tmp_path: Path, kept: float) -> None:
    data = json.dumps(BODY).encode()
    with pytest.raises(Problem, match="is not a model"):
        manifest.read(folder_with(tmp_path, data[: int(kept * len(data))]))


def test_a_folder_without_a_manifest_and_no_folder_at_all(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Problem, match="is not a model"):
            manifest.read(folder)


def test_a_model_of_a_newer_cellar_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="by a newer Cellar") as caught:
        manifest.read(folder_with(tmp_path, {"format": 2, "anything": "else"}))
    assert "Update Cellar" in caught.value.remedy
