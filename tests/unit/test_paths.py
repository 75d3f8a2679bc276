"""Where the program writes, and what it says when it cannot."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from desktop import paths
from desktop.domain.errors import Problem
from desktop.paths import Paths, resources

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")


def test_without_a_choice_the_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, appauthor: f"/data/{name}")
    assert Paths.of().data_dir == Path(os.path.abspath("/data/Cellar"))


def test_everything_lies_below_the_chosen_folder(tmp_path: Path) -> None:
    chosen = Paths.of(tmp_path)
    names = {
        name: getattr(chosen, name).relative_to(tmp_path).as_posix()
        for name in ("database", "settings", "models", "backups", "cache", "logs")
    }
    assert names == {
        "database": "chats.db",
        "settings": "settings.toml",
        "models": "models",
        "backups": "backups",
        "cache": "cache",
        "logs": "logs",
    }


def test_a_relative_folder_stays_the_same_after_a_change_of_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = Paths.of(Path("here"))
    monkeypatch.chdir("/")
    assert chosen.database == tmp_path / "here" / "chats.db"


def test_the_home_folder_can_be_written_short(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, os.path.abspath("/home/anna"))
    assert Paths.of(Path("~/chats")).data_dir == Path(os.path.abspath("/home/anna/chats"))


@pytest.mark.parametrize("name", ["plain", "with some spaces", "Ünï 張 🙂", "a/deeper/one"])
def test_prepare_makes_the_folder_and_leaves_nothing_else(tmp_path: Path, name: str) -> None:
    chosen = Paths.of(tmp_path / name)
    assert chosen.prepare() is None
    assert chosen.prepare() is None
    assert list(chosen.data_dir.iterdir()) == []


@POSIX
def test_only_its_owner_can_enter_a_new_folder(tmp_path: Path) -> None:
    chosen = Paths.of(tmp_path / "new")
    chosen.prepare()
    assert stat.S_IMODE(chosen.data_dir.stat().st_mode) == 0o700


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A real error that root gets as well, unlike that of a folder without write permission."""
    (tmp_path / "file").write_text("mine")
    for name in ("file", "file/below"):
        problem = Paths.of(tmp_path / name).prepare()
        assert problem is not None
        assert "in the place of the folder" in problem.what
        assert str(tmp_path / name) in problem.what
        assert problem.remedy
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "is denied"),
    ],
)
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    """Simulated, because root may write everywhere."""

    def fail(path: Path) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(paths, "create_private", fail)
    problem = Paths.of(tmp_path).prepare()
    assert problem is not None
    assert words in problem.what
    assert problem.what.endswith("so Cellar could not use this folder for its data.")
    assert ".cellar-" not in problem.what


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a file system of Linux")
def test_a_place_where_nobody_can_make_a_folder() -> None:
    assert Paths.of(Path("/proc/cellar")).prepare() is not None


def test_a_name_that_no_folder_can_have() -> None:
    problem = Paths.of(Path("/tmp/a\0b")).prepare()
    assert problem is not None
    assert "character" in problem.what


def test_resources_of_a_source_checkout() -> None:
    assert (resources() / "catalogue").is_dir()


def test_resources_of_a_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources() == tmp_path / "resources"


def test_resources_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(Problem, match="missing"):
        resources()


def test_resources_of_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desktop" / "resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "desktop" / "paths.py"))
    assert resources() == tmp_path.resolve() / "desktop" / "resources"
