"""One file: from the hub to the disk, in as many tries as it takes."""

import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from desktop.domain.errors import Problem
from desktop.domain.model import ModelFile
from desktop.domain.words import mark, tr
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.listing import Listing, RemoteFile
from desktop.models.jobs.fetch.meter import Meter
from desktop.models.jobs.fetch.notes import Notes
from desktop.models.jobs.fetch.part import Part
from desktop.models.jobs.fetch.patience import Again, Patience, Tries
from desktop.models.jobs.fetch.place import Place

log = logging.getLogger(__name__)

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
GO_ON = mark("Try again later, or use another repository of this model.")


class Stopped(Exception):
    """Another file failed, so this one was left as it is."""


class Distrusted(Exception):
    """What is on disk, or what comes, cannot be the file."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(what, tr(GO_ON))


@dataclass(frozen=True)
class Errand:
    """What all transfers of one download share."""

    connection: Connection
    listing: Listing
    place: Place
    notes: Notes
    meter: Meter
    patience: Patience
    stop: threading.Event

    def url(self, file: RemoteFile) -> str:
        """Where the hub has the file: at the commit of the listing, whatever is changed since."""
        where = f"{self.listing.repository}/resolve/{self.listing.commit}"
        return f"{self.connection.endpoint}/{where}/{quote(file.path)}"


def bring(errand: Errand, file: RemoteFile) -> ModelFile:
    """Have the whole, right file in its place. Raises Problem, OSError, Stopped."""
    part = Part(errand.place, file)
    errand.meter.found(part.size)
    try:
        done = _Transfer(errand, file, part).run()
    finally:
        part.close()
    errand.notes.note_right(file, done)
    return done


class _Transfer:
    def __init__(self, errand: Errand, file: RemoteFile, part: Part) -> None:
        self._errand = errand
        self._file = file
        self._part = part
        self._ranged = True  # until a server shows that it does not know how
        self._begun_anew = False

    def run(self) -> ModelFile:
        tries = Tries(self._errand.patience, self._errand.patience.give_up_s)
        while True:
            before = self._part.size
            try:
                if before < self._file.size:
                    self._receive()
                if not self._part.checksums.right:
                    raise Distrusted(
                        tr("“{path}” does not have the checksum it should.", path=self._file.path)
                    )
                return self._part.finish()
            except Distrusted as failure:
                log.warning("%s: %s", self._file.path, failure)
                self._begin_anew(failure)
            except Again as failure:
                if self._part.size > before:
                    tries.got_on()
                pause = tries.pause(failure)
                log.info("%s: %s Again in %.1f s.", self._file.path, failure, pause)
                if self._errand.stop.wait(pause):
                    raise Stopped from failure

    def _begin_anew(self, failure: Distrusted) -> None:
        if self._begun_anew:
            raise failure.problem
        self._begun_anew = True
        self._errand.meter.found(-self._part.size)
        self._part.restart()

    def _receive(self) -> None:
        """One request, from where the part ends. Returns when the file is whole."""
        offset = self._part.size if self._ranged else 0
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        url, repository = self._errand.url(self._file), self._errand.listing.repository
        with self._errand.connection.open(url, repository, headers) as response:
            passed_over = self._checked(response, offset)
            self._take(response.iter_bytes(), passed_over)
        if self._part.size < self._file.size:  # a body that ended well, and too early
            raise Again(self._cut(response.url.host))

    def _checked(self, response: httpx.Response, offset: int) -> int:
        """The bytes at the beginning of the body that are on disk already."""
        if response.status_code == 416:
            raise Distrusted(
                tr("The hub's “{path}” is shorter than it says.", path=self._file.path)
            )
        self._check_source(response)
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        if response.status_code != 206:
            if not encoded:
                self._check_length(response, self._file.size)
            return self._part.size
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found is None or encoded or int(found[1]) != offset:
            self._ranged = False
            raise Again(
                Problem(
                    tr("{host} sends another part of the file than asked.", host=response.url.host),
                    tr(GO_ON),
                )
            )
        if found[3] not in ("*", str(self._file.size)):
            raise Distrusted(
                tr("The hub's “{path}” is not as long as it says.", path=self._file.path)
            )
        self._check_length(response, int(found[2]) + 1 - offset)
        return 0

    def _check_source(self, response: httpx.Response) -> None:
        """An ETag tells whether what a host has is still what the bytes on disk came from."""
        host = response.url.netloc.decode()
        etag = response.headers.get("ETag", "")
        known = self._errand.notes.etag(self._file, host)
        self._errand.notes.note_source(self._file, host, etag)
        if self._part.size and known and etag and etag != known:
            raise Distrusted(
                tr("“{path}” changes at the hub while it is fetched.", path=self._file.path)
            )

    def _check_length(self, response: httpx.Response, expected: int) -> None:
        length = response.headers.get("Content-Length", "")
        if length and length != str(expected):
            raise Distrusted(
                tr("The hub's “{path}” is not as long as it says.", path=self._file.path)
            )

    def _take(self, body: Iterator[bytes], passed_over: int) -> None:
        for data in body:
            if self._errand.stop.is_set():
                raise Stopped
            news = data[passed_over:]
            passed_over -= len(data) - len(news)
            if self._part.size + len(news) > self._file.size:
                raise Distrusted(
                    tr("The hub's “{path}” is longer than it says.", path=self._file.path)
                )
            self._part.write(news)
            self._errand.meter.received(self._file.path, len(news))

    def _cut(self, host: str) -> Problem:
        return Problem(
            tr("The connection to {host} breaks off again and again.", host=host), tr(GO_ON)
        )
