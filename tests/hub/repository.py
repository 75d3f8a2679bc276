"""Repositories of the hub for tests: files, their checksums, commits."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LFS = (".bin", ".gguf", ".safetensors", ".pt")
Content = bytes | Path


@dataclass(frozen=True)
class Blob:
    """One content, in memory or on disk."""

    content: Content
    lfs: bool

    @cached_property
    def size(self) -> int:
        """Bytes."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    @cached_property
    def sha256(self) -> str:
        """In hex, of the content."""
        return hashlib.sha256(self.read()).hexdigest()

    @cached_property
    def git_id(self) -> str:
        """What git calls it; of a file in LFS, of the pointer to it."""
        body = f"version x\noid sha256:{self.sha256}\n".encode() if self.lfs else self.read()
        return hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()

    @property
    def etag(self) -> str:
        """As the hub sends it."""
        return f'"{self.sha256 if self.lfs else self.git_id}"'

    def read(self, start: int = 0, stop: int | None = None) -> bytes:
        """A part of the content."""
        if isinstance(self.content, bytes):
            return self.content[start:stop]
        with self.content.open("rb") as file:
            file.seek(start)
            return file.read() if stop is None else file.read(stop - start)

    def listed(self, path: str) -> dict[str, Any]:
        """Its entry in the list of files."""
        entry: dict[str, Any] = {"rfilename": path, "size": self.size, "blobId": self.git_id}
        if self.lfs:
            entry["lfs"] = {"sha256": self.sha256, "size": self.size, "pointerSize": 134}
        return entry


Tree = Mapping[str, Blob]


@dataclass
class Repository:
    """A repository with all its commits."""

    name: str
    gated: bool = False
    readers: set[str] = field(default_factory=set)  # tokens that may read it when it is gated
    commits: dict[str, Tree] = field(default_factory=dict)
    main: str = ""
    about: dict[str, Any] = field(default_factory=dict)  # what the API says besides

    def commit(self, files: Mapping[str, Content]) -> str:
        """A new state of the files; returns its name."""
        tree = {path: Blob(content, path.endswith(LFS)) for path, content in files.items()}
        names = "".join(f"{path} {blob.git_id}\n" for path, blob in sorted(tree.items()))
        commit = hashlib.sha1(names.encode("utf-8", "surrogatepass"), usedforsecurity=False)
        self.main = commit.hexdigest()
        self.commits[self.main] = tree
        return self.main

    def tree(self, revision: str) -> tuple[str, Tree] | None:
        """The commit and the files of a revision."""
        commit = self.main if revision == "main" else revision
        return (commit, self.commits[commit]) if commit in self.commits else None

    def info(self, commit: str) -> dict[str, Any]:
        """What the hub's API says of it."""
        siblings = [blob.listed(path) for path, blob in self.commits[commit].items()]
        return {
            "_id": "0",
            "id": self.name,
            "modelId": self.name,
            "sha": commit,
            "private": False,
            "gated": "manual" if self.gated else False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "siblings": siblings,
            **self.about,
        }
