"""The answers of the hub for tests."""

import gzip
import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.hub import faults
from tests.hub.repository import Blob, Repository

if TYPE_CHECKING:
    from tests.hub.server import Hub

PIECE = 64 * 1024
API = re.compile(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+))?/?")
FILE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")


class Handler(BaseHTTPRequestHandler):
    """What hub and storage have in common: faults, ranges, counting."""

    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> "Hub":
        hub: Hub = self.server.hub  # type: ignore[attr-defined]
        return hub

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        from tests.hub.server import Request

        path = unquote(urlsplit(self.path).path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, headers.get("host", ""), path, headers)
        with self.hub.lock:
            self.hub.requests.append(request)
        try:
            self.serve(path)
        except ConnectionError:
            self.close_connection = True

    def serve(self, path: str) -> None:
        raise NotImplementedError

    def answer(self, code: int, body: bytes, **headers: str) -> None:
        """A short answer."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, code: int, error_code: str, message: str) -> None:
        """An answer that says what is wrong, as the hub says it."""
        headers = {"X_Error_Message": message} | (
            {"X_Error_Code": error_code} if error_code else {}
        )
        self.answer(code, json.dumps({"error": message}).encode(), **headers)

    def went_wrong(self, repository: str, path: str) -> bool:
        """True when a fault took the place of the answer."""
        match self.hub.answer_fault(repository, path):
            case None:
                return False
            case faults.Elsewhere(url):
                self.answer(302, b"", Location=url)
            case faults.Status(code, headers, body):
                self.answer(code, body, **{n.replace("-", "_"): v for n, v in headers.items()})
            case faults.Nonsense(body):
                self.answer(200, body, Content_Type="text/html")
        return True

    def serve_blob(self, repository: str, path: str, blob: Blob, **more: str) -> None:
        """The content, or the part that was asked for."""
        fault = self.hub.body_fault(repository, path) if self.command == "GET" else None
        etag = fault.etag if isinstance(fault, faults.OtherETag) else blob.etag
        start = self._start(etag, blob, fault)
        if start is not None and start >= blob.size:
            self.answer(416, b"", Content_Range=f"bytes */{blob.size}")
            return
        body = blob.read(start or 0)
        headers = {"ETag": etag, "Accept-Ranges": "bytes", **more}
        if start is not None:
            shift = fault.shift if isinstance(fault, faults.WrongContentRange) else 0
            headers["Content-Range"] = f"bytes {start + shift}-{blob.size - 1}/{blob.size}"
        body, headers = _spoilt(body, headers, fault)
        self.send_response(200 if start is None else 206)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self._send_body((repository, path), body, fault, "Content-Length" not in headers)

    def _start(self, etag: str, blob: Blob, fault: faults.OfBodies | None) -> int | None:
        """Where the answer begins; None for all of the content."""
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted is None or isinstance(fault, faults.RangeIgnored | faults.Gzipped):
            return None
        if self.headers.get("If-Range", etag) != etag:
            return None
        return int(wanted[1])

    def _send_body(
        self, key: tuple[str, str], body: bytes, fault: faults.OfBodies | None, chunked: bool
    ) -> None:
        whole = fault.after if isinstance(fault, faults.Cut | faults.Stall) else len(body)
        for position in range(0, whole, PIECE):
            piece = body[position : min(position + PIECE, whole)]
            self._write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            with self.hub.lock:
                self.hub.sent[key] += len(piece)
            if self.hub.rate:
                time.sleep(len(piece) / self.hub.rate)
        if chunked:
            self._write(b"0\r\n\r\n")
        if isinstance(fault, faults.Stall):
            self.hub.closing.wait(fault.seconds)
        if isinstance(fault, faults.Cut | faults.Stall):
            self.close_connection = True

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()


def _spoilt(
    body: bytes, headers: dict[str, str], fault: faults.OfBodies | None
) -> tuple[bytes, dict[str, str]]:
    """Body and headers with what the fault changes in them."""
    match fault:
        case faults.WrongBytes():
            body = bytes(byte ^ 0xFF for byte in body[:PIECE]) + body[PIECE:]
        case faults.WrongLength(by):
            body = body + b"x" * by if by > 0 else body[:by]
        case faults.Gzipped():
            body = gzip.compress(body)
            headers = headers | {"Content-Encoding": "gzip"}
        case faults.Empty():
            body = b""
    if isinstance(fault, faults.WrongLength) and fault.chunked:
        return body, headers | {"Transfer-Encoding": "chunked"}
    return body, headers | {"Content-Length": str(len(body))}


class HubHandler(Handler):
    """The hub: lists repositories, gives small files, leads to large ones."""

    def serve(self, path: str) -> None:
        if path == "/api/models":
            self._serve_search(parse_qs(urlsplit(self.path).query))
        elif match := API.fullmatch(path):
            self._serve_api(match[1], match[2] or "revision", match[3] or "main")
        elif match := FILE.fullmatch(path):
            self._serve_file(match[1], match[2], match[3])
        else:
            self.error(404, "", "Not found")

    def _serve_api(self, name: str, what: str, revision: str) -> None:
        if self.went_wrong(name, ""):
            return
        found = self._found(name, revision, gate=False)
        if found is None:
            return
        repository, commit, tree = found
        body: Any = repository.info(commit)
        if what == "tree":
            body = [
                {"type": "file", "path": path, "size": blob.size, "oid": blob.git_id}
                | ({"lfs": {"oid": blob.sha256, "size": blob.size}} if blob.lfs else {})
                for path, blob in tree.items()
            ]
        self.answer(200, json.dumps(body).encode(), Content_Type="application/json")

    def _serve_search(self, query: dict[str, list[str]]) -> None:
        if self.went_wrong("", ""):
            return
        word, limit = query["search"][0].casefold(), int(query["limit"][0])
        found = [r for name, r in self.hub.repositories.items() if word in name.casefold()]
        listed = [repository.info(repository.main) for repository in found]
        listed.sort(key=lambda info: -info["downloads"])
        body = json.dumps(listed[:limit]).encode()
        self.answer(200, body, Content_Type="application/json")

    def _serve_file(self, name: str, revision: str, path: str) -> None:
        if self.went_wrong(name, path):
            return
        found = self._found(name, revision, gate=True)
        if found is None:
            return
        _, commit, tree = found
        if path not in tree:
            self.error(404, "EntryNotFound", "Entry not found")
            return
        blob = tree[path]
        if not blob.lfs:
            self.serve_blob(name, path, blob, X_Repo_Commit=commit)
            return
        self.answer(
            302,
            b"",
            Location=f"{self.hub.storage}/{name}/{commit}/{quote(path)}?signature=made-up",
            X_Repo_Commit=commit,
            X_Linked_Size=str(blob.size),
            X_Linked_ETag=blob.etag,
        )

    def _found(self, name: str, revision: str, gate: bool) -> tuple[Repository, str, Any] | None:
        """The repository at that revision; else the error was sent."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        repository = self.hub.repositories.get(name)
        if token and token not in self.hub.tokens:
            self.error(401, "", "Invalid credentials in Authorization header")
        elif repository is None:
            self.error(404 if token else 401, "RepoNotFound", "Repository not found")
        elif gate and repository.gated and token not in repository.readers:
            self.error(403 if token else 401, "GatedRepo", "Access to this model is restricted.")
        elif (found := repository.tree(revision)) is None:
            self.error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        else:
            return repository, *found
        return None


class StorageHandler(Handler):
    """Where the large files are."""

    def serve(self, path: str) -> None:
        owner, name, commit, file = path.lstrip("/").split("/", 3)
        repository = self.hub.repositories[f"{owner}/{name}"]
        self.serve_blob(repository.name, file, repository.commits[commit][file])
