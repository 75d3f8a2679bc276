"""Reading the header of a GGUF file, honest or hostile."""

import struct
from pathlib import Path

import pytest
from gguf import GGMLQuantizationType, GGUFReader, LlamaFileType
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.jobs.gguf_header import BadGguf, read_header
from tests.models.tiny_gguf import write_gguf


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gguf")
    return write_gguf(
        folder / "tiny.gguf",
        kind=GGMLQuantizationType.Q4_K,
        file_type=LlamaFileType.MOSTLY_Q4_K_M,
        general__languages=["en", "de"],
        general__weights=[0.5, -2.0],
    )


def test_it_reads_what_the_format_s_own_library_reads(tiny: Path) -> None:
    theirs = GGUFReader(tiny)
    header = read_header(tiny)
    facts = {n: f.contents() for n, f in theirs.fields.items() if not n.startswith("GGUF.")}
    assert header.facts == facts
    ours = [(table.name, table.kind, table.end) for table in header.tables]
    assert ours == [(t.name, t.tensor_type.name, t.data_offset + t.n_bytes) for t in theirs.tensors]
    assert header.size <= tiny.stat().st_size < header.size + 32


def test_lists_of_texts_that_nobody_wants_are_passed_over(tiny: Path) -> None:
    header = read_header(tiny, wanted=lambda name: name == "tokenizer.ggml.tokens")
    assert len(header.facts["tokenizer.ggml.tokens"]) == 260
    assert header.facts["tokenizer.ggml.merges"] is None
    assert header.tables == read_header(tiny).tables


def test_a_header_that_is_cut_anywhere(tiny: Path, tmp_path: Path) -> None:
    whole = tiny.read_bytes()
    end = whole.index(b"blk.1.ffn_down.weight")
    for length in [*range(200), *range(200, end, 97)]:
        (tmp_path / "cut.gguf").write_bytes(whole[:length])
        with pytest.raises(BadGguf):
            read_header(tmp_path / "cut.gguf")


@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=8))
def test_whatever_stands_in_it_costs_an_error_at_the_most(
    tiny: Path, tmp_path_factory: pytest.TempPathFactory, place: int, change: bytes
) -> None:
    data = bytearray(tiny.read_bytes()[:12_000])
    place %= len(data) - len(change)
    data[place : place + len(change)] = change
    path = tmp_path_factory.getbasetemp() / "flipped.gguf"
    path.write_bytes(data)
    try:
        read_header(path)
    except BadGguf:
        return


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 2**60),
        struct.pack("<4sIQQ", b"GGUF", 3, 2**60, 0),
        struct.pack("<4sIQQ", b"GGUF", 99, 0, 0),
        struct.pack("<4sIQQ", b"GGML", 3, 0, 0),
        struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, 2**62) + b"x" * 64,
        struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"x", 9, 8, 2**61) + b"x" * 64,
        struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"x", 9, 4, 2**61) + b"x" * 64,
        struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"x", 9, 9, 3) + b"x" * 64,
        struct.pack("<4sIQQQ1sI", b"GGUF", 3, 0, 1, 1, b"x", 77) + b"x" * 64,
        struct.pack("<4sIQQQ1sI", b"GGUF", 3, 1, 0, 1, b"x", 2**31) + b"x" * 64,
        b"PK\x03\x04" + b"\0" * 100,
        b"",
    ],
)
def test_numbers_that_cannot_be(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.gguf").write_bytes(data)
    with pytest.raises(BadGguf):
        read_header(tmp_path / "bad.gguf")
