"""Everything that a hub and a network can do wrong, one at a time, with the transfer of files."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Contacted, Progress, Transferring
from tests.hub.faults import (
    Cut,
    Elsewhere,
    Empty,
    Fault,
    Gzipped,
    Nonsense,
    OtherETag,
    RangeIgnored,
    Stall,
    Status,
    WrongBytes,
    WrongContentRange,
    WrongLength,
)
from tests.hub.fetching import QUICK, REPOSITORY, Fetched, fetch_here
from tests.hub.models import ir_files
from tests.hub.server import LISTING, Hub

pytestmark = pytest.mark.integration

LARGE, SMALL = "openvino_model.bin", "tokenizer.json"
FILES = ir_files()
WANTED = {p for p in FILES if p not in (".gitattributes", "README.md")}
SIZE = len(FILES[LARGE])


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        hub.publish(REPOSITORY, FILES)
        yield hub


def assert_whole(fetched: Fetched, folder: Path) -> None:
    """Every file is there as it was published, and nothing else is."""
    assert {path.name for path in folder.iterdir()} == WANTED
    assert {name: (folder / name).read_bytes() for name in WANTED} == {n: FILES[n] for n in WANTED}
    assert {name: file.size for name, file in fetched.files.items()} == {
        name: len(FILES[name]) for name in WANTED
    }


def test_a_download_tells_what_it_does(hub: Hub, tmp_path: Path) -> None:
    fetched = fetch_here(hub, tmp_path / "x")
    assert_whole(fetched, tmp_path / "x")
    stages = [event.stage.name for event in fetched.events if isinstance(event, Progress)]
    assert stages == ["asking the hub", "downloading"]
    last = [event for event in fetched.events if isinstance(event, Transferring)][-1]
    assert last.done == last.total == sum(file.size for file in fetched.files.values())
    contacts = [event for event in fetched.events if isinstance(event, Contacted)]
    assert {contact.host for contact in contacts} == {"127.0.0.1", "localhost"}
    assert {contact.why for contact in contacts} == {
        f"to list the files of {REPOSITORY}",
        f"to download {REPOSITORY}",
    }
    assert sum(contact.received for contact in contacts) > last.total
    assert all(hub.sent[REPOSITORY, name] == len(FILES[name]) for name in WANTED)


def test_nothing_but_the_files_wanted_is_asked_for(hub: Hub, tmp_path: Path) -> None:
    fetch_here(hub, tmp_path / "x")
    commit = hub.repositories[REPOSITORY].main
    asked = {request.path for request in hub.requests if request.path.startswith("/maker")}
    assert {path.rpartition("/")[2] for path in asked} == WANTED
    assert all(commit in path for path in asked)
    assert hub.requests[0].path == f"/api/models/{REPOSITORY}/revision/main"
    assert {request.headers["accept-encoding"] for request in hub.requests} == {"identity"}
    assert not any("telemetry" in request.path for request in hub.requests)


# After these the download goes on by itself, and no byte comes a second time.
GOES_ON: dict[str, list[Fault]] = {
    "cut at once": [Cut(0)],
    "cut after k bytes": [Cut(1), Cut(50_000), Cut(99_999)],
    "cut before the last byte": [Cut(SIZE - 1)],
    "stall": [Stall(100_000)],
    "stall before the first byte": [Stall(0)],
    "429": [Status(429, {"Retry-After": "0"})],
    "500": [Status(500)],
    "502, 503, 504": [Status(502), Status(503), Status(504)],
    "cut, then 503": [Cut(70_000), Status(503)],
    "a body that ends early": [WrongLength(-10, chunked=True)],
}


@pytest.mark.parametrize("name", GOES_ON)
@pytest.mark.parametrize("file", [LARGE, SMALL])
def test_the_download_goes_on(hub: Hub, tmp_path: Path, name: str, file: str) -> None:
    length, faults = len(FILES[file]), GOES_ON[name]
    hub.fail(REPOSITORY, file, *(scaled(fault, length / SIZE) for fault in faults))
    fetched = fetch_here(hub, tmp_path / "x")
    assert_whole(fetched, tmp_path / "x")
    assert hub.sent[REPOSITORY, file] == length


def scaled(fault: Fault, by: float) -> Fault:
    """The same for a smaller file."""
    if isinstance(fault, Cut | Stall):
        return replace(fault, after=int(fault.after * by))
    return fault


def test_a_redirect_within_the_hub_is_followed(hub: Hub, tmp_path: Path) -> None:
    commit = hub.repositories[REPOSITORY].main
    hub.fail(REPOSITORY, SMALL, Elsewhere(f"/{REPOSITORY}/resolve/{commit}/{SMALL}"))
    assert_whole(fetch_here(hub, tmp_path / "x"), tmp_path / "x")


# After these the file, or a part of it, has to come again: what came was of no use.
STARTS_AGAIN: dict[str, list[Fault]] = {
    "range ignored": [Cut(5_000), RangeIgnored()],
    "wrong Content-Range": [Cut(5_000), WrongContentRange()],
    "wrong Content-Range again and again": [Cut(5_000), *[WrongContentRange(-1)] * 3],
    "too long": [WrongLength(10)],
    "too short": [WrongLength(-10)],
    "too long, without a length": [WrongLength(10, chunked=True)],
    "wrong bytes": [WrongBytes()],
    "wrong bytes in the rest": [Cut(5_000), WrongBytes()],
    "another ETag": [Cut(5_000), OtherETag()],
    "gzip": [Gzipped()],
    "gzip in the rest": [Cut(5_000), Gzipped()],
    "empty": [Empty()],
    "416": [Cut(5_000), Status(416)],
}


@pytest.mark.parametrize("name", STARTS_AGAIN)
@pytest.mark.parametrize("file", [LARGE, SMALL])
def test_what_cannot_be_right_is_fetched_again(
    hub: Hub, tmp_path: Path, name: str, file: str
) -> None:
    hub.fail(REPOSITORY, file, *STARTS_AGAIN[name])
    assert_whole(fetch_here(hub, tmp_path / "x"), tmp_path / "x")


def test_bytes_of_another_etag_are_not_joined(hub: Hub, tmp_path: Path) -> None:
    hub.fail(REPOSITORY, LARGE, Cut(5_000), OtherETag())
    fetch_here(hub, tmp_path / "x")
    at_storage = [r.start for r in hub.asked(LARGE) if r.host in hub.storage]
    assert at_storage == [0, 5_000, 0]


ALWAYS = 100
FAILS: dict[str, tuple[Fault, str]] = {
    "401": (Status(401), "knows no model maker/model"),
    "403": (Status(403), "denies access to maker/model"),
    "404": (Status(404, {"X-Error-Code": "EntryNotFound"}), "A file of maker/model is gone"),
    "416": (Status(416), "shorter than it says"),
    "418": (Status(418), "answers with 418"),
    "429": (Status(429), "asked too often"),
    "500": (Status(500), r"problem of its own at the moment \(500\)"),
    "503": (Status(503), r"problem of its own at the moment \(503\)"),
    "wrong bytes": (WrongBytes(), "does not have the checksum"),
    "too long": (WrongLength(7), "not as long as it says"),
    "too short": (WrongLength(-7), "not as long as it says"),
    "longer without a length": (WrongLength(7, chunked=True), "longer than it says"),
    "empty": (Empty(), "not as long as it says"),
    "cut at once": (Cut(0), "breaks off again and again"),
    "stall": (Stall(0), "Nothing comes from"),
    "redirect in circles": (Elsewhere(""), "leads in circles"),  # to the same address
    "redirect to nobody": (Elsewhere("http://127.0.0.1:1/x"), "refuses the connection"),
    "redirect to no address": (Elsewhere("http://cellar.invalid/x"), r"cellar\.invalid cannot be"),
    "redirect to a file": (Elsewhere("file:///etc/passwd"), "address of another kind"),
    "a page of the network": (Nonsense(), "not as long as it says"),
}


@pytest.mark.parametrize("name", FAILS)
def test_what_does_not_get_better_is_told(hub: Hub, tmp_path: Path, name: str) -> None:
    fault, sentence = FAILS[name]
    hub.fail(REPOSITORY, LARGE, *[fault] * ALWAYS)
    with pytest.raises(Problem, match=sentence) as raised:
        fetch_here(hub, tmp_path / "x")
    assert raised.value.remedy
    assert not (tmp_path / "x" / LARGE).exists()


LISTING_FAILS: dict[str, tuple[Fault, str]] = {
    "401": (Status(401), "knows no model maker/model"),
    "403": (Status(403), "denies access to maker/model"),
    "404": (Status(404), "knows no model maker/model"),
    "429": (Status(429, {"Retry-After": "600"}), "asked too often"),
    "503": (Status(503), r"problem of its own at the moment \(503\)"),
    "a page of the network": (Nonsense(), "does not answer as a hub"),
    "no JSON object": (Nonsense(b"[]"), "does not answer as a hub"),
    "no files": (Nonsense(b'{"id":"maker/model","sha":"' + b"0" * 40 + b'"}'), "does not answer"),
}


@pytest.mark.parametrize("name", LISTING_FAILS)
def test_a_list_of_files_that_does_not_come_is_told(hub: Hub, tmp_path: Path, name: str) -> None:
    fault, sentence = LISTING_FAILS[name]
    hub.fail(REPOSITORY, LISTING, *[fault] * ALWAYS)
    with pytest.raises(Problem, match=sentence):
        fetch_here(hub, tmp_path / "x")


@pytest.mark.parametrize("fault", [Status(500), Status(429)])
def test_a_list_of_files_is_asked_for_again(hub: Hub, tmp_path: Path, fault: Fault) -> None:
    hub.fail(REPOSITORY, LISTING, fault, fault)
    assert_whole(fetch_here(hub, tmp_path / "x"), tmp_path / "x")


def test_a_hub_that_wants_a_pause_gets_it(hub: Hub, tmp_path: Path) -> None:
    hub.fail(REPOSITORY, SMALL, Status(429, {"Retry-After": "1"}))
    began = time.monotonic()
    assert_whole(fetch_here(hub, tmp_path / "x", replace(QUICK, give_up_s=30.0)), tmp_path / "x")
    assert time.monotonic() - began >= 1.0
    assert len(hub.asked(SMALL)) == 2


def test_a_hub_that_nobody_serves_is_told(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(Problem, match=r"127\.0\.0\.1 refuses the connection"):
        fetch_here(hub, tmp_path / "x", endpoint="http://127.0.0.1:1")


def test_a_name_that_is_not_known_is_told(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(Problem, match=r"The address of hub\.invalid cannot be found"):
        fetch_here(hub, tmp_path / "x", endpoint="https://hub.invalid")


def test_a_connection_that_is_not_secure_is_told(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(Problem, match=r"127\.0\.0\.1 does not speak a secure connection"):
        fetch_here(hub, tmp_path / "x", endpoint=hub.url.replace("http:", "https:"))


def test_a_proxy_is_used_for_the_network_and_not_for_this_computer(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", hub.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert_whole(fetch_here(hub, tmp_path / "x", endpoint="http://hub.test"), tmp_path / "x")
    hosts = {request.host for request in hub.requests}
    assert hosts == {"hub.test", hub.storage.removeprefix("http://")}
