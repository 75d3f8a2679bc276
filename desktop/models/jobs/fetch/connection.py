"""The one way out: every request of a download passes here, so that the token stays safe."""

import functools
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import certifi
import httpx

import desktop
from desktop.domain.errors import Problem
from desktop.domain.events import Contacted
from desktop.domain.words import tr
from desktop.models.jobs.fetch.patience import Patience
from desktop.models.jobs.fetch.problems import status_trouble, transport_trouble

HUB = "https://huggingface.co"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_REDIRECTS = 5
ASTRAY = "cellar.astray"  # marks a request that was led away from the hub


class Connection:
    """Requests to a hub and to where it redirects.

    The token is added here and nowhere else: only for the hub's own scheme, host and port, only
    over https (or on loopback), and no more once a redirect has led elsewhere.
    """

    def __init__(
        self,
        endpoint: str,
        token: str,
        patience: Patience,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        given = endpoint or os.environ.get("HF_ENDPOINT", "") or HUB
        self.endpoint = given.rstrip("/")
        self._home = _checked_url(self.endpoint)
        self._token = _checked_token(token) if _is_private(self._home) else ""
        self._why = ""
        self._received: dict[str, int] = {}  # by host, not reported yet
        self._counting = threading.Lock()
        self._options: dict[str, Any] = {
            "transport": transport,
            "verify": trusted(),
            "headers": {
                "User-Agent": f"cellar/{desktop.__version__}",
                "Accept-Encoding": "identity",
            },
            "timeout": httpx.Timeout(patience.stall_s, connect=patience.connect_s, pool=None),
            "limits": httpx.Limits(max_connections=16, max_keepalive_connections=8),
            "follow_redirects": True,
            "max_redirects": MOST_REDIRECTS,
            "event_hooks": {"request": [self._before], "response": [self._after]},
            # Never by a proxy.
            "mounts": {f"all://{_bracketed(host)}": None for host in LOOPBACK},
        }
        self._client = self.new_client()

    def new_client(self) -> httpx.Client:
        """A client with all the precautions, for a library that wants to close it."""
        return httpx.Client(**self._options)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    @property
    def host(self) -> str:
        """The hub's name."""
        return self._home.host

    def page(self, repository: str) -> str:
        """Where a browser shows the repository."""
        return f"{self.endpoint}/{repository}"

    def say_why(self, why: str) -> None:
        """What the network is used for from now on."""
        self._why = why

    def contacts(self) -> list[Contacted]:
        """The hosts that were asked or sent something since the last call, and how many bytes."""
        with self._counting:
            received, self._received = self._received, {}
        return [Contacted(host, self._why, count) for host, count in received.items()]

    @contextmanager
    def open(self, url: str, repository: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """An answer to be read as it comes. Raises Again or Problem, in its body as well."""
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if not response.is_success and response.status_code != 416:
                    raise status_trouble(response, repository, self.page(repository))
                yield response
        except httpx.HTTPError as error:
            raise transport_trouble(error, self.host) from error

    def _before(self, request: httpx.Request) -> None:
        """Called for each request, those of a redirect among them."""
        url = request.url
        if self._home.scheme == "https" and url.scheme != "https":
            raise Problem(
                tr(
                    "{host} leads to {other} over a connection that anyone can read.",
                    host=self.host,
                    other=url.host,
                ),
                tr("Use another repository or mirror."),
            )
        if _origin(url) != _origin(self._home):
            request.extensions[ASTRAY] = True  # a redirect's request has those of the one before
        request.headers.pop("Authorization", None)
        if self._token and ASTRAY not in request.extensions:
            request.headers["Authorization"] = f"Bearer {self._token}"
        self._count(url.host, 0)

    def _after(self, response: httpx.Response) -> None:
        host, body = response.url.host, response.stream
        response.stream = _Counted(body, lambda data: self._count(host, len(data)))

    def _count(self, host: str, received: int) -> None:
        with self._counting:
            self._received[host] = self._received.get(host, 0) + received


class _Counted(httpx.SyncByteStream):
    """A body whose every piece is shown to `see`."""

    def __init__(self, body: Any, see: Callable[[bytes], None]) -> None:
        self._body = body
        self._see = see

    def __iter__(self) -> Iterator[bytes]:
        for data in self._body:
            self._see(data)
            yield data

    def close(self) -> None:
        """Let the connection go."""
        self._body.close()


def _checked_url(endpoint: str) -> httpx.URL:
    try:
        url = httpx.URL(endpoint)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise Problem(
            tr("“{endpoint}” is not the address of a hub.", endpoint=endpoint[:100]),
            tr("Set HF_ENDPOINT to one like {hub}, or remove it.", hub=HUB),
        )
    return url


def _checked_token(token: str) -> str:
    if not re.fullmatch("[!-~]*", token):
        raise Problem(
            tr("The access token has a character that no token has."),
            tr("Copy it once more, and whole."),
        )
    return token


def _is_private(url: httpx.URL) -> bool:
    return url.scheme == "https" or url.host in LOOPBACK


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, port


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@functools.cache
def trusted() -> ssl.SSLContext:
    """What the system trusts (an organisation's own certificates), and the usual authorities."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
