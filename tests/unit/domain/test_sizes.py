"""What a model takes: the formulas against sizes that were seen in public or measured here."""

import pytest

from desktop.domain.catalogue import Architecture, Entry, Licence, Source, SourceKind
from desktop.domain.sizes import (
    Need,
    cache_size,
    download_size,
    needs,
    read_for_a_token,
    room_needed,
    weights_size,
)
from desktop.models.catalogue import read_catalogue
from desktop.paths import resources

ENTRIES = {entry.id: entry for entry in read_catalogue(resources() / "catalogue")}
STARTER = ENTRIES["smollm2-135m-instruct"]
MIB = 2**20

ROUND = Entry(
    id="round",
    name="Round",
    family="Test",
    parameters=100_000_000,
    context_length=8192,
    languages=("en",),
    licence=Licence("MIT", "https://example.org"),
    homepage="https://example.org",
    summary="A model of round numbers.",
    architecture=Architecture(10, 500, 2, 50, 20_000),
)


@pytest.mark.parametrize(
    ("entry_id", "weights", "size"),
    [
        # The starter: what NNCF made of it.
        ("smollm2-135m-instruct", "fp16", 257 * MIB),
        ("smollm2-135m-instruct", "int8", 129 * MIB),
        ("smollm2-135m-instruct", "int4", 82 * MIB),
        # Sizes of whole repositories, or of openvino_model.bin, as the hub lists them.
        ("tinyllama-1.1b-chat", "fp16", 2_205_893_490),
        ("tinyllama-1.1b-chat", "int8", 1_107_726_665),
        ("tinyllama-1.1b-chat", "int4", 637_377_363),
        ("phi-3.5-mini-instruct", "fp16", 7_650_161_249),
        ("phi-3.5-mini-instruct", "int8", 3_833_049_950),
        ("phi-3.5-mini-instruct", "int4", 2_088_978_426),
        ("qwen2.5-coder-1.5b-instruct", "int8", 1_550_000_000),
        ("qwen2.5-coder-1.5b-instruct", "int4", 915_000_000),
        ("qwen2.5-coder-7b-instruct", "int8", 7_620_000_000),
        ("qwen2.5-coder-7b-instruct", "int4", 4_480_000_000),
        ("mistral-7b-instruct-v0.3", "int8", 7_250_000_000),
        ("qwen3-8b", "int4", 4_880_000_000),
    ],
)
def test_weights_take_what_they_are_known_to_take(entry_id: str, weights: str, size: int) -> None:
    assert weights_size(ENTRIES[entry_id], weights) == pytest.approx(size, rel=0.04)


@pytest.mark.parametrize(
    ("entry_id", "weights", "memory"),
    [
        # An engine process on CPU after a prompt of 4,000 tokens, without what the system can
        # take back. The third was Qwen3 0.6B with random numbers in place of its weights.
        ("smollm2-135m-instruct", "int4", 392_000_000),
        ("qwen3-0.6b", "int4", 1_085_000_000),
        ("qwen3-0.6b", "int8", 1_270_000_000),
        ("qwen3-0.6b", "fp16", 1_835_000_000),
    ],
)
def test_memory_is_what_was_measured(entry_id: str, weights: str, memory: int) -> None:
    assert needs(ENTRIES[entry_id], weights).memory == pytest.approx(memory, rel=0.08)


def test_tables_stay_at_int8_where_the_rest_is_int4() -> None:
    tables = 2 * 20_000 * 500
    body = 100_000_000 - tables
    assert weights_size(ROUND, "fp16") == 200_000_000
    assert weights_size(ROUND, "int4") == int(body * 0.5390625 + tables * 1.003)


def test_the_cache_grows_with_the_conversation_as_far_as_the_model_reads() -> None:
    assert cache_size(ROUND, 1) == 2 * 10 * 2 * 50 * 2
    small, usual, all_of_it = (needs(ROUND, "int8", tokens) for tokens in (0, 4096, 8192))
    assert usual.memory - small.memory == cache_size(ROUND, 4096)
    assert all_of_it == needs(ROUND, "int8", 1_000_000)
    assert small.disk == usual.disk
    assert needs(ROUND, "int8") == usual


def test_a_table_that_is_looked_up_in_is_not_read() -> None:
    table = 20_000 * 500
    untied = read_for_a_token(ROUND, "fp16", 0)
    assert untied == 2 * (100_000_000 - table)
    assert read_for_a_token(ROUND, "fp16", 10) == untied + cache_size(ROUND, 10)
    # A table that is the head as well is read whole.
    assert read_for_a_token(STARTER, "fp16", 0) == weights_size(STARTER, "fp16")


def test_what_is_only_looked_up_costs_disk_but_no_time() -> None:
    gemma = ENTRIES["gemma-4-e2b-it"]
    assert read_for_a_token(gemma, "int4", 0) < 0.5 * weights_size(gemma, "int4")


INT4 = Source(SourceKind.OPENVINO, "owner/a", "int4")
FP16 = Source(SourceKind.OPENVINO_FP16, "owner/a", "fp16")
GGUF = Source(SourceKind.GGUF, "owner/a", "int4", "a.gguf")
PYTORCH = Source(SourceKind.PYTORCH, "owner/a", "fp16")


@pytest.mark.parametrize(
    ("source", "download", "room"),
    [
        (INT4, ("int4",), ("int4",)),
        (FP16, ("fp16",), ("fp16", "int4")),
        (GGUF, ("int4",), ("int4", "int4")),
        (PYTORCH, ("fp16",), ("fp16", "fp16", "int4")),
    ],
    ids=["ready", "to be compressed", "to be converted", "to be exported and compressed"],
)
def test_what_is_made_stands_beside_what_it_is_made_of(
    source: Source, download: tuple[str, ...], room: tuple[str, ...]
) -> None:
    def disk(formats: tuple[str, ...]) -> int:
        return sum(needs(ROUND, weights).disk for weights in formats)

    assert download_size(ROUND, source) == disk(download)
    assert room_needed(ROUND, "int4", source) == disk(room)


def test_room_for_what_comes_from_nowhere_or_as_it_is() -> None:
    assert room_needed(ROUND, "int4", None) == needs(ROUND, "int4").disk
    assert room_needed(ROUND, "fp16", FP16) == needs(ROUND, "fp16").disk
    assert room_needed(ROUND, "fp16", PYTORCH) == 2 * needs(ROUND, "fp16").disk
    assert isinstance(needs(ROUND, "fp16"), Need)
