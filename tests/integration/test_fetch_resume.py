"""Downloads that end in the middle: what is on disk is not fetched again, and is what it was."""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Failed, JobDone, Progress, Transferring
from desktop.files import FolderLock
from desktop.models.jobs.fetch import job
from desktop.models.jobs.fetch.part import Part
from tests.hub.faults import Stall, Status
from tests.hub.fetching import QUICK, REPOSITORY, ChildFetch, fetch_here, wait_until
from tests.hub.models import ir_files, noise
from tests.hub.server import Hub

pytestmark = pytest.mark.integration

LARGE = "openvino_model.bin"
SIZE = 1_000_000
FILES = ir_files(SIZE)
WANTED = {p: c for p, c in FILES.items() if p not in (".gitattributes", "README.md")}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        hub.publish(REPOSITORY, FILES)
        yield hub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Ünï 張" / "x"


def assert_whole(folder: Path) -> None:
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == WANTED


def interrupt(hub: Hub, folder: Path, after: int) -> None:
    """A try that ends when so much of the large file is there, and all of the others."""
    hub.fail(REPOSITORY, LARGE, Stall(after), Status(404))
    with pytest.raises(Problem):
        fetch_here(hub, folder)
    assert {path.name for path in folder.iterdir()} >= set(WANTED) - {LARGE}


@pytest.mark.parametrize("share", [0.10, 0.50, 0.99])
def test_what_a_killed_download_had_is_not_fetched_again(
    hub: Hub, folder: Path, share: float
) -> None:
    after = int(SIZE * share)
    hub.fail(REPOSITORY, LARGE, Stall(after))
    first = ChildFetch(hub, folder)
    wait_until(lambda: all((folder / name).exists() for name in WANTED if name != LARGE))
    wait_until(lambda: (folder / f"{LARGE}.part").stat().st_size == after)
    first.kill()
    assert not (folder / LARGE).exists()

    second = ChildFetch(hub, folder)
    assert isinstance(second.outcome(), JobDone)
    second.kill()
    assert_whole(folder)
    assert {path: hub.sent[REPOSITORY, path] for path in WANTED} == {
        path: len(content) for path, content in WANTED.items()
    }
    assert [request.start for request in hub.asked(LARGE)][-1] == after


