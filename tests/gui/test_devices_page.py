"""The device page: what it shows, what it asks for, and that it is reached and left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.app import build
from desktop.domain.bench import Contestant, DeviceReport, Report, Result, Sample, Step, Work
from desktop.domain.errors import Problem
from desktop.domain.events import Tried, Tuned
from desktop.domain.hardware import Device
from desktop.domain.tuning import CACHE, PRECISION, TYPICAL
from desktop.engine.fake import FAKE_MODEL
from desktop.services.chat import commands as chat
from desktop.services.chat.notices import DevicesListed
from desktop.services.devices import commands, notices
from desktop.services.tuning import Phase, Progress
from desktop.settings.store import SettingsStore
from desktop.ui.devices.page import DevicesPage
from desktop.ui.devices.presenter import DevicesPresenter
from desktop.ui.icons import IconSet
from desktop.ui.main_window import MainWindow
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.theme import Theme
from tests.gui.models_page_fakes import click, shown_texts

DEFAULTS = Tried({}, 1951.0, 98.2, 2.1)
CHOSEN = Tried({PRECISION: "f32", CACHE: "f16"}, 1851.0, 112.8, 1.9)
COARSE = Tried({CACHE: "u4"}, 2000.0, 150.0, 1.4, accurate=False)
TUNED = Tuned(CHOSEN, (DEFAULTS, CHOSEN, COARSE))
WHY_NOT = "There is no NPU in this computer."
DEVICES = (
    Device("CPU", "A processor"),
    Device("NPU", "", why_not=WHY_NOT),
    Device("AUTO", "Chooses for you"),
)


@dataclass
class Visit:
    """A page on screen with its presenter, and all that it asked for."""

    page: DevicesPage
    settings: SettingsStore
    asked: list[object] = field(default_factory=list)
    asked_chat: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.live = LiveSettings(self.settings, self.settings.save, self.page)
        self.presenter = DevicesPresenter(
            self.page, self.live, self.asked.append, self.asked_chat.append
        )

    def use(self, tuned: Tuned | None = TUNED) -> None:
        self.presenter.take(notices.InUse(FAKE_MODEL, "CPU", tuned))

    @property
    def texts(self) -> list[str]:
        QApplication.processEvents()  # Qt shows what is new in a layout a moment later
        return shown_texts(self.page)


@pytest.fixture
def visit(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet, tmp_path: Path) -> Visit:
    page = DevicesPage(themes["light"], icons)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    return Visit(page, SettingsStore(tmp_path / "settings.toml"))


def test_each_device_has_its_name_or_why_it_is_missing(visit: Visit) -> None:
    visit.presenter.take_chat(DevicesListed(DEVICES, "CPU"))
    assert {"CPU", "A processor", "NPU", WHY_NOT} <= set(visit.texts)
    assert "AUTO" not in visit.texts
    assert visit.asked == [commands.NoteDevices(DEVICES)]


def test_the_choice_its_figures_and_what_was_tried(visit: Visit) -> None:
    visit.use()
    choice = visit.page.findChild(QLabel, "tunedSetting")
    assert choice.text() == "32-bit floats, 16-bit cache"
    expected = {"Fake model · INT4 on CPU", "1,851 tok/s", "113 tok/s", "1.9 s", "1.11 ×"}
    assert expected <= set(visit.texts)
    assert "less exact" in visit.texts
    assert any("10 % less time" in text for text in visit.texts)


def test_a_narrow_table_leaves_columns_away(visit: Visit) -> None:
    visit.use()
    assert "less exact" in visit.texts
    visit.page.tuning.table.set_room(400)
    assert "less exact" not in visit.texts
    assert "1.11 ×" in visit.texts


def test_what_was_never_measured_can_be_measured(visit: Visit) -> None:
    assert not visit.page.tuning.measure.isEnabled()
    visit.use(None)
    assert visit.page.tuning.measure.text() == "Measure now"
    visit.asked.clear()
    click(visit.page.tuning.measure)
    assert visit.asked == [commands.Measure()]
    assert chat.PrepareModel() in visit.asked_chat


def test_a_measurement_is_seen_and_can_be_cancelled(visit: Visit) -> None:
    visit.use()
    card = visit.page.tuning
    visit.presenter.take(notices.Tuning(Progress(Phase.MEASURING, tried=(DEFAULTS, CHOSEN))))
    assert not card.measure.isVisible()
    assert any("2 settings tried" in text for text in visit.texts)
    visit.asked.clear()
    click(card.cancel)
    assert visit.asked == [commands.CancelMeasuring()]
    visit.presenter.take(notices.Tuning(Progress(Phase.FAILED, what="No memory.", remedy="Wait.")))
    assert "No memory. Wait." in visit.texts
    assert card.measure.isVisible()


def test_the_usual_turn_is_the_users_choice(visit: Visit) -> None:
    visit.use()
    box = visit.page.choices.tune_for
    assert "A usual turn: 200 tokens read, 200 written." in visit.texts
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert visit.settings.text("tune_for") == "reading"
    assert visit.asked[-1] == commands.JudgeAnew()
    assert "A usual turn: 4,000 tokens read, 200 written." in visit.texts


def test_minutes_and_prompt_lookup_are_kept_and_told(visit: Visit) -> None:
    visit.use()
    visit.asked_chat.clear()
    visit.page.choices.idle_minutes.setValue(0)
    assert visit.page.choices.idle_minutes.text() == "never"
    assert visit.settings.number("idle_unload_minutes") == 0
    visit.page.choices.prompt_lookup.click()
    assert visit.settings.names("prompt_lookup") == (FAKE_MODEL.id,)
    visit.page.choices.prompt_lookup.click()
    assert visit.settings.names("prompt_lookup") == ()
    assert visit.asked_chat == [chat.TakeSettings(0)] * 3


def test_a_model_that_is_shown_changes_no_setting(visit: Visit) -> None:
    visit.settings.set("prompt_lookup", (FAKE_MODEL.id,))
    visit.use()
    assert visit.page.choices.prompt_lookup.isChecked()
    assert visit.settings.names("prompt_lookup") == (FAKE_MODEL.id,)


def test_a_setting_that_cannot_be_saved_is_told(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Problem("The disk is full.", "Free some.")

    monkeypatch.setattr(visit.settings, "choose", refuse)
    visit.use()
    visit.page.choices.prompt_lookup.click()
    assert any("The disk is full." in banner.text() for banner in visit.page.banners.banners())


def test_a_comparison_runs_and_is_shown(visit: Visit) -> None:
    assert not visit.page.bench.start.isEnabled()
    visit.use()
    click(visit.page.bench.start)
    assert visit.asked[-1] == commands.Compare()
    visit.presenter.take(notices.Comparing(Step("CPU", "round 1 of 3", Contestant.LIBRARY, 1, 6)))
    assert "CPU: round 1 of 3, OpenVINO GenAI alone" in visit.texts
    click(visit.page.bench.cancel)
    assert visit.asked[-1] == commands.CancelComparing()
    results = (
        Result(Contestant.CELLAR, (Sample(1000, 100, 1000.0, 100.0),)),
        Result(Contestant.LIBRARY, (Sample(1000, 100, 1000.0, 50.0),)),
    )
    devices = (DeviceReport("CPU", results),)
    chat_turn = TYPICAL["chat"]
    report = Report("fake", "Fake model", "int4", 10, 0.0, Work(), chat_turn, devices)
    visit.presenter.take(notices.Compared(report))
    assert "1.91 × as fast" in visit.texts
    assert visit.page.bench.start.isVisible()
    visit.presenter.take(notices.Compared(None, "It failed.", "Try again."))
    assert "It failed. Try again." in visit.texts


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    _, window = build(["--data-dir", str(tmp_path / "data"), "--engine", "fake"])
    qtbot.addWidget(window)
    yield window
    window.close()


def test_the_page_is_reached_measures_and_is_left_with_escape(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.pane.devices_wanted.emit()
    page = window.devices_page
    assert page.isVisible()
    qtbot.waitUntil(page.tuning.measure.isEnabled, timeout=20_000)
    click(page.tuning.measure)
    qtbot.waitUntil(lambda: "1,000 tok/s" in shown_texts(page), timeout=20_000)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert window.pane.isVisible()
