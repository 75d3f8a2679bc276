"""Advice on what fits a computer: at its boundaries, against measurements, and in general."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.catalogue import WEIGHTS, Entry, Licence, Source, SourceKind, best_source
from desktop.domain.fit import (
    ENOUGH,
    ENOUGH_THINKING,
    SEVERITY,
    SPARE_DISK,
    SPARE_MEMORY,
    SYSTEM,
    Machine,
    Verdict,
    advise,
    best,
    speed,
)
from desktop.domain.sizes import needs, room_needed
from desktop.models.catalogue import read_catalogue
from desktop.paths import resources

CATALOGUE = read_catalogue(resources() / "catalogue")
ENTRIES = {entry.id: entry for entry in CATALOGUE}
QWEN = ENTRIES["qwen3-4b"]
GIB = 2**30
GB = 10**9

LAPTOP = Machine(16 * GIB, 10 * GIB, 200 * GB, ("CPU", "GPU"), 60 * GB, 8)
MEMORY = needs(QWEN, "int4").memory
ROOM = room_needed(QWEN, "int4", best_source(QWEN, "int4"))


@pytest.mark.parametrize(
    ("change", "verdict", "said"),
    [
        ({}, Verdict.FITS, "It needs 3.2 GB of memory; 10.7 GB are free."),
        ({"memory_total": MEMORY + SYSTEM}, Verdict.FITS, ""),
        ({"memory_total": MEMORY + SYSTEM - 1}, Verdict.NO, "this computer has 4.7 GB for everyth"),
        ({"memory_available": MEMORY + SPARE_MEMORY}, Verdict.FITS, ""),
        (
            {"memory_available": MEMORY + SPARE_MEMORY - 1},
            Verdict.TIGHT,
            "It needs 3.2 GB of memory; 4.2 GB are free. Close other programs.",
        ),
        ({"memory_available": 0}, Verdict.TIGHT, "0.0 MB are free"),
        ({"disk_free": ROOM + SPARE_DISK}, Verdict.FITS, ""),
        ({"disk_free": ROOM + SPARE_DISK - 1}, Verdict.TIGHT, "It needs 2.4 GB of disk, nearly"),
        ({"disk_free": ROOM}, Verdict.TIGHT, "nearly all of the 2.4 GB"),
        ({"disk_free": ROOM - 1}, Verdict.NO, "It needs 2.4 GB of disk; 2.4 GB are free."),
        ({"disk_free": 0, "memory_available": 0}, Verdict.NO, "of disk; 0.0 MB are free"),
        ({"disk_free": 0, "memory_total": GIB}, Verdict.NO, "of memory; this computer has 1.1 GB"),
        ({"devices": ("NPU",)}, Verdict.NO, "It runs on CPU or GPU, which this computer lacks."),
        ({"devices": ("GPU.1",)}, Verdict.FITS, ""),
        ({"devices": ()}, Verdict.NO, "lacks"),
    ],
    ids=str,
)
def test_the_verdict_at_its_boundaries(change: dict[str, Any], verdict: Verdict, said: str) -> None:
    fit = advise(QWEN, "int4", replace(LAPTOP, **change))
    assert fit.verdict is verdict
    assert said in fit.reason
    assert fit.reason.endswith(".")


def test_what_is_compressed_here_needs_room_for_both() -> None:
    fp16 = Source(SourceKind.OPENVINO_FP16, "owner/a", "fp16", checked=True)
    entry = replace(QWEN, sources=(fp16,))
    enough_for_int4 = replace(LAPTOP, disk_free=ROOM + SPARE_DISK)
    assert advise(QWEN, "int4", enough_for_int4).verdict is Verdict.FITS
    assert advise(entry, "int4", enough_for_int4).verdict is Verdict.NO


def test_what_this_cellar_cannot_run_fits_nowhere() -> None:
    fit = advise(replace(QWEN, unsupported="It needs eyes."), "int4", LAPTOP)
    assert (fit.verdict, fit.reason) == (Verdict.NO, "It needs eyes.")


# How fast


@pytest.mark.parametrize(
    ("entry_id", "weights", "slowest", "fastest"),
    [
        ("smollm2-135m-instruct", "int4", 73, 105),
        ("smollm2-135m-instruct", "int8", 56, 93),
        ("smollm2-135m-instruct", "fp16", 48, 68),
        ("qwen3-0.6b", "int4", 34, 36),
        ("qwen3-0.6b", "int8", 22, 31),
        ("qwen3-0.6b", "fp16", 13, 14),
    ],
)
def test_the_estimate_is_within_a_third_of_what_was_measured(
    entry_id: str, weights: str, slowest: float, fastest: float
) -> None:
    """Measured with 22 GB/s of memory bandwidth, on two cores."""
    estimate = speed(ENTRIES[entry_id], weights, replace(LAPTOP, bandwidth_bytes_per_s=22e9))
    assert slowest * 2 / 3 < estimate < fastest * 4 / 3


def test_an_unknown_bandwidth_is_no_speed_and_no_reason_against_it() -> None:
    fit = advise(QWEN, "int4", replace(LAPTOP, bandwidth_bytes_per_s=0.0))
    assert (fit.verdict, fit.tokens_per_s) == (Verdict.FITS, 0.0)


def test_smaller_weights_are_faster() -> None:
    speeds = [speed(QWEN, weights, LAPTOP) for weights in WEIGHTS]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] > 2.5 * speeds[2]


# The recommendation


@pytest.mark.parametrize(
    ("machine", "model"),
    [
        (LAPTOP, "qwen2.5-7b-instruct"),
        (replace(LAPTOP, memory_available=5 * GB), "qwen3-4b"),
        (replace(LAPTOP, memory_available=3 * GB), "qwen3-1.7b"),
        (replace(LAPTOP, memory_available=2 * GB), "qwen2.5-0.5b-instruct"),
        (replace(LAPTOP, bandwidth_bytes_per_s=200e9), "qwen3-8b"),
        (replace(LAPTOP, bandwidth_bytes_per_s=40e9), "phi-4-mini-instruct"),
        (replace(LAPTOP, bandwidth_bytes_per_s=20e9), "smollm2-1.7b-instruct"),
        (replace(LAPTOP, disk_free=4 * GB), "qwen3-4b"),
        (replace(LAPTOP, memory_available=GB), None),
        (replace(LAPTOP, disk_free=GB), None),
        (replace(LAPTOP, bandwidth_bytes_per_s=0.0), None),
    ],
)
def test_what_is_recommended(machine: Machine, model: str | None) -> None:
    found = best(CATALOGUE, machine)
    assert (found and found.entry.id) == model
    assert best(reversed(CATALOGUE), machine) == found


def test_int4_is_preferred_and_int8_taken_where_there_is_no_int4() -> None:
    found = best(CATALOGUE, LAPTOP)
    assert found is not None
    assert found.weights == "int4"
    assert found.source == best_source(found.entry, "int4")
    only_int8 = best([ENTRIES["smollm2-360m-instruct"]], LAPTOP)
    assert only_int8 is not None
    assert only_int8.weights == "int8"


SOURCE = Source(SourceKind.OPENVINO, "owner/a-int4-ov", "int4", checked=True)
GOOD = replace(QWEN, sources=(SOURCE,), thinking=False)


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, licence=replace(GOOD.licence, gated=True)),
        replace(GOOD, licence=Licence("Qwen Research", "https://example.org")),
        replace(GOOD, sources=(replace(SOURCE, gated=True),)),
        replace(GOOD, sources=(replace(SOURCE, checked=False),)),
        replace(GOOD, sources=(replace(SOURCE, kind=SourceKind.PYTORCH),)),
        replace(GOOD, sources=()),
        replace(GOOD, speciality="code"),
        replace(GOOD, unsupported="It needs eyes."),
        replace(GOOD, starter=ENTRIES["smollm2-135m-instruct"].starter),
        replace(GOOD, devices=("NPU",)),
    ],
    ids=range(10),
)
def test_what_is_never_recommended(worse: Entry) -> None:
    assert best([GOOD], LAPTOP) is not None
    assert best([worse], LAPTOP) is None


@pytest.mark.parametrize(("thinking", "enough"), [(False, ENOUGH), (True, ENOUGH_THINKING)])
def test_who_thinks_first_must_be_faster(thinking: bool, enough: float) -> None:
    entry = replace(GOOD, thinking=thinking)

    def at(gigabytes: int) -> Machine:
        return replace(LAPTOP, bandwidth_bytes_per_s=gigabytes * 1e9)

    just = next(n for n in range(1, 500) if speed(entry, "int4", at(n)) >= enough)
    assert best([entry], at(just))
    assert not best([entry], at(just - 1))


# In general

sizes = st.integers(0, 64 * GIB)
machines = st.builds(
    Machine,
    memory_total=sizes,
    memory_available=sizes,
    disk_free=sizes,
    devices=st.just(("CPU",)),
    bandwidth_bytes_per_s=st.floats(1e9, 5e11),
)
entries = st.sampled_from(CATALOGUE)
formats = st.sampled_from(WEIGHTS)


@given(entries, formats, machines, st.integers(0, 32 * GIB), st.sampled_from(range(4)))
def test_more_of_anything_never_makes_it_worse(
    entry: Entry, weights: str, machine: Machine, more: int, which: int
) -> None:
    better = (
        replace(machine, memory_total=machine.memory_total + more),
        replace(machine, memory_available=machine.memory_available + more),
        replace(machine, disk_free=machine.disk_free + more),
        replace(machine, bandwidth_bytes_per_s=machine.bandwidth_bytes_per_s + more),
    )[which]
    before, after = (advise(entry, weights, one) for one in (machine, better))
    assert SEVERITY.index(after.verdict) <= SEVERITY.index(before.verdict)
    assert after.tokens_per_s >= before.tokens_per_s
    old, new = best(CATALOGUE, machine), best(CATALOGUE, better)
    assert old is None or (new is not None and new.entry.parameters >= old.entry.parameters)


@given(entries, machines)
def test_smaller_weights_never_fit_worse_when_they_come_ready(
    entry: Entry, machine: Machine
) -> None:
    ready = tuple(Source(SourceKind.OPENVINO, "owner/a", weights) for weights in WEIGHTS)
    model = replace(entry, sources=ready, unsupported="")
    verdicts = [SEVERITY.index(advise(model, weights, machine).verdict) for weights in WEIGHTS]
    assert verdicts == sorted(verdicts)
