"""Which model is used, and the installation of the first one, with a job that tests script."""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.catalogue import Entry
from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event, Failed, JobDone, Progress, Stage
from desktop.domain.model import Model, ModelFile
from desktop.engine.protocol import Command, ImportGguf
from desktop.files import FolderLock
from desktop.models import manifest
from desktop.models.catalogue import read_catalogue
from desktop.models.library import Library
from desktop.paths import resources
from desktop.services import installer
from desktop.services.jobs import Cancelled, Work
from desktop.services.models import ModelService

REAL = next(entry for entry in read_catalogue(resources() / "catalogue") if entry.starter)
ENTRY = replace(
    REAL,
    id="starter",
    name="Starter",
    sampling={"temperature": 0.2},
    starter=REAL.starter and replace(REAL.starter, file="starter.gguf", sha256="the-checksum"),
)
WEIGHTS = b"converted"


class Job:
    """Does what the script says when it gets its command."""

    def __init__(self, work: Callable[["Job", ImportGguf], None]) -> None:
        self._work = work
        self._on_event: Callable[[Event], None] = lambda _: None
        self.alive = False
        self.ended = 0

    def start(self, on_event: Callable[[Event], None]) -> None:
        self._on_event, self.alive = on_event, True

    def send(self, command: Command) -> None:
        assert isinstance(command, ImportGguf)
        self._work(self, command)

    def say(self, *said: Event) -> None:
        for event in said:
            self._on_event(event)

    def end(self) -> None:
        self.ended += 1
        if self.alive:
            self.alive = False
            self.say(Ended(-9, expected=True))


