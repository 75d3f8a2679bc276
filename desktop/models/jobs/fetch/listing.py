"""What a repository has, as the hub tells it: one commit, and size and checksum of each file."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

import desktop
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.problems import status_trouble, transport_trouble

REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}", re.ASCII)
MOST_FILES = 20_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository. One of the two checksums is empty."""

    path: str
    size: int  # bytes
    sha256: str  # of a file in Git LFS, as all large ones are
    blob: str  # of any other: the SHA-1 that git has for it

    @property
    def checksum(self) -> str:
        """The one that is known, which names the content."""
        return self.sha256 or self.blob


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository as it was at one commit."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]


def list_files(connection: Connection, repository: str, revision: str, timeout_s: float) -> Listing:
    """Ask the hub. Raises Again or Problem."""
    return asked(connection, repository, revision, timeout_s, lambda a: listing_of(a, repository))


def asked(
    connection: Connection,
    repository: str,
    revision: str,
    timeout_s: float,
    read: Callable[[Any], T],
) -> T:
    """What `read` makes of the hub's answer about a repository. Raises Again or Problem."""
    if not REPOSITORY.fullmatch(repository) or ".." in repository or "--" in repository:
        raise Problem(
            tr("“{repository}” is no name of a repository.", repository=repository[:100]),
            tr("A name is like owner/model."),
        )

    def ask(api: Any) -> Any:
        return api.model_info(repository, revision=revision, files_metadata=True, timeout=timeout_s)

    return answered(connection, ask, read, repository)


def answered(
    connection: Connection,
    ask: Callable[[Any], Any],
    read: Callable[[Any], T],
    repository: str = "",
) -> T:
    """What `read` makes of what the hub's library brings. Raises Again or Problem."""
    try:
        return read(_brought(connection, ask))
    except httpx.HTTPError as error:
        response = getattr(error, "response", None)  # of the library's own kinds of error
        if response is None:
            raise transport_trouble(error, connection.host) from error
        raise status_trouble(response, repository, connection.page(repository)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Problem(
            tr("{host} does not answer as a hub of models does.", host=connection.host),
            tr(
                "Check HF_ENDPOINT, if it is set, and whether this network asks for a login in the"
                " browser first."
            ),
        ) from error


def listing_of(answer: Any, repository: str) -> Listing:
    """The commit and the files of an answer. Raises ValueError, TypeError, AttributeError."""
    return Listing(repository, _hex(answer.sha, 40), tuple(map(_file, _siblings(answer))))


def _brought(connection: Connection, ask: Callable[[Any], Any]) -> Any:
    # Children are offline unless downloading is what they are for. The library reads these once.
    os.environ["HF_HUB_OFFLINE"] = "0"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.pop("HF_DEBUG", None)  # prints requests with their headers
    from huggingface_hub import HfApi, close_session, set_client_factory

    set_client_factory(connection.new_client)
    try:
        return ask(HfApi(connection.endpoint, False, "cellar", desktop.__version__))
    finally:
        close_session()


def _siblings(answer: Any) -> list[Any]:
    siblings = answer.siblings
    if not isinstance(siblings, list) or len(siblings) > MOST_FILES:
        raise ValueError("no list of files")
    return siblings


def _file(sibling: Any) -> RemoteFile:
    path = sibling.rfilename
    if not isinstance(path, str):
        raise TypeError("a file without a name")
    if sibling.lfs is not None:
        return RemoteFile(path, _size(sibling.lfs.size), _hex(sibling.lfs.sha256, 64), "")
    return RemoteFile(path, _size(sibling.size), "", _hex(sibling.blob_id, 40))


def _size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("no size")
    return value


def _hex(value: Any, length: int) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{length}}}", value):
        raise ValueError("no checksum")
    return value
