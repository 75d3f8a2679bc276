"""A hub on loopback: it speaks what model hubs speak, counts, and does wrong as it is told.

Large files are redirected to another host name and port, as a hub does with its storage.
"""

import ssl
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from types import TracebackType

from tests.hub.faults import Fault, OfAnswers, OfBodies
from tests.hub.handler import HubHandler, StorageHandler
from tests.hub.repository import Content, Repository

LISTING = ""  # stands for the list of files, where a fault is for that


@dataclass(frozen=True)
class Request:
    """A request that came."""

    method: str
    host: str  # as the client named it, with the port
    path: str
    headers: Mapping[str, str]  # names in lower case

    @property
    def start(self) -> int:
        """Where the part that was asked for begins; 0 for all of the file."""
        return int(self.headers.get("range", "bytes=0-").removeprefix("bytes=").split("-")[0])


class Hub:
    """The server; a context manager. Counters and requests may be read at any time."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._scheme = "https" if tls else "http"
        self.repositories: dict[str, Repository] = {}
        self.tokens: set[str] = set()  # of accounts; one that is not here is wrong
        self.requests: list[Request] = []
        self.sent: Counter[tuple[str, str]] = Counter()  # bytes of bodies, by repository and path
        self.rate = 0.0  # bytes per second and answer; 0 is as fast as it goes
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._faults: dict[tuple[str, str], deque[Fault]] = defaultdict(deque)
        self._servers = [_Server(handler, self, tls) for handler in (HubHandler, StorageHandler)]

    @property
    def url(self) -> str:
        """What HF_ENDPOINT would be."""
        return f"{self._scheme}://127.0.0.1:{self._servers[0].server_port}"

    @property
    def storage(self) -> str:
        """Where large files are."""
        return f"{self._scheme}://localhost:{self._servers[1].server_port}"

    def publish(self, name: str, files: Mapping[str, Content], *, gated: bool = False) -> str:
        """Make a repository, or a new commit of one; returns the commit."""
        repository = self.repositories.setdefault(name, Repository(name, gated))
        return repository.commit(files)

    def fail(self, repository: str, path: str, *faults: Fault) -> None:
        """Do these wrong, one in each of the next requests for the file (or LISTING)."""
        self._faults[repository, path] += faults

    def answer_fault(self, repository: str, path: str) -> OfAnswers | None:
        """What to do instead of answering, if that is next. For the handlers."""
        with self.lock:
            waiting = self._faults[repository, path]
            fault = waiting[0] if waiting else None
            if not isinstance(fault, OfAnswers):
                return None
            waiting.popleft()
            return fault

    def body_fault(self, repository: str, path: str) -> OfBodies | None:
        """What to do wrong with the body, if that is next. For the handlers."""
        with self.lock:
            waiting = self._faults[repository, path]
            fault = waiting[0] if waiting else None
            if not isinstance(fault, OfBodies):
                return None
            waiting.popleft()
            return fault

    def asked(self, path: str) -> list[Request]:
        """The requests for the content of a file, in order."""
        with self.lock:
            return [
                r for r in self.requests if r.path.endswith(f"/{path}") and "/api/" not in r.path
            ]

    def __enter__(self) -> "Hub":
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, handler: type[HubHandler | StorageHandler], hub: Hub, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, True, do_handshake_on_connect=False)
        self.hub = hub

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some tests are about."""