def test_a_file_that_was_finished_is_not_even_asked_for(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    before = len(hub.asked("tokenizer.json"))
    fetched = fetch_here(hub, folder)
    assert_whole(folder)
    assert len(hub.asked("tokenizer.json")) == before
    assert hub.sent[REPOSITORY, LARGE] == SIZE
    assert "verifying" in [e.stage.name for e in fetched.events if isinstance(e, Progress)]
    readings = [e for e in fetched.events if isinstance(e, Transferring)]
    assert readings[0].done >= SIZE // 2


def test_what_a_killed_download_left_of_its_notes_goes(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    (folder / ".cellar-0123456789abcdef.tmp").write_bytes(b"{")
    (folder / "gone.json.part").write_bytes(b"{")
    fetch_here(hub, folder)
    assert_whole(folder)


def test_notes_that_were_tampered_with_remove_nothing_elsewhere(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    victim = folder.parent / "victim"
    victim.write_bytes(b"precious")
    notes = folder / ".fetch.json"
    body = json.loads(notes.read_bytes())
    body["files"]["../victim"] = {"checksum": "0" * 64}
    notes.write_text(json.dumps(body))
    fetch_here(hub, folder)
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize("lost", [b"", b"{}", b"\xff", b'{"format": 99}', None])
def test_the_notes_may_be_lost(hub: Hub, folder: Path, lost: bytes | None) -> None:
    interrupt(hub, folder, SIZE // 2)
    notes = folder / ".fetch.json"
    notes.unlink() if lost is None else notes.write_bytes(lost)
    fetch_here(hub, folder)
    assert_whole(folder)
    assert hub.sent[REPOSITORY, LARGE] == SIZE


def test_a_part_that_is_damaged_is_noticed_and_fetched_again(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    part = folder / f"{LARGE}.part"
    part.write_bytes(b"\0" * 4096 + part.read_bytes()[4096:])
    fetch_here(hub, folder)
    assert_whole(folder)


def test_a_part_that_is_too_long_is_thrown_away(hub: Hub, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / f"{LARGE}.part").write_bytes(b"x" * (SIZE + 1))
    fetch_here(hub, folder)
    assert_whole(folder)


@pytest.mark.parametrize("damage", [b"", b"x" * SIZE, b"longer" * SIZE])
def test_a_finished_file_that_was_changed_since_is_fetched_again(
    hub: Hub, folder: Path, damage: bytes
) -> None:
    interrupt(hub, folder, SIZE // 2)
    (folder / "openvino_tokenizer.bin").write_bytes(damage)
    (folder / "tokenizer.json").write_bytes(b"y" * len(FILES["tokenizer.json"]))
    fetch_here(hub, folder)
    assert_whole(folder)


def test_a_complete_folder_is_checked_and_nothing_is_fetched(hub: Hub, folder: Path) -> None:
    first = fetch_here(hub, folder)
    sent = hub.sent.copy()
    assert fetch_here(hub, folder).files == first.files
    assert hub.sent == sent


def test_a_repository_that_changes_in_between_is_not_mixed(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    hub.publish(REPOSITORY, FILES | {LARGE: noise(SIZE, 9), "tokenizer.json": b"{}"})
    fetch_here(hub, folder)
    assert_whole(folder)
    assert hub.sent[REPOSITORY, LARGE] == SIZE


def test_a_commit_that_is_gone_gives_way_to_the_new_one(hub: Hub, folder: Path) -> None:
    interrupt(hub, folder, SIZE // 2)
    sent = hub.sent[REPOSITORY, "openvino_tokenizer.bin"]
    repository = hub.repositories[REPOSITORY]
    repository.commits.clear()
    newer = FILES | {LARGE: noise(SIZE, 9), "tokenizer.json": b"{}"}
    del newer["special_tokens_map.json"]
    hub.publish(REPOSITORY, newer)
    fetch_here(hub, folder)
    assert not (folder / "special_tokens_map.json").exists()
    assert (folder / LARGE).read_bytes() == noise(SIZE, 9)
    assert (folder / "tokenizer.json").read_bytes() == b"{}"
    assert hub.sent[REPOSITORY, "openvino_tokenizer.bin"] == sent


def test_a_second_cellar_keeps_its_hands_off(hub: Hub, folder: Path) -> None:
    hub.fail(REPOSITORY, LARGE, Stall(SIZE // 2))
    first = ChildFetch(hub, folder)
    wait_until((folder / f"{LARGE}.part").exists)
    second = ChildFetch(hub, folder)
    outcome = second.outcome()
    assert isinstance(outcome, Failed)
    assert outcome.what == "Another Cellar is downloading this model already."
    first.kill()
    second.kill()
    assert len([r for r in hub.requests if "/api/" in r.path]) == 1


def test_a_lock_that_a_killed_cellar_left_does_not_matter(hub: Hub, folder: Path) -> None:
    folder.mkdir(parents=True)
    lock = FolderLock(folder)
    assert lock.acquire()
    with pytest.raises(Problem, match="Another Cellar"):
        fetch_here(hub, folder)
    lock.release()
    fetch_here(hub, folder)
    assert_whole(folder)


def test_a_disk_that_is_too_small_is_told_before_the_start(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "free_space", lambda path: 2_000_000)
    with pytest.raises(Problem, match=r"needs 1\.1 MB of disk, and 2\.0 MB are free"):
        fetch_here(hub, folder)
    assert hub.sent.total() == 0


def test_a_disk_that_fills_up_is_told_and_what_is_there_stays(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Part.write

    def full(part: Part, data: bytes) -> None:
        if part.size + len(data) > SIZE // 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(part, data)

    monkeypatch.setattr(Part, "write", full)
    with pytest.raises(Problem, match="disk is full, so Cellar could not download the model"):
        fetch_here(hub, folder)
    kept = (folder / f"{LARGE}.part").stat().st_size
    assert kept > 0
    monkeypatch.undo()
    fetch_here(hub, folder)
    assert_whole(folder)
    assert hub.asked(LARGE)[-1].start == kept


def test_a_download_stops_before_it_fills_the_disk(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([10**12])
    monkeypatch.setattr(job, "free_space", lambda path: next(free, 1_000_000))
    hub.fail(REPOSITORY, LARGE, Stall(SIZE // 2))
    with pytest.raises(Problem, match="disk is almost full"):
        fetch_here(hub, folder, replace(QUICK, stall_s=20.0))
    assert (folder / f"{LARGE}.part").stat().st_size == SIZE // 2


def test_a_folder_that_cannot_be_written_is_told(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Problem, match="could not download the model"):
        fetch_here(hub, tmp_path / "file" / "x")
