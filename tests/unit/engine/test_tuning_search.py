"""The search for the best setting, with trials that a test scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Tried
from desktop.domain.tuning import CACHE, CORES, PRECISION, THREADS, TYPICAL
from desktop.engine.trial import Outcome
from desktop.engine.tuning import (
    EXACT,
    Machine,
    Search,
    at_least_as_fine,
    deviation,
    precisions,
    threadings,
)

XEON = Machine("CPU", "bf16", "u8", cores=2, threads=2)
PLAIN = Machine("CPU", "f32", "u8", cores=4, threads=8)
HYBRID = Machine("CPU", "f32", "u8", cores=14, threads=20)
BOTH = {PRECISION: "f32", CACHE: "f16"}
EXACT_LOG_PROBS = (-1.0, -2.0)


@dataclass
class Scripted:
    """Trials of a second each; a name of a setting is its properties' values."""

    writing: dict[str, float] = field(default_factory=dict)  # 50 where nothing is said
    off: dict[str, float] = field(default_factory=dict)  # from the exact log-probabilities
    refused: tuple[str, ...] = ()
    seconds: float = 1.0
    scores: bool = True
    now: float = 0.0
    tried: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, properties: Mapping[str, str], *, timed: bool) -> Outcome:
        self.now += self.seconds
        self.tried.append(dict(properties))
        name = " ".join(properties.values())
        if name in self.refused:
            raise RuntimeError("not supported")
        off = 0.0 if properties == EXACT else self.off.get(name, 0.1)
        log_probs = tuple(one - off for one in EXACT_LOG_PROBS) if self.scores else ()
        return Outcome(
            self.seconds, self.seconds / 2, 1000.0, self.writing.get(name, 50.0), log_probs
        )


def search(trials: Scripted, budget_s: float = 60.0) -> tuple[Search, list[Tried]]:
    reported: list[Tried] = []
    made = Search(trials, TYPICAL["chat"], budget_s, reported.append, clock=lambda: trials.now)
    return made, reported


def test_the_formats_worth_a_try_are_finer_than_the_defaults() -> None:
    assert precisions(XEON) == [BOTH, {CACHE: "f16"}, {PRECISION: "f32"}]
    assert precisions(PLAIN) == [{CACHE: "f16"}]
    assert precisions(Machine("GPU", "f16", "f16")) == [{PRECISION: "f32"}]


def test_threads_are_tried_where_there_is_a_choice() -> None:
    assert threadings(XEON) == []
    assert [one.get(THREADS) for one in threadings(PLAIN)] == ["8"]
    assert [one.get(CORES) for one in threadings(HYBRID)] == ["PCORE_ONLY", None]


@pytest.mark.parametrize(
    ("properties", "fine"),
    [
        ({}, True),
        (BOTH, True),
        ({THREADS: "4"}, True),
        ({CACHE: "u4"}, False),
        ({PRECISION: "f16"}, False),  # as many bits as bf16, and another range
        ({PRECISION: "nonsense"}, False),
    ],
)
def test_what_is_as_fine_as_the_defaults(properties: dict[str, str], fine: bool) -> None:
    assert at_least_as_fine(properties, XEON) is fine


def test_the_defaults_come_first_and_everything_is_reported() -> None:
    trials = Scripted({"f32 f16": 80.0})
    made, reported = search(trials)
    tuned = made.run(precisions(XEON), (), XEON)
    assert trials.tried == [{}, BOTH, EXACT, {CACHE: "f16"}, {PRECISION: "f32"}]
    assert [one.properties for one in reported] == [{}, BOTH, {CACHE: "f16"}, {PRECISION: "f32"}]
    assert tuned.best.properties == BOTH
    assert tuned.complete


def test_threads_are_tried_on_top_of_the_best_format() -> None:
    trials = Scripted({"f16": 80.0, "f16 8 YES": 120.0})
    made, _ = search(trials)
    tuned = made.run(precisions(PLAIN), threadings(PLAIN), PLAIN)
    assert tuned.best.properties[CACHE] == "f16"
    assert tuned.best.properties[THREADS] == "8"


def test_a_setting_further_from_the_exact_model_than_the_defaults_is_out() -> None:
    trials = Scripted({"f32 f16": 200.0, "f32": 80.0}, off={"f32 f16": 0.2, "f32": 0.05})
    made, _ = search(trials)
    tuned = made.run(precisions(XEON), (), XEON)
    assert tuned.best.properties == {PRECISION: "f32"}
    by_setting = {tuple(one.properties.values()): one for one in tuned.tried}
    assert not by_setting["f32", "f16"].accurate
    assert by_setting["f32", "f16"].deviation == pytest.approx(0.2)
    assert by_setting[()].deviation == pytest.approx(0.1)


@pytest.mark.parametrize("scores", [True, False])
def test_without_the_reference_only_finer_formats_count(scores: bool) -> None:
    """No time for it, or a back-end without probabilities."""
    trials = Scripted({"u4": 200.0, "f32 f16": 80.0}, scores=scores)
    made, _ = search(trials, budget_s=2.5 if scores else 60.0)
    tuned = made.run([BOTH, {CACHE: "u4"}], (), XEON)
    assert EXACT not in trials.tried
    assert tuned.best.properties == BOTH
    assert all(one.accurate is (one.properties != {CACHE: "u4"}) for one in tuned.tried)


def test_no_trial_is_begun_that_would_end_after_the_budget() -> None:
    trials = Scripted(seconds=4.0)
    made, _ = search(trials, budget_s=10.0)
    tuned = made.run(precisions(XEON), (), XEON)
    assert trials.now <= 10.0
    assert len(tuned.tried) == 2
    assert not tuned.complete


def test_a_setting_that_does_not_load_is_passed_over() -> None:
    trials = Scripted({"f16": 80.0}, refused=("f32 f16",))
    made, _ = search(trials)
    tuned = made.run(precisions(XEON), (), XEON)
    assert tuned.best.properties == {CACHE: "f16"}
    assert BOTH not in [one.properties for one in tuned.tried]


def test_defaults_that_do_not_load_are_a_problem() -> None:
    made, _ = search(Scripted(refused=("",)))
    with pytest.raises(Problem):
        made.run(precisions(XEON), (), XEON)


def test_deviation_is_the_mean_difference() -> None:
    assert deviation((-1.0, -2.0), (-1.5, -1.5)) == 0.5
    assert deviation((), (-1.0,)) == 0.0