def converts(job: Job, command: ImportGguf) -> None:
    path = Path(command.folder, "openvino_model.bin")
    path.write_bytes(WEIGHTS)
    file = ModelFile(path.name, len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
    job.say(Progress(Stage("converting", 1, 4)), JobDone(2048, (file,)))


def fails(job: Job, command: ImportGguf) -> None:
    Path(command.folder, "openvino_model.bin").write_bytes(b"half")
    job.say(Failed("", "The file is not a model.", "Get another."))


def crashes(job: Job, command: ImportGguf) -> None:
    Path(command.folder, "openvino_model.bin").write_bytes(b"half")
    job.alive = False
    job.say(Ended(-9, expected=False))


class Desk:
    """A model service, its folders, and the jobs that it started."""

    def __init__(self, folder: Path, work: Callable[[Job, ImportGguf], None] = converts) -> None:
        self.work = work
        self.jobs: list[Job] = []
        self.library = Library(folder / "models", folder / "cache" / "verified.json")
        self.starters = folder / "starters"
        self.starters.mkdir()
        (self.starters / "starter.gguf").write_bytes(b"the model")
        self.service = self.with_catalogue([ENTRY])

    def with_catalogue(self, catalogue: Sequence[Entry]) -> ModelService:
        return ModelService(self.library, lambda: catalogue, self.starters, Work(self._make_job))

    def _make_job(self, role: str) -> Job:
        assert role == "convert"
        self.jobs.append(Job(self.work))
        return self.jobs[-1]

    def files(self) -> list[str]:
        """Every file of a model, installed or not, in the models' folder."""
        found = [path for path in self.library.folder.rglob("*") if path.is_file()]
        names = [path.relative_to(self.library.folder).as_posix() for path in found]
        return sorted(name for name in names if not name.endswith("cellar.lock"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def put(library: Library, model_id: str, name: str = "") -> Model:
    folder = library.work_folder(model_id).empty_model()
    return library.put_in_place(Model(model_id, name or model_id, "int8", folder, 1024))


def nothing(_: Stage) -> None:
    """Nobody looks."""


def test_the_starter_is_installed(desk: Desk) -> None:
    stages: list[Stage] = []
    model = desk.service.install_starter(stages.append)
    assert (model.id, model.name, model.weights) == ("starter", "Starter", "int4")
    assert (model.context_length, model.sampling) == (2048, {"temperature": 0.2})
    assert model.folder == desk.library.folder / "starter"
    assert desk.library.installed() == (model,)
    assert desk.library.unverified(model) == ()
    assert stages == [Stage("converting", 1, 4)]
    assert desk.files() == ["starter/manifest.json", "starter/openvino_model.bin"]
    assert desk.jobs[0].ended == 1


def test_the_job_is_told_which_file_it_must_be(desk: Desk, tmp_path: Path) -> None:
    commands: list[ImportGguf] = []

    def look(job: Job, command: ImportGguf) -> None:
        commands.append(command)
        converts(job, command)

    desk.work = look
    desk.service.install_starter(nothing)
    assert commands[0].source == str(desk.starters / "starter.gguf")
    assert commands[0].sha256 == "the-checksum"


def test_what_is_installed_stays_unless_it_is_asked_for_again(desk: Desk) -> None:
    first = desk.service.install_starter(nothing)
    assert desk.service.install_starter(nothing) == first
    assert len(desk.jobs) == 1
    (first.folder / "openvino_model.bin").write_bytes(b"damaged")
    again = desk.service.install_starter(nothing, again=True)
    assert len(desk.jobs) == 2
    assert (again.folder / "openvino_model.bin").read_bytes() == WEIGHTS


@pytest.mark.parametrize(("work", "what"), [(fails, "is not a model"), (crashes, "memory ran out")])
def test_a_job_that_fails_leaves_nothing(
    desk: Desk, work: Callable[[Job, ImportGguf], None], what: str
) -> None:
    desk.work = work
    with pytest.raises(Problem, match=what):
        desk.service.install_starter(nothing)
    assert desk.files() == []
    desk.work = converts
    assert desk.service.install_starter(nothing).id == "starter"


def test_ctrl_c_leaves_nothing(desk: Desk) -> None:
    def interrupt(_: Stage) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.service.install_starter(interrupt)
    assert desk.files() == []
    assert not desk.jobs[0].alive


def test_a_running_installation_can_be_cancelled(desk: Desk) -> None:
    begun = threading.Event()
    desk.work = lambda job, command: begun.set()
    raised: list[Exception] = []

    def install() -> None:
        try:
            desk.service.install_starter(nothing)
        except Cancelled as cancelled:
            raised.append(cancelled)

    thread = threading.Thread(target=install)
    thread.start()
    assert begun.wait(20)
    desk.service.cancel()
    thread.join(20)
    assert not thread.is_alive()
    assert len(raised) == 1
    assert desk.files() == []
    desk.service.cancel()


def test_a_missing_starter_is_told(desk: Desk) -> None:
    (desk.starters / "starter.gguf").unlink()
    with pytest.raises(Problem, match="comes with Cellar is missing"):
        desk.service.install_starter(nothing)
    with pytest.raises(Problem, match="No model comes with this Cellar"):
        desk.with_catalogue([]).install_starter(nothing)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "models").write_bytes(b"a file in its place")
    with pytest.raises(Problem, match="could not install the model"):
        desk.service.install_starter(nothing)


def test_the_second_of_two_cellars_waits_for_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "WAIT_S", 0.001)
    work = desk.library.work_folder("starter")
    work.path.mkdir(parents=True)
    other = FolderLock(work.path)
    assert other.acquire()

    def finish_the_other(stage: Stage) -> None:
        assert stage.name == "waiting for another Cellar"
        if not (desk.library.folder / "starter").exists():
            put(desk.library, "starter")
            other.release()

    assert desk.service.install_starter(finish_the_other).weights == "int8"  # the other's
    assert desk.jobs == []


def test_the_lock_is_given_back_after_a_failure(desk: Desk) -> None:
    desk.work = fails
    with pytest.raises(Problem):
        desk.service.install_starter(nothing)
    lock = FolderLock(desk.library.work_folder("starter").path)
    assert lock.acquire()
    lock.release()


# which model


def test_the_first_wish_that_is_installed_is_taken(desk: Desk) -> None:
    assert desk.service.preferred("a", "") is None
    b, a = put(desk.library, "b"), put(desk.library, "a")
    assert desk.service.preferred("ghost", "b", "a") == b
    assert desk.service.preferred("ghost", "a", "b") == a


def test_without_a_wish_a_model_with_an_earlier_name_changes_nothing(desk: Desk) -> None:
    b, a = put(desk.library, "b"), put(desk.library, "a")
    for model, seconds in ((b, 1_000), (a, 2_000)):
        os.utime(model.folder / manifest.NAME, (seconds, seconds))
    assert desk.service.preferred() == desk.service.preferred("ghost") == b
    desk.library.remove(b)
    assert desk.service.preferred() == a


def test_have_takes_what_is_there(desk: Desk) -> None:
    b, a = put(desk.library, "b"), put(desk.library, "a")
    assert desk.service.have("", nothing) == desk.service.preferred()
    assert desk.service.have("a", nothing) == a
    assert desk.service.have("b", nothing) == b
    assert desk.jobs == []


@pytest.mark.parametrize("wish", ["", "starter"])
def test_have_installs_the_starter_when_there_is_nothing_else(desk: Desk, wish: str) -> None:
    assert desk.service.have(wish, nothing).id == "starter"


def test_have_never_gives_another_model_than_the_one_that_was_named(desk: Desk) -> None:
    put(desk.library, "a")
    with pytest.raises(Problem, match=r"“ghost” is not installed\. Installed models: a\."):
        desk.service.have("ghost", nothing)
    assert desk.service.have("starter", nothing).id == "starter"


def test_the_starter_is_known_as_such(desk: Desk) -> None:
    assert desk.service.is_starter(desk.service.install_starter(nothing))
    assert not desk.service.is_starter(put(desk.library, "a"))


# jobs


def test_a_job_reports_its_stages_and_is_ended() -> None:
    seen: list[Event] = []
    stages = (Progress(Stage("a", 0, 2)), Progress(Stage("b", 1, 2)))
    job = Job(lambda job, _: job.say(*stages, JobDone(7, ())))
    assert Work(lambda _: job).run(ImportGguf("", ""), seen.append) == JobDone(7, ())
    assert seen == list(stages)
    assert not job.alive


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Failed("", "It broke.", "Mend it."), r"It broke\. Mend it\."),
        (Ended(-9, expected=False), "memory ran out"),
        (Ended(3, expected=False), r"\(code 3\)"),
    ],
)
def test_a_job_that_fails_is_a_problem_and_is_ended(event: Event, words: str) -> None:
    job = Job(lambda job, _: job.say(event))
    with pytest.raises(Problem, match=words) as caught:
        Work(lambda _: job).run(ImportGguf("", ""), lambda _: None)
    assert "next message" not in caught.value.remedy
    assert job.ended == 1


def test_after_the_end_no_job_is_begun() -> None:
    job = Job(converts)
    work = Work(lambda _: job)
    work.end()
    with pytest.raises(Cancelled):
        work.run(ImportGguf("", ""), lambda _: None)
    assert not job.alive
