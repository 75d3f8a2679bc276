"""A child process that crashes leaves a report of where it was."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.crashes import CrashHook
from desktop.domain.events import Devices, Ended, Event
from desktop.engine.client import Child
from desktop.engine.protocol import ListDevices

WITHIN_S = 60.0


class Watched:
    """An engine process that has answered once, and the reports of crashes."""

    def __init__(self, folder: Path) -> None:
        self.hook = CrashHook(None, self._heard, "window", listens=True)
        self.hook._folder = folder  # without faulthandler, which pytest uses itself
        self.reports: list[Path | None] = []
        self.reported = threading.Event()
        self.ended = threading.Event()
        answered = threading.Event()

        def take(event: Event) -> None:
            if isinstance(event, Devices):
                answered.set()
            elif isinstance(event, Ended):
                self.ended.set()

        self.child = Child("engine")
        self.child.start(take)
        self.child.send(ListDevices())
        assert answered.wait(WITHIN_S)

    def _heard(self, report: Path | None) -> None:
        self.reports.append(report)
        self.reported.set()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.child.end()
    made.hook.remove()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_native_crash_of_the_engine_is_reported_with_its_places(watched: Watched) -> None:
    os.kill(watched.child.pid, signal.SIGSEGV)
    assert watched.reported.wait(WITHIN_S)
    (report,) = watched.reports
    assert report is not None
    text = report.read_text("utf-8")
    assert "The engine process ended with code -11." in text
    assert "Fatal Python error: Segmentation fault" in text
    assert "worker.py" in text
    assert str(Path.home()) not in text


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_engine_that_was_ended_is_no_bug(watched: Watched) -> None:
    os.kill(watched.child.pid, signal.SIGKILL)  # as the system does when memory runs out
    assert watched.ended.wait(WITHIN_S)
    assert watched.reports == []
