"""How the models page puts sizes, speeds, qualities and jobs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale

from desktop.domain.events import Stage
from desktop.domain.fit import Verdict
from desktop.domain.formats import share_of_full
from desktop.domain.model import Quality
from desktop.services.shelf.notices import Job, JobState
from desktop.ui.library import words
from desktop.ui.library.format_row import fit_sentence
from tests.gui.models_page_fakes import COMPRESSED, GB, SMALL, STARTER, downloading, model, offer


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "–"), (134_515_008, "135M"), (999_885_952, "1B"), (4_022_468_096, "4B"), (3.8e9, "3.8B")],
)
def test_parameters_are_counted_as_people_do(count: float, text: str) -> None:
    assert words.parameters_text(int(count)) == text


@pytest.mark.parametrize(
    ("speed", "text", "sentence"),
    [
        (12.4, "≈ 12", "about 12 tokens/s, estimated"),
        (2.14, "≈ 2.1", "about 2.1 tokens/s, estimated"),
        (12, "≈ 12", "about 12 tokens/s, estimated"),
        (0, "–", ""),
    ],
)
def test_a_speed_says_that_it_is_an_estimate(speed: float, text: str, sentence: str) -> None:
    assert words.speed_text(speed) == text
    assert words.speed_sentence(speed) == sentence


def test_languages_are_named() -> None:
    assert words.languages_text(("en", "de")) == "English, German"
    assert words.languages_text(("mul",)) == "dozens of languages"
    many = ("en", "de", "fr", "es", "it", "pt", "nl", "ja", "ko", "zh")
    assert words.languages_text(many).endswith("and 2 more")
    assert words.languages_text(("xx-unknown",)) == "xx-unknown"


def test_an_installed_model_tells_how_much_compressing_has_won() -> None:
    assert words.model_facts(STARTER, None) == "95.6 MB · reads up to 8,192 tokens"
    facts = words.model_facts(COMPRESSED, share_of_full(COMPRESSED, (COMPRESSED,)))
    assert facts == "2.0 GB · 25 % of FP16 · reads up to 8,192 tokens"


def test_nothing_is_said_of_a_ratio_that_is_none() -> None:
    as_it_came = model("Plain", 2 * GB, "fp16", uncompressed_size=2 * GB)
    assert share_of_full(as_it_came, (as_it_came,)) is None


def test_quality_is_told_in_numbers_and_explained() -> None:
    text = words.quality_text(Quality(0.0312, 12.42, 12.11))
    assert text == "Differs by 0.03 nats from FP16 · perplexity 12.4, FP16 12.1"
    assert "0.0011 nats" in words.quality_text(Quality(0.0011, 12, 12))
    assert "0 means no difference" in words.quality_help()


def test_a_download_tells_how_far_how_fast_how_long() -> None:
    text = words.job_text(downloading(3_100_000_000))
    assert text == "Downloading 3.1 of 4.6 GB · 12.0 MB/s · 2 min left"


def test_a_stage_tells_how_far_it_is() -> None:
    job = Job("1", "Small", JobState.RUNNING, Stage("compressing", 12, 30))
    assert words.job_text(job) == "Compressing (40 %)"
    assert words.job_share(job) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (JobState.WAITING, "Waiting for its turn"),
        (JobState.PAUSED, "Paused at 3.1 GB of 4.6 GB"),
        (JobState.FAILED, "The disk is full. Make room."),
    ],
)
def test_a_job_that_rests_says_why(state: JobState, text: str) -> None:
    job = replace(downloading(3_100_000_000), state=state, problem="The disk is full. Make room.")
    assert words.job_text(job) == text


def test_how_far_a_job_is_can_be_unknown() -> None:
    running = Job("1", "Small", JobState.RUNNING, Stage("starting"))
    assert words.job_share(running) is None
    assert words.job_share(replace(running, state=JobState.WAITING)) == 0.0
    assert words.job_share(downloading(2_300_000_000)) == pytest.approx(0.5)


def test_an_offer_says_whether_it_fits_and_why() -> None:
    assert fit_sentence(offer(SMALL, reason="It needs 1 GB.")) == "Fits. It needs 1 GB."
    too_large = offer(SMALL, verdict=Verdict.NO, reason="It needs 99 GB, and there are 8.")
    assert fit_sentence(too_large) == "It needs 99 GB, and there are 8."
    assert fit_sentence(offer(SMALL, how="")) == "It cannot be had in this format yet."


def test_an_offer_tells_all_its_numbers() -> None:
    facts = words.offer_facts(offer(SMALL, "int8", tokens_per_s=12))
    assert facts == (
        "1.0 GB to download · 1.0 GB on disk · 1.2 GB of memory"
        " · about 12 tokens/s, estimated · compressed here from FP16"
    )
