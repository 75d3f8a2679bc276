"""Logs: kept small, never in the way, and never a word of a conversation."""

import errno
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import logs
from desktop.domain.errors import Problem, UsageProblem
from desktop.logs import describe, start_logging, stop_logging

CANARY = "my secret is a purple walrus"


@pytest.fixture(autouse=True)
def closed_again() -> Iterator[None]:
    level = logging.getLogger("desktop").level
    yield
    stop_logging()
    logging.getLogger("desktop").setLevel(level)


def _logger() -> logging.Logger:
    return logging.getLogger("desktop.test")


def test_a_line_tells_time_process_level_and_logger(tmp_path: Path) -> None:
    path = start_logging(tmp_path / "logs", "debug", role="engine")
    assert path == tmp_path / "logs" / "cellar.log"
    _logger().debug("loaded in %.1f s", 1.5)
    line = path.read_text("utf-8")
    assert line[:4].isdigit()
    assert " engine[" in line
    assert line.endswith("DEBUG desktop.test: loaded in 1.5 s\n")


def test_nothing_goes_to_standard_error_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = start_logging(tmp_path)
    assert path is not None
    _logger().debug("one")
    _logger().info("two")
    _logger().error("three")
    assert capsys.readouterr().err == ""
    assert "one" not in path.read_text("utf-8")
    assert "two" in path.read_text("utf-8")


def test_beside_a_file_standard_error_gets_warnings_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(tmp_path, "debug")
    _logger().info("quiet")
    _logger().warning("loud")
    err = capsys.readouterr().err
    assert "loud" in err
    assert "quiet" not in err


def test_a_child_process_tells_its_parent_everything_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert start_logging(None, "info", role="engine") is None
    _logger().debug("too much")
    _logger().info("enough")
    err = capsys.readouterr().err
    assert "enough" in err
    assert "too much" not in err


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    assert start_logging(tmp_path / "logs") is None
    _logger().error("goes nowhere")


def test_an_unknown_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="loud"):
        start_logging(tmp_path, "loud")


def test_the_log_is_cut_into_five_files_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_FILE_SIZE", 1000)
    start_logging(tmp_path)
    for number in range(200):
        _logger().info("line %d", number)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["cellar.log", *(f"cellar.log.{number}" for number in range(1, 5))]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    assert "line 199\n" in (tmp_path / "cellar.log").read_text("utf-8")


def test_when_the_files_cannot_be_turned_the_log_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where nobody can rename a file that a second process has open."""

    def refuse(*arguments: object) -> None:
        raise PermissionError("in use")

    monkeypatch.setattr(logs, "_FILE_SIZE", 300)
    monkeypatch.setattr("os.rename", refuse)
    path = start_logging(tmp_path)
    assert path is not None
    for number in range(20):
        _logger().info("line %d", number)
    text = path.read_text("utf-8")
    assert all(f"line {number}\n" in text for number in range(20))


def test_a_full_disk_does_not_disturb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "full")

    start_logging(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(logging.getLogger("desktop").handlers[-1], "flush", full)
        _logger().info("cannot be written")
    assert capsys.readouterr().err == ""


def test_without_a_standard_error_the_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program without a console on Windows has none."""
    monkeypatch.setattr(sys, "stderr", None)
    path = start_logging(tmp_path, "info")
    assert path is not None
    _logger().warning("kept")
    assert "kept" in path.read_text("utf-8")


def test_an_exception_is_logged_without_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = start_logging(tmp_path, "debug")
    assert path is not None
    try:
        try:
            {"a": 1}[CANARY]
        except KeyError as error:
            raise ValueError(f"cannot say {CANARY}") from error
    except ValueError:
        _logger().exception("an answer failed")
    text = path.read_text("utf-8")
    assert "ValueError" in text
    assert "KeyError" in text
    assert "in test_an_exception_is_logged_without_what_it_says" in text
    assert CANARY not in text
    assert CANARY not in capsys.readouterr().err


def test_a_problem_is_logged_with_its_sentence(tmp_path: Path) -> None:
    path = start_logging(tmp_path)
    assert path is not None
    try:
        raise Problem("The disk is full.", "Free some space.")
    except Problem:
        _logger().exception("not saved")
    assert "The disk is full. Free some space." in path.read_text("utf-8")


def test_what_other_libraries_log_is_not_kept(tmp_path: Path) -> None:
    path = start_logging(tmp_path, "debug")
    assert path is not None
    logging.getLogger("httpx").info("POST %s", CANARY)
    assert CANARY not in path.read_text("utf-8")


def test_a_text_is_described_by_its_length() -> None:
    assert describe("x" * 1204) == "1,204 characters"
    assert describe("張") == "1 character"
    assert describe("") == "0 characters"
