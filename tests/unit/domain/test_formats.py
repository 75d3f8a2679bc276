"""The weight formats of one model: what belongs together, what to switch to, how sizes compare."""

from pathlib import Path

import pytest

from desktop.domain.formats import family, pair, share_of_full
from desktop.domain.model import Model, ModelFile
from desktop.domain.wording import format_text


def installed(model_id: str, weights: str, size: int = 100, **more: object) -> Model:
    files = (ModelFile("openvino_model.bin", size, ""),)
    return Model(model_id, "Name", weights, Path(model_id), 4096, files, **more)  # type: ignore[arg-type]


FULL = installed("alpha-fp16", "fp16", 1000)
INT8 = installed("alpha-int8", "int8", 510)
INT4 = installed("alpha-int4", "int4", 360)
OTHER = installed("beta-int4", "int4", 300)
ALL = (FULL, INT4, INT8, OTHER)


def test_formats_of_a_model_belong_together_by_their_entry_or_else_their_id() -> None:
    assert family(FULL) == family(INT8) == "alpha"
    named = installed("my-own-name", "int4", entry="alpha")
    assert family(named) == "alpha"
    starter = installed("alpha", "int4")  # comes with the program, without a format in its id
    assert family(starter) == "alpha"
    assert family(OTHER) != family(INT4)


def test_sizes_are_held_against_the_fp16_model_that_is_here() -> None:
    assert share_of_full(INT4, ALL) == pytest.approx(0.36)
    assert share_of_full(FULL, ALL) is None
    assert share_of_full(OTHER, ALL) is None
    assert format_text(INT4, share_of_full(INT4, ALL)) == "INT4 0.0 MB, 36 % of FP16"


def test_sizes_are_held_against_what_they_were_made_from_when_that_is_gone() -> None:
    alone = installed("alpha-int4", "int4", 360, uncompressed_size=1200)
    assert share_of_full(alone, (alone,)) == pytest.approx(0.3)
    assert share_of_full(alone, (alone, FULL)) == pytest.approx(0.36)


def test_a_switch_needs_both_kinds() -> None:
    assert pair(FULL, (FULL, OTHER), {}) is None
    assert pair(INT4, (INT4, INT8), {}) is None


def test_from_fp16_one_goes_to_the_compressed_one_that_was_used_last() -> None:
    both = pair(FULL, ALL, {"alpha": INT8.id})
    assert both is not None
    assert (both.full, both.compressed) == (FULL, INT8)
    assert both.other(FULL.id) == INT8
    assert both.other(INT8.id) == FULL


@pytest.mark.parametrize("used", [{}, {"beta": OTHER.id}, {"alpha": "gone-int8"}])
def test_else_to_the_smallest(used: dict[str, str]) -> None:
    both = pair(FULL, ALL, used)
    assert both is not None
    assert both.compressed == INT4


def test_the_compressed_one_in_use_is_one_of_the_two() -> None:
    both = pair(INT8, ALL, {"alpha": INT4.id})
    assert both is not None
    assert both.compressed == INT8
