"""The network is switched off and on while the shelf is at work."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.protocol import Fetch
from desktop.services.contacts import Door, Outcome
from desktop.services.jobs import Work
from desktop.services.shelf import commands, notices
from desktop.services.shelf.notices import JobState
from tests.unit.services.fake_jobs import Emit, FakeJob, Script
from tests.unit.services.test_shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, Script(hold=threading.Event()))
    yield made
    made.close()


def go_offline(shelf: Shelf) -> None:
    """As the window does it."""
    shelf.door.locked = True
    shelf.service.post(commands.HeedDoor())
    shelf.door.shut()


def test_a_download_is_paused_and_goes_on_when_the_network_may_be_used(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.until(notices.JobsChanged, lambda notice: any(job.total for job in notice.jobs))
    go_offline(shelf)
    job = shelf.until_job(JobState.PAUSED)
    assert "offline" in shelf.until(notices.Means, lambda told: bool(told.why_no_hub)).why_no_hub
    assert [each.outcome for each in shelf.door.contacts] == [Outcome.STOPPED]

    shelf.door.locked = False
    shelf.service.post(commands.HeedDoor())
    assert not shelf.until(notices.Means).why_no_hub
    assert shelf.script.hold is not None
    shelf.script.hold.set()
    shelf.service.post(commands.Resume(job.id))
    assert shelf.until(notices.ModelReady).model.id == "alpha-int4"
    assert [each.outcome for each in shelf.door.contacts] == [Outcome.DONE, Outcome.STOPPED]


def test_offline_a_paused_download_cannot_be_resumed(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.until_job(JobState.RUNNING)
    shelf.until(notices.JobsChanged, lambda notice: any(job.total for job in notice.jobs))
    go_offline(shelf)
    job = shelf.until_job(JobState.PAUSED)
    fetched = len(shelf.script.received)
    shelf.service.post(commands.Resume(job.id))
    assert "Cellar is offline" in shelf.until_job(JobState.FAILED).problem
    assert len(shelf.script.received) == fetched


def test_a_job_that_needs_no_network_goes_on(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "a model of mine"
    folder.mkdir()
    (folder / "openvino_model.xml").write_bytes(b"<net/>")
    go_offline(shelf)
    shelf.service.post(commands.Add(str(folder)))
    assert shelf.until(notices.ModelReady)
    assert shelf.door.contacts == ()


def test_a_question_to_the_hub_is_given_up(shelf: Shelf) -> None:
    shelf.service.post(commands.Search("qwen"))
    while not shelf.script.received:
        pass
    go_offline(shelf)
    shelf.until(notices.Means, lambda told: bool(told.why_no_hub))
    shelf.service.post(commands.Search("qwen"))
    assert "offline" in shelf.until(notices.Found).problem
    assert len(shelf.script.received) == 1


def test_a_job_that_is_just_being_started_does_not_slip_through(tmp_path: Path) -> None:
    door, script = Door(), Script()

    class Slow(FakeJob):
        def start(self, on_event: Emit) -> None:
            door.shut()  # there is no process yet that could be ended
            self._ended.clear()
            super().start(on_event)

    work = Work(lambda _: Slow(script), door)
    with pytest.raises(Problem, match="offline"):
        work.run(Fetch("owner/model", str(tmp_path)), lambda _: None)
    assert script.received == []
