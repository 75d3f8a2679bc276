"""The queue of installations: one runs, the others wait, pause, or have failed."""

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.domain.errors import Problem
from desktop.domain.events import Event, Progress, Stage, Transferring
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.files import write_atomically
from desktop.models.library import Library
from desktop.services.installer import Installer
from desktop.services.jobs import Cancelled, Work
from desktop.services.plans import Plan, Request
from desktop.services.shelf.notices import Job, JobsChanged, JobState, ShelfNotice

REQUEST_FILE = "request.json"
END_WITHIN_S = 5.0

MakePlan = Callable[[Request], Plan]
MakeInstaller = Callable[[], tuple[Installer, Work]]


@dataclass(frozen=True, slots=True)
class JobMoved:
    """A job goes on."""

    job_id: str
    run: int
    event: Event


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job is over: with a model, with a problem, or ended by its user."""

    job_id: str
    run: int
    model: Model | None = None
    problem: Problem | None = None


JobNews = JobMoved | JobEnded


@dataclass(slots=True)
class _Record:
    request: Request
    plan: Plan
    job: Job
    work: Work | None = None
    thread: threading.Thread | None = None
    run: int = 0  # counts the tries, so that a late word of an ended one is known

    def end_work(self) -> None:
        """End the process, and wait until nobody touches the folder of work any more."""
        if self.work is not None and self.thread is not None:
            self.work.end()
            self.thread.join(END_WITHIN_S)
        self.work = self.thread = None


class Jobs:
    """Lives in the shelf's thread; the job that runs has one of its own."""

    def __init__(
        self,
        library: Library,
        make_plan: MakePlan,
        make_installer: MakeInstaller,
        notify: Callable[[ShelfNotice], None],
        post: Callable[[JobNews], None],
    ) -> None:
        self._library = library
        self._make_plan = make_plan
        self._make_installer = make_installer
        self._notify = notify
        self._post = post
        self._records: dict[str, _Record] = {}
        self._numbers = itertools.count(1)

    def find_unfinished(self) -> None:
        """Offer to go on with what an earlier session has begun."""
        for folder in self._library.work_folders():
            try:
                body = json.loads((folder.path / REQUEST_FILE).read_bytes())
                self._enter(Request(**body), JobState.PAUSED)
            except (OSError, ValueError, TypeError, Problem):
                continue
        self._tell()

    def add(self, request: Request) -> None:
        """Begin an installation, or queue it. Raises Problem."""
        record = self._enter(request, JobState.WAITING)
        folder = self._library.work_folder(record.plan.model_id).path
        try:
            folder.mkdir(parents=True, exist_ok=True)
            body = {"source": request.source, "weights": request.weights}
            write_atomically(folder / REQUEST_FILE, json.dumps(body).encode())
        except OSError:
            pass  # it can then not be resumed after a restart; the job itself tells what is wrong
        self._start_next()

    def pause(self, job_id: str) -> None:
        """End the work for now."""
        self._halt(job_id, JobState.PAUSED)
        self._start_next()

    def pause_downloads(self) -> None:
        """End what uses the network for now."""
        for job_id, record in tuple(self._records.items()):
            if record.work is not None and record.work.on_network:
                self.pause(job_id)

    def resume(self, job_id: str) -> None:
        """Queue a job again that was paused or has failed."""
        record = self._records.get(job_id)
        if record is not None and record.job.state in (JobState.PAUSED, JobState.FAILED):
            record.job = Job(job_id, record.job.name, JobState.WAITING)
            self._start_next()

    def cancel(self, job_id: str) -> None:
        """Give a job up, with all that was downloaded for it."""
        self._halt(job_id, JobState.PAUSED)
        record = self._records.pop(job_id, None)
        if record is not None:
            self._library.work_folder(record.plan.model_id).discard()
        self._start_next()

    def close(self) -> None:
        """End the work; unfinished jobs are found again by the next session."""
        for record in self._records.values():
            record.end_work()

    def hear(self, news: JobNews) -> Model | None:
        """Take note of how a job goes; the model when it ended well."""
        record = self._records.get(news.job_id)
        if record is None or record.run != news.run or record.job.state is not JobState.RUNNING:
            return None
        if isinstance(news, JobMoved):
            record.job = _moved(record.job, news.event)
            self._tell()
            return None
        record.work = None
        if news.problem is not None:
            record.job = replace(record.job, state=JobState.FAILED, problem=str(news.problem))
        else:
            del self._records[news.job_id]
        self._start_next()
        return news.model

    def _enter(self, request: Request, state: JobState) -> _Record:
        made = self._make_plan(request)
        for record in self._records.values():
            if record.plan.model_id == made.model_id:
                raise Problem(
                    tr("{name} is on its way already.", name=made.name),
                    tr("Its progress is on the page."),
                )
        if any(model.id == made.model_id for model in self._library.installed()):
            raise Problem(
                tr("{name} is installed already.", name=made.name),
                tr("Remove it first to renew it."),
            )
        job_id = f"job-{next(self._numbers)}"
        name = f"{made.name} · {made.weights.upper()}" if made.weights else made.name
        record = _Record(request, made, Job(job_id, name, state))
        self._records[job_id] = record
        return record

    def _halt(self, job_id: str, state: JobState) -> None:
        record = self._records.get(job_id)
        if record is None:
            return
        record.job = replace(record.job, state=state, bytes_per_s=0.0)
        record.end_work()

    def _start_next(self) -> None:
        records = self._records.values()
        if not any(record.job.state is JobState.RUNNING for record in records):
            waiting = (record for record in records if record.job.state is JobState.WAITING)
            record = next(waiting, None)
            if record is not None:
                self._start(record)
        self._tell()

    def _start(self, record: _Record) -> None:
        installer, record.work = self._make_installer()
        record.job = replace(record.job, state=JobState.RUNNING, stage=Stage("starting"))
        record.run += 1
        job_id, run, planned = record.job.id, record.run, record.plan

        def work() -> None:
            try:
                model = installer.install(
                    planned, lambda event: self._post(JobMoved(job_id, run, event))
                )
                self._post(JobEnded(job_id, run, model=model))
            except Cancelled:
                self._post(JobEnded(job_id, run))
            except Problem as problem:
                self._post(JobEnded(job_id, run, problem=problem))
            except Exception as error:
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._post(JobEnded(job_id, run, problem=Problem(what, tr("Try again."))))
                raise

        record.thread = threading.Thread(target=work, name=job_id, daemon=True)
        record.thread.start()

    def _tell(self) -> None:
        self._notify(JobsChanged(tuple(record.job for record in self._records.values())))


def _moved(job: Job, event: Event) -> Job:
    match event:
        case Progress(stage):
            return replace(job, stage=stage, done=0, total=0, bytes_per_s=0.0)
        case Transferring(done=done, total=total, bytes_per_s=speed):
            return replace(
                job, stage=Stage("downloading"), done=done, total=total, bytes_per_s=speed
            )
    return job
