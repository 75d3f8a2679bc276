"""No version that is known to be bad is shipped; the list of them is in the repository."""

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import ROOT

LOCKS = sorted((ROOT / "packaging" / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script, which is in no package."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "packaging" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_nothing_bad_is_locked(audit: ModuleType, lock: Path) -> None:
    found = list(audit.findings(audit.pins(lock.read_text("utf-8"))))
    assert [finding.line() for finding in found if not finding.reason] == []


def test_there_are_locks_with_packages(audit: ModuleType) -> None:
    counts = {lock.name: len(audit.pins(lock.read_text("utf-8"))) for lock in LOCKS}
    assert counts["run.txt"] > 40


@pytest.mark.parametrize(
    ("pin", "id"),
    [
        ("Jinja2==3.1.5", "CVE-2025-27516"),
        ("torch==2.5.1+cpu", "CVE-2025-32434"),
        ("transformers==5.2.9", "CVE-2026-4372"),
        ("jaraco.context==6.0.1", "CVE-2026-23949"),
        ("PySide6_Essentials==6.12.0", "PYSIDE-6.12.0-NONE"),
        ("urllib3==2.6.3 ; sys_platform == 'win32'", "CVE-2026-44432"),
    ],
)
def test_a_bad_version_is_found(
    audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], pin: str, id: str
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"# made by hand\n\nhttpx==0.28.1\n{pin}\n")
    assert audit.main([str(lock)]) == 1
    assert f", {id}: " in capsys.readouterr().out


def test_what_is_accepted_is_said_with_its_reason(
    audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("huggingface_hub==1.21.0\n")
    assert audit.main([str(lock)]) == 0
    assert "accepted: huggingface-hub 1.21.0, CVE-2026-15717" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "conditions", "holds"),
    [
        ("3.1.6", "<3.1.6", False),
        ("3.1", "<3.1.6", True),
        ("3.10", "<3.9", False),
        ("2026.3.0.0", "<2026.3", False),
        ("6.12", "==6.12.0", True),
        ("2.6.5", ">=2.6.0, <2.7.0", True),
        ("2.5.9", ">=2.6.0, <2.7.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(
    audit: ModuleType, version: str, conditions: str, holds: bool
) -> None:
    assert audit.meets(version, conditions) is holds


def test_the_list_is_whole(audit: ModuleType) -> None:
    listed = tomllib.loads(audit.KNOWN_BAD.read_text("utf-8"))
    for bad in listed["bad"]:
        assert bad["what"]
        assert bad["source"]
        audit.meets("1.0", bad["versions"])
    known = {(bad["id"], bad["package"]) for bad in listed["bad"]}
    assert len(known) == len(listed["bad"])
    assert {(entry["id"], entry["package"]) for entry in listed["accepted"]} <= known
    assert all(entry["reason"] for entry in listed["accepted"])


def test_a_line_without_a_version_is_not_passed_over(audit: ModuleType) -> None:
    with pytest.raises(ValueError, match="no pinned version"):
        audit.pins("httpx>=0.2\n")
