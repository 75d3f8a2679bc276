"""Files that are whole or not there, hashes, locks, and errors in words."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop import files
from desktop.files import (
    FolderLock,
    free_name,
    free_space,
    sha256_of,
    world_problem,
    write_atomically,
)

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
ODD_NAMES = ["plain.txt", "with space.txt", "Ünï 張 🙂.txt", "x" * 250 + ".txt"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_is_written_and_replaced_and_nothing_is_left_beside_it(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    write_atomically(path, b"first, and longer")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_only_the_owner_can_read_a_new_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"private")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


@POSIX
def test_a_planted_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "manifest").symlink_to(tmp_path / "precious")
    write_atomically(tmp_path / "manifest", b"new")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert (tmp_path / "manifest").read_bytes() == b"new"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"old")
    monkeypatch.setattr(f"os.{step}", _failing(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _failing(error: OSError) -> Callable[..., None]:
    def fail(*arguments: object) -> None:
        raise error

    return fail


def _taken_by_another() -> OSError:
    error = PermissionError(errno.EACCES, "in use", "a")
    if os.name != "nt":
        error.winerror = 32  # type: ignore[attr-defined]
    return error


def test_a_scanner_that_holds_the_file_for_a_moment_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.replace, []

    def taken_twice(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) < 3:
            raise _taken_by_another()
        real(source, target)

    monkeypatch.setattr("os.replace", taken_twice)
    monkeypatch.setattr(files, "_REPLACE_PAUSE", 0)
    write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert len(calls) == 3


def test_a_file_that_stays_taken_is_reported_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.replace", _failing(_taken_by_another()))
    monkeypatch.setattr(files, "_REPLACE_PAUSE", 0)
    with pytest.raises(PermissionError) as caught:
        write_atomically(tmp_path / "a", b"new")
    assert "Another program is using" in world_problem(caught.value, "save").what
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1, files._CHUNK, files._CHUNK * 2 + 17])
def test_the_hash_is_that_of_all_bytes_and_progress_ends_at_the_size(
    tmp_path: Path, size: int
) -> None:
    data = (bytes(range(251)) * (size // 251 + 1))[:size]
    (tmp_path / "a").write_bytes(data)
    seen: list[int] = []
    assert sha256_of(tmp_path / "a", seen.append) == hashlib.sha256(data).hexdigest()
    assert seen == sorted(seen)
    assert seen[-1:] == ([size] if size else [])


def test_hashing_can_be_given_up(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def give_up(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sha256_of(tmp_path / "a", give_up)


def test_free_space_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert free_space(tmp_path / "not" / "there") > 0


def test_a_free_name_is_never_one_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    (tmp_path / "a-2.db").touch()
    assert free_name(tmp_path, "a", ".db") == tmp_path / "a-3.db"
    assert free_name(tmp_path, "b", ".db") == tmp_path / "b.db"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "Access to “/x/settings.toml” is denied"),
        (errno.EPERM, "Access to “/x/settings.toml” is denied"),
        (errno.EROFS, "The disk of “/x/settings.toml” is read-only"),
        (errno.ENOENT, "There is no “/x/settings.toml”"),
        (errno.ENAMETOOLONG, "The name “/x/settings.toml” is too long"),
        (errno.EMFILE, "Too many files are open"),
        (errno.ENOTDIR, "A file is in the place of the folder “/x/settings.toml”"),
        (errno.EIO, "The disk of “/x/settings.toml” reports an error"),
        (errno.EDOM, "The system reports “Odd thing” for “/x/settings.toml”"),
    ],
)
def test_each_error_has_its_sentence_and_a_way_out(code: int, words: str) -> None:
    problem = world_problem(OSError(code, "Odd thing.", "/x/settings.toml"), "save the settings")
    assert problem.what == f"{words}, so Cellar could not save the settings."
    assert problem.remedy.endswith(".")


@pytest.mark.parametrize("name", [None, b"/x/\xff", "/x/\udcff", Path("/x"), 3])
def test_an_error_can_be_worded_whatever_it_is_about(name: object) -> None:
    problem = world_problem(OSError(errno.EACCES, "denied", name), "read it")
    problem.what.encode("utf-8")
    assert "is denied" in problem.what


def test_real_errors_of_the_system_are_worded(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        write_atomically(tmp_path / "missing" / "a", b"")
    assert "There is no" in world_problem(missing.value, "save").what
    with pytest.raises(OSError, match="too long") as caught:
        (tmp_path / ("x" * 5000)).read_bytes()
    words = world_problem(caught.value, "read")
    assert "too long" in words.what
    assert len(words.what) < 300


def test_a_second_lock_on_the_folder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    first.release()
    assert second.acquire()
    second.release()


def test_a_lock_can_be_let_go_by_another_thread(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    assert first.acquire()
    thread = threading.Thread(target=first.release)
    thread.start()
    thread.join()
    assert second.acquire()
    second.release()


HOLDER = """
import sys
from pathlib import Path
from desktop.files import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    folder = tmp_path / "Ünï 張 🙂"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FolderLock(folder)
        assert not lock.acquire()
        holder.kill()
        holder.wait()
        assert lock.acquire()
        lock.release()


def test_a_folder_that_cannot_be_locked_raises(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        FolderLock(tmp_path / "file").acquire()
