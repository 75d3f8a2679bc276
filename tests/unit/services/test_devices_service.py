"""The service of devices in a thread of its own, with engines that the test speaks for."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from desktop.domain.bench import Report, Step
from desktop.domain.errors import Problem
from desktop.domain.events import Tried, Tuned
from desktop.domain.hardware import Device
from desktop.domain.tuning import TYPICAL
from desktop.engine.fake import FAKE_MODEL
from desktop.engine.protocol import Tune
from desktop.models.tunings import TuningStore
from desktop.services.devices import commands, notices
from desktop.services.devices.notices import DeviceNotice
from desktop.services.devices.service import DeviceService, IdleHours
from desktop.services.jobs import Cancelled
from desktop.services.tuning import Phase
from tests.unit.services.harness import WITHIN_S, Engines

DEFAULTS = Tried({}, 1000.0, 50.0, 4.2)
TUNED = Tuned(DEFAULTS, (DEFAULTS,))

N = TypeVar("N", bound=DeviceNotice)


class ScriptedBench:
    """A comparison that goes on until it is cancelled, or fails as the test says."""

    def __init__(self) -> None:
        self.problem: Problem | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, model: object, devices: tuple[str, ...], on_step: object, *_: object) -> Report:
        if self.problem:
            raise self.problem
        assert callable(on_step)
        on_step(Step(devices[0], "loading"))
        assert self._cancelled.wait(WITHIN_S)
        raise Cancelled


class Desk:
    """A running service, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.engines = Engines()
        self.bench = ScriptedBench()
        self._notices: queue.SimpleQueue[DeviceNotice] = queue.SimpleQueue()
        self.store = TuningStore(folder / "t.json", "1", lambda: TYPICAL["chat"], "A CPU")
        self.service = DeviceService(
            self.engines,
            self.store,
            folder,
            lambda: self.bench,  # type: ignore[arg-type, return-value]
            self._notices.put,
        )
        self.idle = IdleHours(self.service.post)
        self.thread = threading.Thread(target=self.service.run, daemon=True)
        self.thread.start()

    def next(self, kind: type[N]) -> N:
        """The next notice of a kind."""
        while True:
            notice = self._notices.get(timeout=WITHIN_S)
            if isinstance(notice, kind):
                return notice

    def phase(self, wanted: Phase) -> None:
        """Wait until the tuner is that far."""
        while self.next(notices.Tuning).progress.phase is not wanted:
            pass

    def quit(self) -> None:
        self.service.post(commands.Quit())
        self.thread.join(WITHIN_S)
        assert not self.thread.is_alive()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.quit()


def test_what_the_user_has_measured_is_kept_and_told(desk: Desk) -> None:
    desk.idle.ready(FAKE_MODEL, "CPU")
    assert desk.next(notices.InUse).tuned is None
    desk.service.post(commands.Measure())
    engine = desk.engines.next()
    engine.got(Tune)
    engine.say(DEFAULTS, TUNED)
    desk.phase(Phase.DONE)
    assert desk.next(notices.InUse).tuned == TUNED


def test_a_question_ends_what_is_measured(desk: Desk) -> None:
    desk.idle.ready(FAKE_MODEL, "CPU")
    desk.service.post(commands.Measure())
    engine = desk.engines.next()
    engine.got(Tune)
    desk.idle.busy()
    desk.phase(Phase.INTERRUPTED)
    assert not engine.alive


def test_quitting_ends_what_is_measured(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.idle.ready(FAKE_MODEL, "CPU")
    desk.service.post(commands.Measure())
    engine = desk.engines.next()
    engine.got(Tune)
    desk.quit()
    assert not engine.alive


def test_devices_are_noted_by_their_full_names(desk: Desk) -> None:
    devices = (
        Device("CPU", "A"),
        Device("GPU", "B"),
        Device("NPU", "", "none"),
        Device("AUTO", "C"),
    )
    desk.service.post(commands.NoteDevices(devices))
    desk.idle.ready(FAKE_MODEL, "AUTO")
    assert desk.next(notices.InUse).device == "GPU"


def test_a_question_ends_a_comparison(desk: Desk) -> None:
    desk.idle.ready(FAKE_MODEL, "CPU")
    desk.service.post(commands.Compare())
    assert desk.next(notices.Comparing).step.device == "CPU"
    desk.idle.busy()
    assert desk.next(notices.Compared) == notices.Compared(None)


def test_a_comparison_that_fails_says_why(desk: Desk) -> None:
    desk.bench.problem = Problem("No memory.", "Close something.")
    desk.idle.ready(FAKE_MODEL, "CPU")
    desk.service.post(commands.Compare())
    assert desk.next(notices.Compared) == notices.Compared(None, "No memory.", "Close something.")
