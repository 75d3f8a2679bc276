"""Which program of a bundle a child is: the full bundle has a second one, for conversion."""

import os
import sys
from pathlib import Path

import pytest

from desktop import __main__ as entry
from desktop.engine.client import worker_command
from desktop.models.conversion import missing_packages
from desktop.paths import converter, resources


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process, as if it were a bundle's program."""
    program = tmp_path / "cellar"
    program.touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    return tmp_path


def test_from_source_there_is_no_second_program(tmp_path: Path) -> None:
    assert converter() is None
    assert worker_command("convert") == [sys.executable, "-P", "-m", "desktop", "worker", "convert"]


def test_a_light_bundle_starts_itself(bundle: Path) -> None:
    for role in ("engine", "convert", "fetch"):
        assert worker_command(role) == [str(bundle / "cellar"), "worker", role]


def test_a_full_bundle_converts_with_its_second_program(bundle: Path) -> None:
    second = bundle / "cellar-converter"
    second.touch()
    assert worker_command("convert") == [str(second), "worker", "convert"]
    assert worker_command("engine") == [str(bundle / "cellar"), "worker", "engine"]
    assert missing_packages() == ()


def test_a_light_bundle_says_what_it_lacks(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("torch", "transformers", "optimum"):
        monkeypatch.setitem(sys.modules, name, None)
    assert missing_packages() == ("torch", "transformers", "optimum-intel")


def test_resources_are_found_in_a_bundle(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(bundle), raising=False)
    (bundle / "resources").mkdir()
    assert resources() == bundle / "resources"


@pytest.mark.parametrize("before", ["", "/opt/other/lib"])
def test_other_programs_are_not_given_the_libraries_of_the_bundle(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{bundle}/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    entry._give_library_path_back()
    assert os.environ.get("LD_LIBRARY_PATH", "") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
