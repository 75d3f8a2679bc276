"""The job: a repository's files, in a folder, checked."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Event, JobDone, Progress, Stage
from desktop.domain.model import ModelFile
from desktop.domain.wording import megabytes
from desktop.domain.words import tr
from desktop.engine.protocol import Fetch
from desktop.files import FolderLock, free_space, world_problem
from desktop.models.jobs.fetch import choice, names, notes, stock
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.crew import run_all
from desktop.models.jobs.fetch.listing import Listing, RemoteFile, list_files
from desktop.models.jobs.fetch.meter import Meter
from desktop.models.jobs.fetch.patience import Again, Patience, Tries
from desktop.models.jobs.fetch.place import Place
from desktop.models.jobs.fetch.problems import NoSuchRevision
from desktop.models.jobs.fetch.transfer import Errand, bring

Send = Callable[[Event], None]

LOCK = "cellar.lock"
ROOM_LEFT = 64 * 2**20  # bytes that stay free, for all else on this computer
LOOK_S = 2.0  # between two looks at the disk, and between two reports of the network's use


def fetch(command: Fetch, send: Send, patience: Patience | None = None) -> JobDone:
    """Fill the folder. Raises Problem; what was fetched stays for the next try."""
    try:
        place = Place(Path(command.folder))
        place.path(LOCK)
        place.path(notes.NAME)
        lock = FolderLock(place.folder)
        if not lock.acquire():
            raise Problem(
                tr("Another Cellar is downloading this model already."),
                tr("Wait until it is done."),
            )
        try:
            done = _Job(command, send, place, patience or Patience()).run()
        finally:
            lock.release()
        with contextlib.suppress(OSError):  # another Cellar may have come to look, too late
            (place.folder / LOCK).unlink()
    except OSError as error:
        raise world_problem(error, tr("download the model")) from error
    return done


class _Job:
    def __init__(self, command: Fetch, send: Send, place: Place, patience: Patience) -> None:
        self._command = command
        self._send = send
        self._place = place
        self._patience = patience
        self._connection = Connection(command.endpoint, command.token, patience)
        self._notes = notes.Notes(place.folder)
        self._looked = 0.0

    def run(self) -> JobDone:
        try:
            self._connection.say_why(
                tr("to list the files of {repository}", repository=self._command.repository)
            )
            self._send(Progress(Stage("asking the hub")))
            listing = self._wanted(self._listing())
            self._report_contacts()
            self._connection.say_why(
                tr("to download {repository}", repository=self._command.repository)
            )
            return JobDone(0, self._have_all(listing))
        finally:
            self._report_contacts()
            self._connection.close()

    def _listing(self) -> Listing:
        """At the commit that an earlier try began with, as long as the hub has it."""
        repository, revision = self._command.repository, self._command.revision
        commit = self._notes.commit_for(repository, revision)
        if commit:
            with contextlib.suppress(NoSuchRevision):
                return self._ask(commit)
        return self._ask(revision)

    def _ask(self, revision: str) -> Listing:
        tries = Tries(self._patience, self._patience.listing_s)
        while True:
            try:
                timeout_s = self._patience.listing_s
                return list_files(self._connection, self._command.repository, revision, timeout_s)
            except Again as failure:
                time.sleep(tries.pause(failure))

    def _wanted(self, listing: Listing) -> Listing:
        repository, paths = listing.repository, [file.path for file in listing.files]
        names.refuse_hostile(repository, paths)
        wanted = choice.chosen(repository, paths, self._command.patterns)
        names.refuse_unfit(repository, wanted)
        files = {file.path: file for file in listing.files}
        return Listing(repository, listing.commit, tuple(files[path] for path in wanted))

    def _have_all(self, listing: Listing) -> tuple[ModelFile, ...]:
        for path in self._notes.begin(listing, self._command.revision):
            self._place.remove(path)
            self._place.remove(path + names.PART)
        done = stock.finished(self._place, self._notes, listing.files, self._verifying)
        missing = [file for file in listing.files if file.path not in done]
        self._check_room(missing)
        meter = Meter(sum(file.size for file in listing.files))
        meter.found(sum(file.size for file in done.values()))
        errand = Errand(
            *(self._connection, listing, self._place, self._notes, meter, self._patience),
            threading.Event(),
        )
        self._send(Progress(Stage("downloading")))
        settings = [file for file in missing if file.path in choice.EXAMINED]
        others = [file for file in missing if file.path not in choice.EXAMINED]
        done |= self._bring(errand, settings)
        self._examine(listing)
        done |= self._bring(errand, others)
        self._send(meter.reading())
        self._notes.forget()
        return tuple(done[file.path] for file in listing.files)

    def _bring(self, errand: Errand, files: Sequence[RemoteFile]) -> dict[str, ModelFile]:
        tasks = [partial(bring, errand, file) for file in files]
        found = run_all(tasks, partial(self._tick, errand.meter), errand.stop)
        return {file.path: file for file in found}

    def _examine(self, listing: Listing) -> None:
        for file in listing.files:
            if file.path in choice.EXAMINED:
                body = self._place.path(file.path).read_bytes()
                choice.refuse_code_in_settings(listing.repository, file.path, body)

    def _verifying(self, number: int, count: int) -> None:
        self._send(Progress(Stage("verifying", number, count)))

    def _check_room(self, missing: Sequence[RemoteFile]) -> None:
        here = sum(self._place.size(file.path + names.PART) or 0 for file in missing)
        needed = sum(file.size for file in missing) - here
        free = free_space(self._place.folder)
        if needed and free < needed + ROOM_LEFT:
            raise Problem(
                tr(
                    "The download needs {needed} of disk, and {free} are free.",
                    needed=megabytes(needed),
                    free=megabytes(free),
                ),
                tr("Free some space and try again: it goes on where it was."),
            )

    def _tick(self, meter: Meter) -> None:
        self._send(meter.reading())
        if time.monotonic() - self._looked < LOOK_S:
            return
        self._looked = time.monotonic()
        self._report_contacts()
        if free_space(self._place.folder) < ROOM_LEFT // 2:
            raise Problem(
                tr("The disk is almost full, so Cellar stopped the download."),
                tr("Free some space and try again: it goes on where it was."),
            )

    def _report_contacts(self) -> None:
        for contact in self._connection.contacts():
            self._send(contact)
