"""What follows from measured rounds."""

import pytest

from desktop.domain.bench import (
    Contestant,
    DeviceReport,
    Report,
    Result,
    Sample,
    Work,
    ratio,
    same_texts,
)
from desktop.domain.tuning import TypicalTurn

TURN = TypicalTurn(reading=200, writing=200)
F32 = {"INFERENCE_PRECISION_HINT": "f32"}


def sample(cold_ms: float, decode: float, text: str = "a", tenth_ms: float = 0.0) -> Sample:
    return Sample(100, 50, cold_ms, decode, warm_ms=10, tenth_ms=tenth_ms, text=text)


def result(
    contestant: Contestant, *speeds: float, properties: dict[str, str] | None = None
) -> Result:
    samples = tuple(sample(100, speed) for speed in speeds)
    return Result(contestant, samples, properties or {})


def report(*devices: DeviceReport, bandwidth: float = 20e9) -> Report:
    return Report("m", "Model", "int4", 100_000_000, bandwidth, Work(), TURN, devices)


def test_a_median_leaves_out_rounds_without_the_figure() -> None:
    found = Result(
        Contestant.CELLAR,
        (sample(100, 90, tenth_ms=50), sample(200, 10), sample(400, 80, tenth_ms=70)),
    )
    assert found.median("decode") == 80
    assert found.median("prefill") == 500
    assert found.median("tenth_ms") == 60
    assert found.median("history_ms") == 0
    assert Result(Contestant.CELLAR).median("decode") == 0


def test_a_ratio_is_that_of_the_rounds() -> None:
    """A machine that has slowed down for two rounds makes no difference."""
    one = result(Contestant.CELLAR, 100, 20, 30, 100, 100)
    other = result(Contestant.LIBRARY, 50, 10, 15, 50, 10)
    assert ratio(one, other, "decode") == 2
    assert ratio(one, other, "cold_ms") == 1
    assert ratio(one, other, "tenth_ms") == 0
    assert ratio(one, Result(Contestant.OPTIMUM), "decode") == 0


def test_same_texts() -> None:
    one = Result(Contestant.CELLAR, (sample(1, 1, "x"), sample(1, 1, "y")))
    other = Result(Contestant.LIBRARY, (sample(1, 1, "x"), sample(1, 1, "z")))
    assert same_texts(one, other) == 1


def test_the_share_of_the_bandwidth() -> None:
    cellar = result(Contestant.CELLAR, 100)
    assert report().bandwidth_share(cellar) == pytest.approx(0.5)
    assert report(bandwidth=0).bandwidth_share(cellar) == 0


def test_the_device_that_was_measured_to_be_fastest_is_recommended() -> None:
    slow = DeviceReport("CPU", (result(Contestant.CELLAR, 50),))
    fast = DeviceReport("GPU", (result(Contestant.CELLAR, 100, properties=F32),))
    broken = DeviceReport("NPU", why_not="No.")
    text = report(slow, fast, broken).recommendation
    assert text == (
        "Use GPU with 32-bit floats: a turn of 200 tokens read and 200 written takes 2.2 s"
        " (CPU 4.2 s)."
    )
    assert report(broken).recommendation == ""


def test_a_recommendation_tells_who_was_faster() -> None:
    cellar = result(Contestant.CELLAR, 50, properties=F32)
    bare = result(Contestant.LIBRARY, 100)
    text = report(DeviceReport("CPU", (cellar, bare))).recommendation
    assert "OpenVINO GenAI alone took 2.2 s here. Measure the settings again" in text
    little_faster = result(Contestant.LIBRARY, 51)
    text = report(DeviceReport("CPU", (cellar, little_faster))).recommendation
    assert text.endswith("takes 4.2 s.")
    other = result(Contestant.LLAMA_CPP, 100)
    text = report(DeviceReport("CPU", (cellar, other))).recommendation
    assert text.endswith("llama.cpp took 2.2 s here.")
