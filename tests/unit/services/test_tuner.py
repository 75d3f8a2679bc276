"""When something is measured in the background, and when it makes way."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.events import Ended, Event, Failed, Tried, Tuned
from desktop.domain.tuning import PRECISION, TYPICAL
from desktop.engine.fake import FAKE_MODEL
from desktop.engine.protocol import Tune
from desktop.models.tunings import TuningStore
from desktop.services.tuning import BUDGET_S, QUIET_S, THOROUGH_S, TRIES, Phase, Progress, Tuner
from tests.unit.services.harness import ManualEngine

DEFAULTS = Tried({}, 1000.0, 50.0, 4.2)
F32 = Tried({PRECISION: "f32"}, 900.0, 80.0, 2.7)
TUNED = Tuned(F32, (DEFAULTS, F32))
OTHER = replace(FAKE_MODEL, id="other")


class Bench:
    """A tuner on a clock that the test turns, with engines that the test speaks for."""

    def __init__(self, folder: Path, version: str = "1") -> None:
        self.store = TuningStore(folder / "t.json", version, lambda: TYPICAL["chat"], "A CPU")
        self.engines: list[ManualEngine] = []
        self.told: list[Progress] = []
        self.now = 100.0
        self.tuner = Tuner(
            self._engine, self.store, folder, self._hear, self.told.append, lambda: self.now
        )

    def _engine(self) -> ManualEngine:
        self.engines.append(ManualEngine())
        return self.engines[-1]

    def _hear(self, number: int, event: Event) -> None:
        self.tuner.hear(number, event)

    def after(self, seconds: float) -> None:
        self.now += seconds
        self.tuner.begin_if_due()

    def ready(self) -> None:
        self.tuner.ready(FAKE_MODEL, "CPU")

    @property
    def phase(self) -> Phase:
        return self.told[-1].phase


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_it_begins_after_a_quiet_time_and_keeps_the_result(bench: Bench) -> None:
    bench.ready()
    bench.after(QUIET_S - 0.1)
    assert not bench.engines
    bench.after(0.2)
    (engine,) = bench.engines
    (tune,) = engine.all(Tune)
    assert (tune.budget_s, tune.device, tune.reading) == (BUDGET_S, "CPU", 200)
    engine.say(DEFAULTS, F32, TUNED)
    assert bench.told[-2].tried == (DEFAULTS, F32)
    assert bench.phase is Phase.DONE
    assert not engine.alive
    found = bench.store.find(FAKE_MODEL, "CPU")
    assert found is not None
    assert found.best.properties == F32.properties


def test_what_is_known_is_not_measured_again(bench: Bench, tmp_path: Path) -> None:
    bench.store.keep(FAKE_MODEL, "CPU", TUNED)
    later = Bench(tmp_path)
    later.ready()
    later.after(100)
    assert not later.engines
    assert later.tuner.wait_s is None


def test_another_version_of_the_library_is_measured(bench: Bench, tmp_path: Path) -> None:
    bench.store.keep(FAKE_MODEL, "CPU", TUNED)
    later = Bench(tmp_path, version="2")
    later.ready()
    later.after(QUIET_S)
    assert len(later.engines) == 1


def test_a_comparison_that_got_no_further_than_the_defaults_is_made_once_a_start(
    bench: Bench, tmp_path: Path
) -> None:
    bench.ready()
    bench.after(QUIET_S)
    bench.engines[0].say(DEFAULTS, Tuned(DEFAULTS, (DEFAULTS,), complete=False))
    bench.tuner.busy()
    bench.ready()
    bench.after(QUIET_S)
    assert len(bench.engines) == 1
    later = Bench(tmp_path)
    later.ready()
    later.after(QUIET_S)
    assert len(later.engines) == 1


def test_a_question_ends_it_at_once_and_it_comes_back_a_few_times(bench: Bench) -> None:
    for _ in range(TRIES):
        bench.ready()
        bench.after(QUIET_S)
        engine = bench.engines[-1]
        assert engine.alive
        bench.tuner.busy()
        assert not engine.alive
        assert bench.phase is Phase.INTERRUPTED
    bench.ready()
    bench.after(QUIET_S)
    assert len(bench.engines) == TRIES
    bench.tuner.busy()
    bench.tuner.ready(OTHER, "CPU")
    bench.after(QUIET_S)
    assert len(bench.engines) == TRIES + 1


def test_nothing_begins_while_an_answer_is_due(bench: Bench) -> None:
    bench.ready()
    bench.tuner.busy()
    bench.after(100)
    assert not bench.engines


def test_events_of_an_ended_measurement_are_passed_over(bench: Bench) -> None:
    bench.ready()
    bench.after(QUIET_S)
    bench.tuner.busy()
    bench.ready()
    bench.after(QUIET_S)
    bench.engines[0].say(TUNED)
    assert bench.store.find(FAKE_MODEL, "CPU") is None
    assert bench.engines[1].alive


def test_the_user_has_it_measured_thoroughly_and_at_once(bench: Bench) -> None:
    bench.store.keep(FAKE_MODEL, "CPU", TUNED)
    bench.ready()
    bench.tuner.measure()
    bench.after(0)
    (tune,) = bench.engines[0].all(Tune)
    assert tune.budget_s == THOROUGH_S
    assert bench.told[-1].thorough
    bench.tuner.cancel()
    assert not bench.engines[0].alive
    assert bench.phase is Phase.RESTING
    bench.after(100)
    assert len(bench.engines) == 1


def test_what_the_user_asked_for_waits_for_the_answer(bench: Bench) -> None:
    bench.tuner.measure()
    assert bench.phase is Phase.WAITING
    bench.ready()
    bench.after(0)
    assert bench.engines[0].all(Tune)[0].budget_s == THOROUGH_S
    bench.tuner.busy()
    bench.ready()
    bench.after(0)
    assert bench.engines[1].all(Tune)[0].budget_s == THOROUGH_S


@pytest.mark.parametrize(
    "end", [Failed("", "No memory.", "Close something."), Ended(-9, expected=False)]
)
def test_a_failure_is_told_and_not_repeated(bench: Bench, end: Event) -> None:
    bench.ready()
    bench.after(QUIET_S)
    bench.engines[0].say(end)
    assert bench.phase is Phase.FAILED
    assert bench.told[-1].what
    bench.tuner.busy()
    bench.ready()
    bench.after(100)
    assert len(bench.engines) == 1
