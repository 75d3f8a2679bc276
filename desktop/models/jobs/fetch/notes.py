"""`.fetch.json`: what is known of a download between two tries. Losing it costs time, no more."""

import json
import os
import threading
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.model import ModelFile
from desktop.files import write_atomically
from desktop.models.jobs.fetch.listing import Listing, RemoteFile
from desktop.models.jobs.fetch.names import PART, refuse_hostile

NAME = ".fetch.json"
FORMAT = 1
UNFINISHED_NOTES = ".cellar-*.tmp"  # of a process that was killed while it wrote
WORTH_NOTING = 2**18  # bytes; a smaller file comes at once, or again


class Notes:
    """Which commit is being fetched, whose parts are on disk, and what was found right."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        body = _read(folder / NAME)
        self._asked = body.get("asked")
        self.commit: str = body.get("commit", "")
        self._files: dict[str, dict[str, Any]] = body.get("files", {})

    def commit_for(self, repository: str, revision: str) -> str:
        """The commit that an earlier try of the same request began with, empty if there is none."""
        return self.commit if self._asked == [repository, revision] else ""

    def begin(self, listing: Listing, revision: str) -> list[str]:
        """Note what is fetched now. Returns the paths where something else may be on disk."""
        self._asked = [listing.repository, revision]
        self.commit = listing.commit
        wanted = {file.path: file.checksum for file in listing.files}
        with self._lock:
            known = self._files
            others = [
                path for path, facts in known.items() if facts["checksum"] != wanted.get(path)
            ]
            for path in others:
                del known[path]
            self._save()
        return others

    def etag(self, file: RemoteFile, host: str) -> str:
        """The ETag that this host gave for the bytes on disk. Another host may have another."""
        facts = self._files.get(file.path, {})
        return str(facts["etag"]) if facts.get("host") == host else ""

    def note_source(self, file: RemoteFile, host: str, etag: str) -> None:
        """The bytes that come now are from there."""
        if file.size >= WORTH_NOTING:
            self._note(file, host=host, etag=etag)

    def note_right(self, file: RemoteFile, done: ModelFile) -> None:
        """The file is whole and has the right checksum."""
        self._note(file, sha256=done.sha256, time=self._time(file))

    def sha256(self, file: RemoteFile) -> str:
        """Of a file that was found right and has not changed since; else empty."""
        facts = self._files.get(file.path, {})
        unchanged = "sha256" in facts and facts.get("time") == self._time(file)
        return str(facts["sha256"]) if unchanged else ""

    def forget(self) -> None:
        """The download is complete: nothing but its files stays."""
        (self._folder / NAME).unlink(missing_ok=True)
        for pattern in (UNFINISHED_NOTES, f"*{PART}"):
            for path in self._folder.glob(pattern):
                path.unlink()

    def _note(self, file: RemoteFile, **facts: object) -> None:
        with self._lock:
            known = self._files.setdefault(file.path, {})
            if known | facts | {"checksum": file.checksum} != known:
                known |= facts | {"checksum": file.checksum}
                self._save()

    def _save(self) -> None:
        body = {
            "format": FORMAT,
            "asked": self._asked,
            "commit": self.commit,
            "files": self._files,
        }
        write_atomically(self._folder / NAME, json.dumps(body, indent=1).encode())

    def _time(self, file: RemoteFile) -> int:
        return os.lstat(self._folder / file.path).st_mtime_ns


def _read(path: Path) -> dict[str, Any]:
    """The body of the file, empty when it is not one that this program wrote."""
    try:
        if path.is_symlink():
            return {}
        body = json.loads(path.read_bytes())
        well_formed = (
            body["format"] == FORMAT
            and isinstance(body["commit"], str)
            and all("checksum" in facts for facts in body["files"].values())
        )
        refuse_hostile("", body["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Problem):
        return {}
    return body if well_formed else {}
