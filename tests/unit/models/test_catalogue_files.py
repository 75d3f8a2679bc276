"""Every file of the catalogue: what holds for each of them, and for all together."""

import re
from collections import Counter

import pytest

from desktop.domain.catalogue import (
    COMPRESSED,
    WEIGHTS,
    Entry,
    SourceKind,
    best_source,
    preference,
)
from desktop.domain.sampling import BY_NAME
from desktop.domain.sizes import needs
from desktop.models.catalogue import read_catalogue
from desktop.models.manifest import SAFE_ID
from desktop.paths import resources

FOLDER = resources() / "catalogue"
CATALOGUE = read_catalogue(FOLDER)
KINDS = list(SourceKind)
BY_ID = {entry.id: entry for entry in CATALOGUE}
GGUF_SIGNS = {"int4": re.compile(r"q4_(0|1|k_m)"), "int8": re.compile("q8_0")}

each = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.id)


def test_every_file_is_a_model() -> None:
    assert len(CATALOGUE) == len(list(FOLDER.iterdir())) >= 30
    assert len(BY_ID) == len(CATALOGUE)
    assert len({entry.name for entry in CATALOGUE}) == len(CATALOGUE)


def test_one_model_comes_with_the_program() -> None:
    assert [entry.id for entry in CATALOGUE if entry.starter] == ["smollm2-135m-instruct"]


def test_those_that_are_free_in_every_way_come_first() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE, key=preference)
    free = [entry.licence.permissive and not entry.licence.gated for entry in CATALOGUE]
    assert free == sorted(free, reverse=True)
    assert sum(free) >= 20


def test_the_families_that_were_asked_for_are_there() -> None:
    families = {entry.family for entry in CATALOGUE}
    assert families >= {"SmolLM2", "SmolLM3", "Qwen3", "Phi", "TinyLlama", "Granite", "Gemma 4"}
    assert families >= {"Llama 3", "Gemma 3", "Mistral", "DeepSeek R1", "OLMo 2", "Qwen2.5"}
    assert {"qwen3-0.6b", "qwen3-1.7b", "qwen3-4b", "qwen3-8b"} <= set(BY_ID)


def test_no_repository_and_file_stands_for_two_models() -> None:
    places = Counter((s.repository, s.file) for entry in CATALOGUE for s in entry.sources)
    assert [place for place, times in places.items() if times > 1] == []


def test_most_can_be_had_in_int4_without_an_account() -> None:
    sources = [best_source(entry, "int4") for entry in CATALOGUE]
    assert (
        sum(source is not None and source.checked and not source.gated for source in sources) >= 18
    )


@each
def test_the_id_is_a_name_for_a_folder_also_with_its_weights(entry: Entry) -> None:
    assert all(SAFE_ID.fullmatch(f"{entry.id}-{weights}") for weights in WEIGHTS)


@each
def test_the_numbers_are_those_of_a_language_model(entry: Entry) -> None:
    shape = entry.architecture
    assert 1e8 < entry.parameters < 2e10
    assert 1024 <= entry.context_length <= 2**20
    assert 10 <= shape.layers <= 100
    assert shape.hidden % 64 == 0
    assert shape.head_size in (64, 80, 96, 128, 256)
    assert shape.hidden % shape.kv_heads == 0
    assert 30_000 < shape.vocabulary < 300_000


@each
def test_the_tables_leave_most_parameters_for_the_layers(entry: Entry) -> None:
    shape = entry.architecture
    tables = shape.table * (1 if shape.tied else 2) + shape.lookup
    body = entry.parameters - tables
    # Attention and the feed-forward part: 7 to 16 times the square of the width in each layer.
    assert 4 < body / shape.layers / shape.hidden**2 < 30


@each
def test_smaller_weights_need_less(entry: Entry) -> None:
    found = [needs(entry, weights) for weights in WEIGHTS]
    assert found[0].disk < found[1].disk < found[2].disk
    assert found[0].memory < found[1].memory < found[2].memory
    assert all(need.disk < need.memory for need in found)


@each
def test_the_sources_are_in_the_order_of_preference(entry: Entry) -> None:
    kinds = [KINDS.index(source.kind) for source in entry.sources]
    assert kinds == sorted(kinds)


@each
def test_a_repository_is_named_as_what_it_holds(entry: Entry) -> None:
    for source in entry.sources:
        name = source.repository.casefold()
        if source.kind in (SourceKind.OPENVINO, SourceKind.OPENVINO_FP16):
            assert re.search(rf"-{source.weights}(-cw)?-ov$", name)
            assert (source.kind is SourceKind.OPENVINO_FP16) == (source.weights == "fp16")
            assert source.devices == (("NPU",) if "-cw-" in name else ("CPU", "GPU"))
        elif source.kind is SourceKind.GGUF:
            assert name.endswith("gguf")
            assert GGUF_SIGNS[source.weights].search(source.file.casefold())
        else:
            assert source.weights == "fp16"


@each
def test_a_gguf_is_one_that_the_engine_can_read(entry: Entry) -> None:
    """The K formats need rows of 256 numbers; in shorter ones llama.cpp writes Q5_0 instead."""
    for source in entry.sources:
        if source.kind is SourceKind.GGUF:
            assert entry.family.startswith(("SmolLM2", "Qwen2.5", "Qwen3", "Llama 3"))
            assert "_k" not in source.file.casefold() or entry.architecture.hidden % 256 == 0


@each
def test_a_model_for_the_npu_has_weights_for_it(entry: Entry) -> None:
    made_for_it = any("NPU" in source.devices for source in entry.sources)
    assert ("NPU" in entry.devices) == made_for_it
    assert {"CPU", "GPU"} <= set(entry.devices)


@each
def test_what_must_be_shown_is_there(entry: Entry) -> None:
    assert bool(entry.licence.notice) != entry.licence.permissive
    gated = any(source.gated for source in entry.sources)
    assert gated == entry.licence.gated
    assert not (gated and entry.licence.permissive)


@each
def test_every_address_belongs_to_the_makers(entry: Entry) -> None:
    owner_and_name = entry.homepage.removeprefix("https://huggingface.co/")
    assert owner_and_name.count("/") == 1
    makers = [source.repository for source in entry.sources if source.kind is SourceKind.PYTORCH]
    assert makers in ([owner_and_name], [])


@each
def test_the_sampling_is_within_reason(entry: Entry) -> None:
    assert set(entry.sampling) <= set(BY_NAME) - {"seed", "stop"}
    temperature = entry.sampling.get("temperature", 0.5)
    assert isinstance(temperature, float)
    assert 0 < temperature <= 1
    room = entry.sampling.get("max_new_tokens", 0)
    assert isinstance(room, int)
    assert (room >= 2048) == entry.thinking  # thinking fills the usual length by itself
    assert room < entry.context_length


@each
def test_what_cannot_run_is_not_offered(entry: Entry) -> None:
    if entry.unsupported:
        assert entry.offered == ()
    for weights in entry.offered:
        source = best_source(entry, weights)
        assert source is not None
        assert source.kind is not SourceKind.PYTORCH
        assert source.weights == weights or weights in COMPRESSED


def test_what_was_not_seen_in_public_is_marked() -> None:
    unchecked = {s.repository for entry in CATALOGUE for s in entry.sources if not s.checked}
    assert unchecked == {
        "HuggingFaceTB/SmolLM2-135M-Instruct-GGUF",
        "OpenVINO/gemma-3-1b-it-int4-ov",
    }
