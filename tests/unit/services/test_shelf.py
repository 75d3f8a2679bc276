"""The shelf: getting models through a queue of jobs, looking after them, letting them go."""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from desktop.domain.catalogue import Architecture, Entry, Licence, Source, SourceKind
from desktop.domain.fit import Machine
from desktop.engine.protocol import Compress, Fetch, ImportGguf
from desktop.models.library import Library
from desktop.services.contacts import Door
from desktop.services.installer import Installer
from desktop.services.jobs import Work
from desktop.services.network import Network
from desktop.services.plans import plan
from desktop.services.shelf import commands, notices
from desktop.services.shelf.notices import JobsChanged, JobState, ShelfNotice
from desktop.services.shelf.offers import offered
from desktop.services.shelf.questions import Outside
from desktop.services.shelf.service import ShelfService
from tests.unit.services.fake_jobs import FakeJob, Script

WITHIN_S = 20.0
GIB = 2**30
MACHINE = Machine(16 * GIB, 12 * GIB, 200 * GIB, ("CPU",), 20e9, 4)

N = TypeVar("N", bound=ShelfNotice)


def entry(name: str, *sources: Source) -> Entry:
    """A model of the catalogue, small enough for any machine."""
    return Entry(
        id=name,
        name=name.title(),
        family="Test",
        parameters=600_000_000,
        context_length=4096,
        languages=("en",),
        licence=Licence("Apache-2.0", "https://example.org/licence"),
        homepage="https://example.org",
        summary="A model for tests.",
        architecture=Architecture(24, 1024, 8, 64, 32_000),
        sources=sources,
    )


FP16 = Source(SourceKind.OPENVINO_FP16, "owner/fp16-ov", "fp16", checked=True)
GGUF = Source(SourceKind.GGUF, "owner/gguf", "int4", file="gamma.Q4_0.gguf", checked=True)
CATALOGUE = (entry("alpha", FP16), entry("beta", FP16), entry("gamma", GGUF))


class Shelf:
    """A shelf in a thread of its own, and all that it says."""

    def __init__(self, folder: Path, script: Script, *, online: bool = True) -> None:
        self.script = script
        self.library = Library(folder / "models", folder / "verified.json")
        self.said: queue.SimpleQueue[ShelfNotice] = queue.SimpleQueue()
        self.tokens: list[str] = []
        self.door = Door()
        self.door.locked = not online
        self._network = Network(token=lambda: "secret", door=self.door)
        self.service = ShelfService(
            self.library,
            lambda request: plan(request, CATALOGUE, folder),
            self._installer,
            lambda: offered(CATALOGUE, MACHINE),
            Outside(
                self._network,
                self.tokens.append,
                lambda: Work(lambda _: FakeJob(self.script), self.door),
                lambda: MACHINE,
            ),
            self.said.put,
        )
        self._thread = threading.Thread(target=self.service.run)
        self._thread.start()

    def _installer(self) -> tuple[Installer, Work]:
        work = Work(lambda _: FakeJob(self.script), self.door)
        return Installer(self.library, work, self._network), work

    def until(self, kind: type[N], so: Callable[[N], bool] = lambda _: True) -> N:
        """The next notice of a kind of which something is so."""
        while True:
            notice = self.said.get(timeout=WITHIN_S)
            if isinstance(notice, kind) and so(notice):
                return notice

    def until_job(self, state: JobState) -> notices.Job:
        """The first job, once it is in that state."""
        changed = self.until(
            JobsChanged, lambda notice: bool(notice.jobs) and notice.jobs[0].state is state
        )
        return changed.jobs[0]

    def rest(self) -> list[ShelfNotice]:
        """What it has said since."""
        return [self.said.get() for _ in range(self.said.qsize())]

    def close(self) -> None:
        self.service.post(commands.Quit())
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def shelf(tmp_path: Path, script: Script) -> Iterator[Shelf]:
    made = Shelf(tmp_path, script)
    yield made
    made.close()


def test_the_catalogue_is_offered_with_the_best_first(shelf: Shelf) -> None:
    offered = shelf.until(notices.Offered)
    assert {offer.entry.id for offer in offered.offers} == {"alpha", "beta", "gamma"}
    assert {offer.weights for offer in offered.offers} == {"int4", "int8", "fp16"}
    assert offered.recommended is not None
    assert offered.recommended.weights == "int4"
    assert offered.recommended.how in ("compressed here", "from GGUF")


