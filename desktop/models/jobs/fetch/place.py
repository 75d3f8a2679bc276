"""The folder that files are brought to. Nothing in it is trusted to be where it seems to be."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from desktop.domain.errors import Problem
from desktop.domain.words import tr

_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_REPARSE_POINT = 0x400  # Windows: a link or a junction


class Place:
    """Paths below one folder that no planted link leads out of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refuse_link(folder)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return self._folder

    def path(self, name: str) -> Path:
        """Where the file of that name belongs; the folders on the way are made. Raises Problem."""
        path = self._folder
        *folders, last = name.split("/")
        for part in folders:
            path /= part
            self._refuse_link(path)
            path.mkdir(exist_ok=True)
        self._refuse_link(path / last)
        return path / last

    def size(self, name: str) -> int | None:
        """Bytes of the file, None when there is none. Raises Problem for what is not a file."""
        path = self.path(name)
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return None
        self._refuse_stranger(path, found)
        return found.st_size

    def open(self, name: str) -> BinaryIO:
        """The file for reading and writing, made if need be. Raises Problem, OSError."""
        path = self.path(name)
        try:
            handle = os.open(path, _FLAGS | os.O_CREAT, 0o600)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise _link(path) from error
            raise
        file = os.fdopen(handle, "r+b", buffering=0)
        try:
            self._refuse_stranger(path, os.fstat(file.fileno()))
        except Problem:
            file.close()
            raise
        return file

    def remove(self, name: str) -> None:
        """Remove the file, if it is there."""
        self.path(name).unlink(missing_ok=True)

    def _refuse_link(self, path: Path) -> None:
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return
        attributes = getattr(found, "st_file_attributes", 0)
        if stat.S_ISLNK(found.st_mode) or attributes & _REPARSE_POINT:
            raise _link(path)

    def _refuse_stranger(self, path: Path, found: os.stat_result) -> None:
        """A second name of the same file is somebody else's file; a pipe would wait for ever."""
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise _link(path)


def _link(path: Path) -> Problem:
    return Problem(
        tr("“{name}” in the folder of the download is a link to something else.", name=path.name),
        tr("Cellar does not follow it. Remove it and try again."),
    )
