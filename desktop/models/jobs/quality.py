"""How far compressed weights are from the uncompressed ones, on a fixed text."""

from collections.abc import Callable
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from desktop.domain.errors import Problem
from desktop.domain.model import Quality
from desktop.domain.words import tr
from desktop.models.jobs.scores import Scorer, tokens_of
from desktop.paths import resources

Array = np.ndarray[Any, np.dtype[Any]]
OnPart = Callable[[int, int], None]

ROWS_AT_ONCE = 16  # in float64, of vocabularies with up to 262,144 tokens
LARGEST_EXPONENT = 700.0  # a float holds no more


def fixed_text() -> str:
    """What all models are compared on."""
    return (resources() / "quality" / "text.txt").read_text("utf-8")


def measured(
    reference: Path, compressed: Path, text: str, context_length: int, on_part: OnPart
) -> Quality:
    """Have both models read the text. `on_part` gets tokens read of tokens to read.

    One model after the other, so that memory never holds both. Raises Problem.
    """
    ids = tokens_of(compressed, text)[:context_length]
    if len(ids) < 2:
        raise Problem(tr("The text for comparing models has too few tokens for this model."))
    expected = _all_rows(reference, ids, on_part)
    comparison = Comparison(ids)
    read = 0
    for rows in Scorer(compressed).rows(ids):
        comparison.add(expected[read : read + len(rows)], rows)
        read += len(rows)
        on_part(len(ids) + read, 2 * len(ids))
    return comparison.result()


def _all_rows(folder: Path, ids: Array, on_part: OnPart) -> Array:
    table = np.empty((0, 0), np.float32)
    read = 0
    for rows in Scorer(folder).rows(ids):
        if not read:
            table = np.empty((len(ids), rows.shape[1]), np.float32)
        table[read : read + len(rows)] = rows
        read += len(rows)
        on_part(read, 2 * len(ids))
    return table


class Comparison:
    """Sums up the scores of two models after each token of a text; the reference comes first."""

    def __init__(self, ids: Array) -> None:
        self._ids = ids
        self._position = 0
        self._divergence = 0.0
        self._surprise = 0.0
        self._reference_surprise = 0.0

    def add(self, reference: Array, other: Array) -> None:
        """The scores after the next tokens, a row for each. Raises Problem for what is no number.

        What follows the last token of the text is not known, so its row does not count.
        """
        for start in range(0, len(reference), ROWS_AT_ONCE):
            end = start + ROWS_AT_ONCE
            self._add(reference[start:end], other[start:end])

    def _add(self, reference: Array, other: Array) -> None:
        following = self._ids[self._position + 1 : self._position + 1 + len(reference)]
        self._position += len(reference)
        rows = np.arange(len(following))
        expected = log_probabilities(reference[: len(following)])
        found = log_probabilities(other[: len(following)])
        self._divergence += float(np.sum(np.exp(expected) * (expected - found)))
        self._surprise -= float(np.sum(found[rows, following]))
        self._reference_surprise -= float(np.sum(expected[rows, following]))

    def result(self) -> Quality:
        """The means over the tokens whose successor is known."""
        count = len(self._ids) - 1
        return Quality(
            kl_divergence=max(self._divergence / count, 0.0),
            perplexity=exp(min(self._surprise / count, LARGEST_EXPONENT)),
            reference_perplexity=exp(min(self._reference_surprise / count, LARGEST_EXPONENT)),
        )


def log_probabilities(scores: Array) -> Array:
    """The natural logarithms of the probabilities that rows of scores stand for, in float64."""
    exact = scores.astype(np.float64)
    if not np.isfinite(exact).all():
        raise Problem(
            tr("The model computes something that is no number."),
            tr("Choose another weight format, or another repository of this model."),
        )
    exact -= exact.max(axis=1, keepdims=True)
    exact -= np.log(np.exp(exact).sum(axis=1, keepdims=True))
    return exact
