"""Whether the converted model computes what the original does, on the beginning of a text."""

from pathlib import Path
from typing import Any

import numpy as np

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs.inspection.description import OTHER_SOURCES
from desktop.models.jobs.quality import Comparison, fixed_text
from desktop.models.jobs.scores import Incomparable, Scorer

Array = np.ndarray[Any, np.dtype[Any]]

TOKENS = 48
# The mean divergence in nats: rounding to FP16 makes less than 0.001, a wrong layer more than 1.
LARGEST_DIVERGENCE = 0.05


def fixed_ids(tokenizer: Any) -> Array:
    """The beginning of the text that all models are compared on."""
    ids = tokenizer(fixed_text(), add_special_tokens=False)["input_ids"][:TOKENS]
    return np.array(ids, np.int64)


def scores_of(model: Any, ids: Array) -> Array:
    """What the original thinks of the next token, after each one."""
    import torch

    with torch.inference_mode():
        rows = model(input_ids=torch.from_numpy(ids[None])).logits[0]
    return np.asarray(rows.float().numpy())


def refuse_unfaithful(folder: Path, ids: Array, expected: Array) -> None:
    """Raise Problem when the IR of a folder computes something else."""
    comparison = Comparison(ids)
    read = 0
    try:
        for rows in Scorer(folder).rows(ids):
            comparison.add(expected[read : read + len(rows)], rows)
            read += len(rows)
    except Incomparable:
        return  # of a kind whose scores cannot be had this way; it still has to prove itself
    if comparison.result().kl_divergence > LARGEST_DIVERGENCE:
        raise Problem(
            tr("The converted model does not compute what the original does."), tr(OTHER_SOURCES)
        )
