"""Facts in words, and the small facts about models and devices."""

from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Stage
from desktop.domain.hardware import Device
from desktop.domain.model import Model, ModelFile
from desktop.domain.wording import STAGES, megabytes, stage_text, weights_label


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.0 MB"),
        (95_600_000, "95.6 MB"),
        (999_000_000, "999.0 MB"),
        (1_000_000_000, "1.0 GB"),
        (4_100_000_000, "4.1 GB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert megabytes(size) == text


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (Stage("loading"), "Loading the model …"),
        (Stage("checking", 0, 10), "Checking the model (0 %)"),
        (Stage("checking", 4, 10), "Checking the model (40 %)"),
        (Stage("checking", 10, 10), "Checking the model (100 %)"),
        (Stage("something new"), "Something new …"),
    ],
)
def test_stages(stage: Stage, text: str) -> None:
    assert stage_text(stage) == text


def test_the_stages_of_an_import_have_words() -> None:
    source = Path(__file__).parents[3] / "desktop/models/jobs/gguf_import.py"
    for name in ("checking the file", "converting", "trying it out", "noting checksums"):
        assert name in source.read_text("utf-8")
        assert STAGES[name].startswith("Preparing the model: ")


def test_a_models_label_and_size() -> None:
    files = (ModelFile("a", 3, ""), ModelFile("b", 4, ""))
    model = Model("id", "Some model", "int8", Path("id"), 2048, files)
    assert weights_label(model) == "Some model · INT8"
    assert model.size == 7


def test_a_device_with_a_reason_is_not_available() -> None:
    assert Device("CPU", "A processor").available
    assert not Device("NPU", "", why_not="There is none.").available


def test_a_problem_reads_as_sentences() -> None:
    assert str(Problem("It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(Problem("It broke.")) == "It broke."
