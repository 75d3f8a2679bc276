"""A file on its way: what of it is on disk, and the checksums of that."""

import hashlib
import os

from desktop.domain.model import ModelFile
from desktop.files import replace
from desktop.models.jobs.fetch.listing import RemoteFile
from desktop.models.jobs.fetch.names import PART
from desktop.models.jobs.fetch.place import Place

_CHUNK = 2**20  # bytes


class Checksums:
    """SHA-256 of all that was added, and git's SHA-1 where that is what the hub knows."""

    def __init__(self, file: RemoteFile) -> None:
        self._expected = file
        self._sha256 = hashlib.sha256()
        self._blob = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)

    def add(self, data: bytes | memoryview) -> None:
        """Go on with more of the content."""
        self._sha256.update(data)
        if self._expected.blob:
            self._blob.update(data)

    @property
    def sha256(self) -> str:
        """In hex."""
        return self._sha256.hexdigest()

    @property
    def right(self) -> bool:
        """True when the content is what the hub promised."""
        if self._expected.sha256:
            return self.sha256 == self._expected.sha256
        return self._blob.hexdigest() == self._expected.blob


class Part:
    """The part file of one file. Opening it reads what an earlier try left. Raises OSError."""

    def __init__(self, place: Place, file: RemoteFile) -> None:
        self._place = place
        self._expected = file
        self._name = file.path + PART
        self._file = place.open(self._name)
        self.size = 0
        self.checksums = Checksums(file)
        self._take_up()

    def _take_up(self) -> None:
        if os.fstat(self._file.fileno()).st_size > self._expected.size:
            self.restart()
        buffer = memoryview(bytearray(_CHUNK))
        while count := self._file.readinto(buffer):  # type: ignore[attr-defined]
            self.checksums.add(buffer[:count])
            self.size += count

    def write(self, data: bytes) -> None:
        """Add to the end."""
        rest = memoryview(data)
        while rest:
            written = self._file.write(rest)
            self.checksums.add(rest[:written])
            self.size += written
            rest = rest[written:]

    def restart(self) -> None:
        """Forget what is there."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        self.checksums = Checksums(self._expected)

    def finish(self) -> ModelFile:
        """Give the file its name, now that it is whole and right."""
        os.fsync(self._file.fileno())
        self._file.close()
        path = self._place.path(self._expected.path)
        replace(self._place.path(self._name), path)
        return ModelFile(self._expected.path, self.size, self.checksums.sha256)

    def close(self) -> None:
        """Leave what there is for the next try."""
        self._file.close()
