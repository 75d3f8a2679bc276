"""Perplexity and divergence: against sums worked out by hand, and where numbers are extreme."""

from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Problem
from desktop.domain.model import Quality
from desktop.models.jobs.quality import Comparison, fixed_text, log_probabilities

Array = np.ndarray[Any, np.dtype[Any]]


def compare(ids: list[int], reference: Any, other: Any) -> Quality:
    comparison = Comparison(np.array(ids))
    comparison.add(np.array(reference, np.float32), np.array(other, np.float32))
    return comparison.result()


def scores(*probabilities: float) -> list[float]:
    return [log(p) for p in probabilities]


def test_by_hand() -> None:
    reference = [scores(0.5, 0.25, 0.25), scores(0.1, 0.8, 0.1), scores(0.2, 0.3, 0.5)]
    other = [scores(0.25, 0.5, 0.25), scores(0.1, 0.6, 0.3), scores(1 / 3, 1 / 3, 1 / 3)]
    quality = compare([0, 2, 1], reference, other)
    first = 0.5 * log(0.5 / 0.25) + 0.25 * log(0.25 / 0.5)
    second = 0.8 * log(0.8 / 0.6) + 0.1 * log(0.1 / 0.3)
    assert quality.kl_divergence == pytest.approx((first + second) / 2, rel=1e-5)
    assert quality.perplexity == pytest.approx(exp(-(log(0.25) + log(0.6)) / 2), rel=1e-5)
    assert quality.reference_perplexity == pytest.approx(exp(-(log(0.25) + log(0.8)) / 2), rel=1e-5)


def test_the_same_scores_have_no_divergence_whatever_is_added_to_them() -> None:
    rows = np.random.default_rng(1).normal(size=(4, 50)).astype(np.float32)
    assert compare([1, 2, 3, 4], rows, rows).kl_divergence == 0
    moved = compare([1, 2, 3, 4], rows, rows + np.float32(100))
    assert moved.kl_divergence < 1e-8


def test_a_model_that_knows_nothing_has_the_vocabulary_as_its_perplexity() -> None:
    quality = compare([0, 1, 2], np.zeros((3, 1000)), np.zeros((3, 1000)))
    assert quality.perplexity == pytest.approx(1000)


def test_pieces_add_up_to_the_whole() -> None:
    random = np.random.default_rng(2)
    ids = random.integers(0, 30, 9)
    reference, other = (random.normal(size=(9, 30)).astype(np.float32) for _ in range(2))
    in_pieces = Comparison(ids)
    for start, end in ((0, 1), (1, 5), (5, 9)):
        in_pieces.add(reference[start:end], other[start:end])
    whole = compare(list(ids), reference, other)
    assert in_pieces.result().kl_divergence == pytest.approx(whole.kl_divergence)
    assert in_pieces.result().perplexity == pytest.approx(whole.perplexity)


def test_the_scores_after_the_last_token_do_not_count() -> None:
    rows = np.zeros((2, 5))
    spoilt = np.array([[0, 0, 0, 0, 0], [90, 0, 0, 0, 0]])
    assert compare([1, 1], rows, spoilt).kl_divergence == 0


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1.0, 1e4, 1e30]))
def test_a_divergence_is_a_number_and_not_negative(seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    reference, other = (random.normal(size=(3, 20)) * scale for _ in range(2))
    quality = compare([0, 1, 2], reference, other)
    assert quality.kl_divergence >= 0
    assert quality.kl_divergence < float("inf")


def test_probabilities_add_up_to_one_for_large_vocabularies() -> None:
    rows = np.random.default_rng(3).normal(scale=8, size=(2, 262_144)).astype(np.float32)
    assert np.exp(log_probabilities(rows)).sum(axis=1) == pytest.approx([1, 1], abs=1e-12)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_a_problem(bad: float) -> None:
    with pytest.raises(Problem, match="computes something that is no number"):
        compare([0, 1], [[0, bad], [0, 0]], [[0, 0], [0, 0]])


def test_the_text_has_several_kinds_of_language() -> None:
    text = fixed_text()
    assert 1500 < len(text) < 4000
    assert all(part in text for part in ("def median", "schläft", "neige", "Question:", "1. "))