def test_a_model_is_fetched_compressed_and_put_in_place(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    ready = shelf.until(notices.ModelReady)
    assert ready.model.id == "alpha-int4"
    assert ready.model.weights == "int4"
    assert ready.model.context_length == 2048
    fetch, compress = shelf.script.received
    assert isinstance(fetch, Fetch)
    assert (fetch.repository, fetch.token) == ("owner/fp16-ov", "secret")
    assert isinstance(compress, Compress)
    assert compress.weights == "int4"
    assert [path.name for path in shelf.library.folder.iterdir()] == ["alpha-int4"]


def test_one_job_runs_and_the_next_waits(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.service.post(commands.Get("beta", "int4"))
    changed = shelf.until(JobsChanged, lambda notice: len(notice.jobs) == 2)
    assert [job.state for job in changed.jobs] == [JobState.RUNNING, JobState.WAITING]
    script.hold.set()
    names = {shelf.until(notices.ModelReady).model.id for _ in range(2)}
    assert names == {"alpha-int4", "beta-int4"}


def test_the_same_model_is_not_fetched_twice(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.service.post(commands.Get("alpha", "int4"))
    assert "already" in shelf.until(notices.ShelfTrouble).what
    script.hold.set()
    shelf.until(notices.ModelReady)
    shelf.service.post(commands.Get("alpha", "int4"))
    assert "already" in shelf.until(notices.ShelfTrouble).what


def test_a_paused_job_goes_on_where_it_was(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Get("alpha", "int4"))
    job = shelf.until_job(JobState.RUNNING)
    shelf.service.post(commands.Pause(job.id))
    shelf.until_job(JobState.PAUSED)
    assert not shelf.library.installed()
    script.hold.set()
    shelf.service.post(commands.Resume(job.id))
    assert shelf.until(notices.ModelReady).model.id == "alpha-int4"


def test_a_cancelled_job_leaves_nothing(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Get("alpha", "int4"))
    job = shelf.until_job(JobState.RUNNING)
    shelf.service.post(commands.Cancel(job.id))
    shelf.until(JobsChanged, lambda notice: not notice.jobs)
    shelf.close()
    assert not [path for path in shelf.library.folder.rglob("*") if path.is_file()]


def test_a_failed_job_says_why_and_can_be_tried_again(shelf: Shelf, script: Script) -> None:
    script.failure = "There is not enough memory."
    shelf.service.post(commands.Get("alpha", "int4"))
    job = shelf.until_job(JobState.FAILED)
    assert job.problem == "There is not enough memory. Try again."
    assert not shelf.library.installed()
    script.failure = ""
    shelf.service.post(commands.Resume(job.id))
    assert shelf.until(notices.ModelReady).model.id == "alpha-int4"


def test_progress_is_told(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Get("alpha", "int4"))
    moving = shelf.until(
        JobsChanged, lambda notice: bool(notice.jobs) and notice.jobs[0].total == 10
    ).jobs[0]
    assert (moving.done, moving.bytes_per_s, moving.stage.name) == (5, 2.0, "downloading")
    script.hold.set()
    making = shelf.until(
        JobsChanged, lambda notice: bool(notice.jobs) and notice.jobs[0].stage.name == "compressing"
    )
    assert making.jobs[0].stage.total == 2


def test_an_unfinished_job_is_found_by_the_next_session(tmp_path: Path) -> None:
    script = Script(hold=threading.Event())
    first = Shelf(tmp_path, script)
    first.service.post(commands.Get("alpha", "int4"))
    first.until_job(JobState.RUNNING)
    first.close()

    second = Shelf(tmp_path, Script())
    try:
        job = second.until_job(JobState.PAUSED)
        second.service.post(commands.Resume(job.id))
        assert second.until(notices.ModelReady).model.id == "alpha-int4"
    finally:
        second.close()


def test_of_a_gguf_repository_one_file_is_fetched_and_imported(
    shelf: Shelf, script: Script
) -> None:
    script.download = {"gamma.Q4_0.gguf": b"GGUF"}
    shelf.service.post(commands.Get("gamma", "int4"))
    assert shelf.until(notices.ModelReady).model.id == "gamma-int4"
    fetch, made = script.received
    assert isinstance(fetch, Fetch)
    assert fetch.patterns == ("gamma.Q4_0.gguf",)
    assert isinstance(made, ImportGguf)
    assert made.source.endswith("gamma.Q4_0.gguf")


def test_a_gguf_file_is_imported(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "My model (Q4).gguf"
    path.write_bytes(b"GGUF")
    shelf.service.post(commands.Add(str(path)))
    assert shelf.until(notices.ModelReady).model.id == "My-model-Q4"
    assert isinstance(shelf.script.received[0], ImportGguf)


def test_a_folder_without_a_model_is_refused_in_words(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shelf.service.post(commands.Add(str(tmp_path / "empty")))
    assert "no model" in shelf.until_job(JobState.FAILED).problem


def test_offline_nothing_is_fetched(tmp_path: Path) -> None:
    script = Script()
    shelf = Shelf(tmp_path, script, online=False)
    try:
        shelf.service.post(commands.Get("alpha", "int4"))
        assert "offline" in shelf.until_job(JobState.FAILED).problem
        assert not script.received
    finally:
        shelf.close()


def test_a_removed_model_can_be_brought_back(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.until(notices.ModelReady)
    shelf.service.post(commands.Remove("alpha-int4"))
    shelf.until(notices.Removed)
    assert not shelf.library.installed()
    shelf.service.post(commands.UndoRemove())
    back = shelf.until(notices.Shelved, lambda notice: bool(notice.models))
    assert back.models[0].id == "alpha-int4"


def test_a_removed_model_is_gone_when_the_program_has_ended(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    shelf.until(notices.ModelReady)
    shelf.service.post(commands.Remove("alpha-int4"))
    shelf.close()
    assert not list(shelf.library.folder.iterdir())


def test_damage_is_found_when_files_are_checked(shelf: Shelf) -> None:
    shelf.service.post(commands.Get("alpha", "int4"))
    model = shelf.until(notices.ModelReady).model
    shelf.service.post(commands.Verify(model.id))
    assert shelf.until(notices.Verified).problem == ""
    (model.folder / "openvino_model.bin").write_bytes(b"WEIGHTS")
    shelf.service.post(commands.Verify(model.id))
    assert "damaged" in shelf.until(notices.Verified).problem


def test_the_token_is_handed_on_and_not_told(shelf: Shelf) -> None:
    shelf.service.post(commands.SetToken("hf_secret"))
    shelf.close()
    assert shelf.tokens == ["hf_secret"]
