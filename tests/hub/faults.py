"""What the hub for tests can be told to do wrong. Each fault is for one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cut:
    """The connection ends after so many bytes of the body."""

    after: int


@dataclass(frozen=True)
class Stall:
    """After so many bytes of the body nothing comes any more, for that long."""

    after: int
    seconds: float = 60.0


@dataclass(frozen=True)
class RangeIgnored:
    """The whole file comes, whatever part was asked for."""


@dataclass(frozen=True)
class WrongContentRange:
    """The part that was asked for, said to begin elsewhere."""

    shift: int = 1


@dataclass(frozen=True)
class WrongLength:
    """A body that is longer or shorter by so many bytes. Chunked: without a Content-Length."""

    by: int
    chunked: bool = False


@dataclass(frozen=True)
class WrongBytes:
    """As many bytes as there should be, but others."""


@dataclass(frozen=True)
class OtherETag:
    """The file has another ETag than before."""

    etag: str = '"another"'


@dataclass(frozen=True)
class Gzipped:
    """The whole file, compressed, though nobody asked for that."""


@dataclass(frozen=True)
class Empty:
    """An answer without a body."""


@dataclass(frozen=True)
class Elsewhere:
    """A redirect to this address."""

    url: str


@dataclass(frozen=True)
class Status:
    """An answer that is no success."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"error":"told to fail"}'


@dataclass(frozen=True)
class Nonsense:
    """A success with this body."""

    body: bytes = b"<html>Please log in to the hotel's network</html>"


OfAnswers = Elsewhere | Status | Nonsense  # take the place of any answer
OfBodies = (
    Cut
    | Stall
    | RangeIgnored
    | WrongContentRange
    | WrongLength
    | WrongBytes
    | OtherETag
    | Gzipped
    | Empty
)
Fault = OfAnswers | OfBodies
