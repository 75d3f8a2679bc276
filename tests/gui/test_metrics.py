"""Text size and density: worn by everything at once, kept, and right at every size."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontInfo, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.settings.store import SettingsStore
from desktop.ui import theme as theming
from desktop.ui.icons import IconSet
from desktop.ui.look import Look
from desktop.ui.metrics import COMPACT, TEXT_SIZES, Metrics, metrics, put_on
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.spacing import add_gap, fix, indent, inset, size_icon, space
from desktop.ui.theme import Theme, ThemeWatcher
from desktop.ui.transcript.sizes import sizes_of
from tests.gui.transcript_reader import Reader, answer

pytestmark = pytest.mark.gui


@pytest.fixture(autouse=True)
def as_it_was(qapp: QApplication, themes: dict[str, Theme]) -> Iterator[None]:
    """Leaves the program as other tests expect it."""
    theming.apply(qapp, themes["light"])
    yield
    put_on(qapp, Metrics())
    theming.apply(qapp, themes["light"])


def wear(app: QApplication, themes: dict[str, Theme], worn: Metrics) -> None:
    put_on(app, worn)
    theming.apply(app, themes["light"])


def test_gaps_stay_on_the_grid_and_shrink_when_compact() -> None:
    compact = Metrics(density=COMPACT)
    for pixels in range(0, 64, 4):
        assert compact.gap(pixels) % 4 == 0
        assert compact.gap(pixels) <= pixels
        assert Metrics().gap(pixels) == pixels
    assert compact.gap(16) < 16
    assert compact.gap(4) == 4


def test_steps_go_through_the_sizes_and_stop_at_the_ends() -> None:
    seen = [Metrics(70)]
    while seen[-1].stepped(1) != seen[-1]:
        seen.append(seen[-1].stepped(1))
    assert [each.text_size for each in seen] == list(TEXT_SIZES)
    assert seen[-1].text_size == 200
    assert Metrics(200).stepped(-1).text_size == 175
    assert Metrics(115, COMPACT).stepped(1) == Metrics(125, COMPACT)
    assert Metrics(70).stepped(-1).text_size == 70


def test_what_is_noted_follows_and_comes_back(
    qapp: QApplication, qtbot: QtBot, themes: dict[str, Theme]
) -> None:
    page, button, label = QWidget(), QToolButton(), QLabel("Words")
    qtbot.addWidget(page)
    row = QHBoxLayout(page)
    inset(row, 16, 12, 16, 12)
    space(row, 8)
    row.addWidget(button)
    add_gap(row, 16)
    row.addStretch(1)
    row.addWidget(label)
    size_icon(button, 20)
    fix(button, 32, 32)
    indent(label, 28)

    def measures() -> tuple[int, ...]:
        spacer = row.itemAt(1).spacerItem()
        sides = (button.iconSize().width(), button.width(), button.height())
        left = label.contentsMargins().left()
        return (
            row.spacing(),
            row.contentsMargins().left(),
            spacer.sizeHint().width(),
            left,
            *sides,
        )

    usual = measures()
    assert usual == (8, 16, 16, 28, 20, 32, 32)
    wear(qapp, themes, Metrics(150, COMPACT))
    assert measures() == (4, 12, 12, 42, 30, 48, 48)
    wear(qapp, themes, Metrics())
    assert measures() == usual


def test_every_font_grows(qapp: QApplication, qtbot: QtBot, themes: dict[str, Theme]) -> None:
    label, button = QLabel("Words"), QPushButton("Press")
    label.setProperty("kind", "muted")
    for each in (label, button):
        qtbot.addWidget(each)
        each.show()
    before = [QFontInfo(each.font()).pixelSize() for each in (label, button)]
    height = button.sizeHint().height()
    wear(qapp, themes, Metrics(200))
    after = [QFontInfo(each.font()).pixelSize() for each in (label, button)]
    assert after == pytest.approx([2 * one for one in before], abs=1)
    assert button.sizeHint().height() > 1.5 * height


def test_the_transcript_grows_and_keeps_its_place(
    qapp: QApplication, themes: dict[str, Theme], icons: IconSet, reader: Reader
) -> None:
    reader.view.set_entries([answer(str(number), "words " * 60) for number in range(30)])
    scene = reader.view._scene
    scene.scroll_to(scene.end // 2)
    index = scene.column.at(scene.top)
    apart = scene.column.tops[index] - scene.top
    line, height = scene.style.line, scene.column.height
    wear(qapp, themes, Metrics(150))
    reader.view.set_theme(themes["light"], icons)
    assert scene.style.line == pytest.approx(1.5 * line, abs=2)
    assert scene.column.height > 1.3 * height
    assert scene.column.tops[index] - scene.top == pytest.approx(apart, abs=2 * line)
    assert scene.style.sizes.measure == 1080


def test_the_transcript_is_closer_when_compact() -> None:
    usual, compact = sizes_of(Metrics()), sizes_of(Metrics(density=COMPACT))
    assert compact.line < usual.line
    assert compact.inside < usual.inside
    assert compact.measure == usual.measure


def test_icons_grow_with_the_text(qapp: QApplication, themes: dict[str, Theme]) -> None:
    put_on(qapp, Metrics(200))
    icons = IconSet(themes["light"].icons, themes["light"])
    assert icons.icon("plus", 16).availableSizes()[0].width() == 32


# by settings, keys and wheel


class Chooser:
    """The look of a window, and how it is changed."""

    def __init__(self, window: QWidget, watcher: ThemeWatcher, path: Path) -> None:
        self.store = SettingsStore(path)
        self.settings = LiveSettings(self.store, self.store.save, window)
        self.look = Look(self.settings, watcher, window)
        self.window = window


@pytest.fixture
def chooser(qapp: QApplication, qtbot: QtBot, themes: dict[str, Theme], tmp_path: Path) -> Chooser:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Chooser(window, ThemeWatcher(qapp, themes, "light"), tmp_path / "settings.toml")


def test_keys_change_the_size_and_bring_it_back(chooser: Chooser, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    chooser.window.activateWindow()
    qtbot.keyClick(chooser.window, Qt.Key.Key_Plus, control)
    qtbot.keyClick(chooser.window, Qt.Key.Key_Equal, control)
    assert metrics().text_size == 125
    qtbot.keyClick(chooser.window, Qt.Key.Key_Minus, control)
    assert metrics().text_size == 110
    qtbot.keyClick(chooser.window, Qt.Key.Key_0, control)
    assert metrics().text_size == 100


def test_the_size_is_kept(chooser: Chooser, tmp_path: Path) -> None:
    chooser.look.step(1)
    assert SettingsStore(tmp_path / "settings.toml").number("text_size") == 110


def turned(window: QWidget, angle: int, modifier: Qt.KeyboardModifier) -> None:
    place = QPointF(5, 5)
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(window, event)


def test_the_wheel_changes_the_size_with_ctrl_only(chooser: Chooser) -> None:
    chooser.look.follow_wheel(chooser.window)
    turned(chooser.window, 120, Qt.KeyboardModifier.NoModifier)
    assert metrics().text_size == 100
    turned(chooser.window, 60, Qt.KeyboardModifier.ControlModifier)
    assert metrics().text_size == 100
    turned(chooser.window, 60, Qt.KeyboardModifier.ControlModifier)
    assert metrics().text_size == 110
    turned(chooser.window, -120, Qt.KeyboardModifier.ControlModifier)
    assert metrics().text_size == 100


def test_settings_are_worn_at_once(chooser: Chooser, qtbot: QtBot) -> None:
    watcher = chooser.look._watcher
    with qtbot.waitSignal(watcher.theme_changed):
        chooser.settings.choose("density", COMPACT)
    assert metrics() == Metrics(100, COMPACT)
    with qtbot.waitSignal(watcher.theme_changed):
        chooser.settings.choose("theme", "dark-contrast")
    assert watcher.theme.name == "dark-contrast"
