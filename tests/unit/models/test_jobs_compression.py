"""The settings for compression, and what it is said to take."""

import pytest

from desktop.domain.errors import Problem
from desktop.domain.model import Recipe
from desktop.models.jobs import needs
from desktop.models.jobs.compression import scheme_for

STARTER = [28_311_552] + [884_736] * 90 + [331_776] * 60 + [110_592] * 60  # its layers
MIDDLE = [100_663_296] + [16_777_216] * 24 + [4_194_304] * 16 + [1_048_576] * 16
LARGE = [400_000_000] + [30_000_000] * 120


def test_int8_is_for_all_layers_alike() -> None:
    scheme = scheme_for("int8", False, STARTER)
    assert (scheme.weights, scheme.ratio) == ("int8", 1.0)


def test_a_small_model_keeps_its_sensitive_layers_in_int8() -> None:
    assert scheme_for("int4", False, STARTER).ratio < 1
    assert scheme_for("int4", False, LARGE).ratio == 1


@pytest.mark.parametrize("weights", ["int4", "int8"])
def test_the_npu_gets_symmetric_weights(weights: str) -> None:
    assert scheme_for(weights, True, STARTER).symmetric
    assert not scheme_for(weights, False, STARTER).symmetric


def test_what_is_known_of_this_very_model_comes_first_except_for_the_npu() -> None:
    recipe = Recipe(symmetric=True, group=32, ratio=0.6)
    scheme = scheme_for("int4", False, LARGE, recipe)
    assert (scheme.symmetric, scheme.group, scheme.ratio) == (True, 32, 0.6)
    assert scheme_for("int4", True, LARGE, recipe) == scheme_for("int4", True, LARGE)
    assert scheme_for("int8", False, LARGE, recipe) == scheme_for("int8", False, LARGE)


def test_another_format_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="int3"):
        scheme_for("int3", False, STARTER)


def test_the_memory_said_to_be_needed_covers_what_was_measured() -> None:
    """Anonymous memory at the peak, for a model of 0.13 and one of 0.59 billion weights."""
    assert 332e6 < scheme_for("int8", False, STARTER).memory(STARTER) < 2 * 332e6
    assert 382e6 < scheme_for("int4", False, STARTER).memory(STARTER) < 2 * 382e6
    assert 933e6 < scheme_for("int8", False, MIDDLE).memory(MIDDLE) < 2 * 933e6
    assert 1055e6 < scheme_for("int4", False, MIDDLE).memory(MIDDLE) < 2 * 1055e6


def test_what_comes_out_is_held_while_the_rest_is_worked_on() -> None:
    scheme = scheme_for("int8", False, LARGE)
    assert scheme.memory(LARGE) > sum(LARGE)
    assert scheme.memory(LARGE) > scheme_for("int4", False, LARGE).memory(LARGE)


def test_a_model_without_layers_needs_little() -> None:
    assert scheme_for("int8", False, []).memory([]) < 500_000_000
    assert scheme_for("int8", False, []).output([]) == 0


def test_too_little_memory_is_told_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "available_memory", lambda: 3_200_000_000)
    needs.refuse_without_memory(3_200_000_000, "Compressing this model")
    with pytest.raises(Problem, match=r"takes 7\.5 GB of memory, and 3\.2 GB are free\. Close"):
        needs.refuse_without_memory(7_500_000_000, "Compressing this model")
