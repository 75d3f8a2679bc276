"""The self-test's look at the window's parts finds what a bad build lacks."""

import shutil
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.checks import Checked, Wrong
from desktop.selftest import surroundings
from desktop.selftest.run import Report
from desktop.storage.self_check import check_storage
from desktop.ui.self_check import check_window
from tests.support import ROOT

NO_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>'


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """The program's files without its models, to be spoilt."""
    ignore = shutil.ignore_patterns("starter", "catalogue")
    return Path(shutil.copytree(ROOT / "resources", tmp_path / "resources", ignore=ignore))


def wrong_in(resources: Path) -> dict[str, str]:
    results, versions = check_window(resources)
    assert versions["Qt"]
    return {each.name: each.detail for each in results if not each.ok}


def test_a_theme_is_missing(qtbot: QtBot, resources: Path) -> None:
    for file in (resources / "themes").glob("dark*.toml"):
        file.unlink()
    assert "light and a dark" in wrong_in(resources)["themes"]


def test_an_icon_is_empty(qtbot: QtBot, resources: Path) -> None:
    (resources / "icons" / "pin.svg").write_text(NO_PICTURE)
    assert "pin.svg comes out empty" in wrong_in(resources)["icons"]


def test_the_translations_are_missing(qtbot: QtBot, resources: Path) -> None:
    shutil.rmtree(resources / "i18n", ignore_errors=True)
    assert "are missing" in wrong_in(resources)["translations"]


def test_an_old_database_is_understood(tmp_path: Path) -> None:
    assert "FTS5" in check_storage(tmp_path / "old")


def test_telemetry_that_is_not_shut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert surroundings.no_telemetry()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(Wrong, match="is in the bundle"):
        surroundings.no_telemetry()
    monkeypatch.undo()
    monkeypatch.delitem(sys.modules, surroundings.TELEMETRY)
    with pytest.raises(Wrong, match="not shut out"):
        surroundings.no_telemetry()


def test_a_bundle_without_licences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "made by the build" in surroundings.licences(tmp_path)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(Wrong):
        surroundings.licences(tmp_path)
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "LGPL-3.0.txt").write_text("…")
    assert surroundings.licences(tmp_path) == "1 files"


def test_a_library_of_the_children_in_the_window_s_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in surroundings.HEAVY:
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert surroundings.window_process()
    monkeypatch.setitem(sys.modules, "openvino", sys)
    with pytest.raises(Wrong, match="openvino were loaded"):
        surroundings.window_process()


def test_one_wrong_part_fails_the_whole() -> None:
    report = Report()
    report.add([outcome(True)])
    assert report.ok
    report.add([outcome(False)])
    assert not report.ok
    assert '"ok": false' in report.printed()


def outcome(ok: bool) -> Checked:
    return Checked("ok" if ok else "broken", ok, "…", 1)
