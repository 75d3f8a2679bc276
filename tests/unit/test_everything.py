"""The run of all tests: a failure is a failure, a stall of the machine is not."""

from pathlib import Path

import pytest

from tests.everything import main

PASSES = "def test_passes():\n    pass\n"
FAILS = "def test_fails():\n    assert False\n"
FAILS_ONCE = """
from pathlib import Path
def test_fails_once():
    there = Path(__file__).with_name("there")
    known = there.exists()
    there.touch()
    assert known
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    (tmp_path / "test_passes.py").write_text(PASSES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_pass_in_one_run(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "once more" not in capfd.readouterr().out


def test_what_fails_only_beside_others_is_named(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "test_sometimes.py").write_text(FAILS_ONCE)

    assert main() == 0

    first, again = capfd.readouterr().out.split("once more, alone")
    assert "1 failed, 1 passed" in first
    assert "PASSED test_sometimes.py::test_fails_once" in again


def test_what_fails_twice_fails(folder: Path) -> None:
    (folder / "test_sometimes.py").write_text(FAILS_ONCE)
    (folder / "test_never.py").write_text(FAILS)
    assert main() == pytest.ExitCode.TESTS_FAILED


def test_what_cannot_be_read_fails(folder: Path) -> None:
    (folder / "test_wrong.py").write_text("import nowhere_at_all\n")
    assert main() != 0
