"""The header of a safetensors file: whatever stands in it, nothing outside the file is read."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import Problem
from desktop.models.safetensors import LARGEST_HEADER, copy_tensors, read_header, read_tensor
from tests.models.tiny_lora import write_safetensors

ONE = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


def file_of(path: Path, header: object, data: int = 24) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(data))
    return path


def test_tensors_are_found_where_they_are(tmp_path: Path) -> None:
    tables = {
        "one": np.arange(6, dtype=np.float32).reshape(2, 3),
        "two": np.ones((4, 1), np.float16),
        "none": np.zeros((0, 4), np.float32),
    }
    path = write_safetensors(tmp_path / "a.safetensors", tables)
    found = {tensor.name: tensor for tensor in read_header(path)}
    assert {name: (each.dtype, each.shape) for name, each in found.items()} == {
        "one": ("F32", (2, 3)),
        "two": ("F16", (4, 1)),
        "none": ("F32", (0, 4)),
    }
    for name, table in tables.items():
        assert read_tensor(path, found[name]) == table.tobytes()


def test_a_copy_has_the_chosen_tensors_under_new_names(tmp_path: Path) -> None:
    tables = {name: np.full((3, 2), number, np.float32) for number, name in enumerate("abc")}
    path = write_safetensors(tmp_path / "a.safetensors", tables)
    found = {tensor.name: tensor for tensor in read_header(path)}
    target = tmp_path / "b.safetensors"
    copy_tensors(path, [("x", found["c"]), ("y", found["a"])], target)
    copied = {tensor.name: tensor for tensor in read_header(target)}
    assert read_tensor(target, copied["x"]) == tables["c"].tobytes()
    assert read_tensor(target, copied["y"]) == tables["a"].tobytes()


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"__metadata__": {"format": "pt"}},
        [],
        {"a": []},
        {"a": {"dtype": "F32", "shape": [2, 3]}},
        {"a": {**ONE, "data_offsets": [0, 23]}},
        {"a": {**ONE, "data_offsets": [0]}},
        {"a": {**ONE, "data_offsets": [-24, 0]}},
        {"a": {**ONE, "data_offsets": [24, 0]}},
        {"a": {**ONE, "data_offsets": [0, 24.0]}},
        {"a": {**ONE, "data_offsets": [8, 32]}},
        {"a": {**ONE, "data_offsets": [False, 24]}},
        {"a": {**ONE, "shape": [2, 4]}},
        {"a": {**ONE, "shape": [-2, -3]}},
        {"a": {**ONE, "shape": [2**62, 2**62]}},
        {"a": {**ONE, "shape": "23"}},
        {"a": {**ONE, "shape": [1] * 9 + [6]}},
        {"a": ONE, "b": ONE},
        {"a": {**ONE, "shape": [1, 3], "data_offsets": [0, 12]}},
        {"a" * 501: ONE},
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b"\xff\xfe{}",
        b"{" + b'"a":' + b"9" * 5000 + b"}",
    ],
)
def test_a_header_that_does_not_describe_the_file_is_refused(
    tmp_path: Path, header: object
) -> None:
    with pytest.raises(Problem, match="damaged"):
        read_header(file_of(tmp_path / "a.safetensors", header))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8,
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 100) + b"{}",
        struct.pack("<Q", LARGEST_HEADER + 1) + b"{}",
        b"PK\3\4" + bytes(100),
        b"\x80\x02}q\x00.",
    ],
)
def test_what_is_something_else_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(Problem, match="no safetensors file"):
        read_header(path)


def test_data_after_the_last_tensor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="damaged"):
        read_header(file_of(tmp_path / "a.safetensors", {"a": ONE}, data=25))
