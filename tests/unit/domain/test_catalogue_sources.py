"""Where the weights of a model come from."""

from dataclasses import replace

import pytest

from desktop.domain.catalogue import (
    Architecture,
    Entry,
    Licence,
    Source,
    SourceKind,
    best_source,
    preference,
)

INT4 = Source(SourceKind.OPENVINO, "owner/a-int4-ov", "int4")
INT8 = Source(SourceKind.OPENVINO, "owner/a-int8-ov", "int8")
NPU = Source(SourceKind.OPENVINO, "owner/a-int4-cw-ov", "int4", devices=("NPU",))
FP16 = Source(SourceKind.OPENVINO_FP16, "owner/a-fp16-ov", "fp16")
GGUF = Source(SourceKind.GGUF, "owner/a-GGUF", "int4", "a-q4_k_m.gguf")
PYTORCH = Source(SourceKind.PYTORCH, "owner/a", "fp16")


def entry(*sources: Source) -> Entry:
    return Entry(
        id="a",
        name="A",
        family="Test",
        parameters=600_000_000,
        context_length=4096,
        languages=("en",),
        licence=Licence("Apache-2.0", "https://example.org/licence"),
        homepage="https://example.org",
        summary="A model for tests.",
        architecture=Architecture(24, 1024, 8, 64, 32_000),
        sources=sources,
    )


@pytest.mark.parametrize(
    ("sources", "weights", "found"),
    [
        ((INT4, INT8, FP16, GGUF), "int4", INT4),
        ((INT4, INT8, FP16, GGUF), "int8", INT8),
        ((INT4, INT8, FP16, GGUF), "fp16", FP16),
        ((FP16, GGUF), "int4", GGUF),  # nothing to compress
        ((FP16, GGUF), "int8", FP16),
        ((GGUF, PYTORCH), "int4", GGUF),
        ((GGUF, PYTORCH), "int8", None),
        ((GGUF, PYTORCH), "fp16", None),
        ((PYTORCH,), "int4", None),
        ((PYTORCH,), "fp16", None),
        ((INT4,), "int8", None),  # INT8 is not made of INT4
        ((NPU, INT4), "int4", INT4),
        ((NPU,), "int4", None),
        ((), "int4", None),
    ],
)
def test_as_it_is_or_compressed_here(
    sources: tuple[Source, ...], weights: str, found: Source | None
) -> None:
    assert best_source(entry(*sources), weights) == found


@pytest.mark.parametrize(
    ("sources", "weights", "found"),
    [
        ((PYTORCH,), "int4", PYTORCH),
        ((PYTORCH,), "fp16", PYTORCH),
        ((GGUF, PYTORCH), "int4", GGUF),
        ((GGUF, PYTORCH), "int8", PYTORCH),
        ((FP16, PYTORCH), "int8", FP16),
        ((INT4, PYTORCH), "fp16", PYTORCH),
    ],
)
def test_where_checkpoints_can_be_converted(
    sources: tuple[Source, ...], weights: str, found: Source
) -> None:
    assert best_source(entry(*sources), weights, convertible=True) == found
    assert entry(PYTORCH).formats(convertible=True) == ("int4", "int8", "fp16")


def test_the_npu_has_weights_of_its_own() -> None:
    model = entry(INT4, NPU, FP16)
    assert best_source(model, "int4", "NPU") == NPU
    assert best_source(model, "int8", "NPU") is None
    assert best_source(model, "int4", "GPU") == INT4


def test_the_formats_that_can_be_had() -> None:
    assert entry(FP16).offered == ("int4", "int8", "fp16")
    assert entry(GGUF, PYTORCH).offered == ("int4",)
    assert entry(PYTORCH).offered == ()


def test_what_cannot_run_is_not_fetched() -> None:
    model = replace(entry(INT4, FP16), unsupported="It needs eyes.")
    assert model.offered == ()
    assert best_source(model, "int4") is None


def test_the_order_of_the_catalogue() -> None:
    free = entry(INT4)
    small = replace(free, id="z", parameters=1)
    bound = replace(small, licence=Licence("Qwen Research", "https://example.org"))
    gated = replace(small, licence=replace(free.licence, gated=True))
    assert sorted([gated, bound, free, small], key=preference) == [small, free, bound, gated]
