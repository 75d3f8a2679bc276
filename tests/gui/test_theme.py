"""Themes: legible, complete, and worn by every widget."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui import theme as theming
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme, ThemeWatcher, load_themes, mixed

RESOURCES = Path(__file__).parents[2] / "resources"
LEGIBLE = 4.5  # WCAG 2 AA, text of normal size
VISIBLE = 3.0  # WCAG 2 AA, parts of the interface

PAIRS = [
    ("text", "window"),
    ("text", "surface"),
    ("text", "raised"),
    ("text", "code"),
    ("text", "user_tint"),
    ("text", "selection"),
    ("text_muted", "window"),
    ("text_muted", "surface"),
    ("text_muted", "raised"),
    ("text_muted", "code"),
    ("text_muted", "user_tint"),
    ("on_accent", "accent"),
    ("accent", "window"),
    ("accent", "user_tint"),
    ("danger", "window"),
    ("danger", "surface"),
    ("danger", "raised"),
]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_text_is_legible(themes: dict[str, Theme], name: str, text: str, background: str) -> None:
    theme = themes[name]
    assert contrast(getattr(theme, text), getattr(theme, background)) >= LEGIBLE


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("tone", ["keyword", "name", "string", "number", "comment"])
@pytest.mark.parametrize("background", ["code", "selection"])
def test_program_text_is_legible(
    themes: dict[str, Theme], name: str, tone: str, background: str
) -> None:
    needed = LEGIBLE if background == "code" else VISIBLE
    colour = getattr(themes[name].syntax, tone)
    assert contrast(colour, getattr(themes[name], background)) >= needed


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("colour", ["accent", "warning", "danger"])
def test_bars_are_visible(themes: dict[str, Theme], name: str, colour: str) -> None:
    theme = themes[name]
    assert contrast(getattr(theme, colour), theme.window) >= VISIBLE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_arrows_of_fields_are_visible(themes: dict[str, Theme], name: str) -> None:
    source = (themes[name].icons / "arrow-down.svg").read_text("utf-8")
    colour = source.split('stroke="')[1][:7]
    assert contrast(colour, themes[name].raised) >= VISIBLE


def test_a_missing_token_is_an_error_at_once(tmp_path: Path) -> None:
    folder = shutil.copytree(RESOURCES / "themes", tmp_path / "themes")
    light = folder / "light.toml"
    light.write_text(light.read_text("utf-8").replace("danger", "peril"), "utf-8")
    with pytest.raises(TypeError):
        load_themes(folder)


def test_the_style_sheet_reaches_every_widget(qapp: QApplication, themes: dict[str, Theme]) -> None:
    for theme in (themes["light"], themes["dark"], themes["dark"]):
        theming.apply(qapp, theme)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == theme.window
        assert theme.accent in qapp.styleSheet()
        assert "$" not in qapp.styleSheet()
        button = QPushButton("Send")
        button.setProperty("kind", "primary")
        button.resize(120, 40)
        middle = button.grab().toImage().pixelColor(10, 20)
        assert middle.name() == theme.accent
    size = qapp.font().pointSizeF()
    theming.apply(qapp, themes["light"])
    assert qapp.font().pointSizeF() == size


def test_icons_of_the_style_sheet_are_found_in_any_folder(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "Ünï 張 (a) b"
    shutil.copytree(RESOURCES, home, ignore=shutil.ignore_patterns("catalogue", "starter"))
    theme = load_themes(home / "themes")["light"]
    theming.apply(qapp, theme)
    box = QComboBox()
    qtbot.addWidget(box)
    box.resize(120, 32)
    image = box.grab().toImage()
    right = {image.pixelColor(x, y).name() for x in range(96, 116) for y in range(8, 24)}
    theming.apply(qapp, load_themes(RESOURCES / "themes")["light"])
    assert len(right) > 2, "no arrow is drawn"


@pytest.fixture
def scheme(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> "Scheme":
    return Scheme(qapp, monkeypatch)


class Scheme:
    """The colour scheme of the desktop."""

    def __init__(self, app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        self._hints = app.styleHints()
        self._scheme = Qt.ColorScheme.Light
        monkeypatch.setattr(type(self._hints), "colorScheme", lambda _: self._scheme)

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._hints.colorSchemeChanged.emit(scheme)


def test_the_system_s_scheme_is_followed_while_it_is_running(
    qapp: QApplication, themes: dict[str, Theme], scheme: Scheme
) -> None:
    watcher = ThemeWatcher(qapp, themes)
    worn: list[Theme] = []
    watcher.theme_changed.connect(worn.append)
    assert watcher.theme.name == "light"
    scheme.turn(Qt.ColorScheme.Dark)
    scheme.turn(Qt.ColorScheme.Dark)
    scheme.turn(Qt.ColorScheme.Light)
    assert [theme.name for theme in worn] == ["dark", "light"]


def test_a_chosen_theme_stays_whatever_the_system_does(
    qapp: QApplication, themes: dict[str, Theme], scheme: Scheme
) -> None:
    watcher = ThemeWatcher(qapp, themes, "light")
    worn: list[Theme] = []
    watcher.theme_changed.connect(worn.append)
    scheme.turn(Qt.ColorScheme.Dark)
    assert worn == []
    watcher.choose("system")
    watcher.choose("light")
    watcher.choose("no such theme")
    assert [theme.name for theme in worn] == ["dark", "light", "dark"]


def test_mixed_goes_from_one_colour_to_the_other() -> None:
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#000000", "#ffffff", 1) == "#ffffff"
    assert mixed("#204060", "#204080", 0.5) == "#204070"


def test_icons_are_drawn_in_their_colour_at_the_screen_s_resolution(icons: IconSet) -> None:
    for ratio in (1.0, 1.5, 2.0):
        pixmap = icons.pixmap("send", 20, "#12ab34", ratio)
        assert pixmap.width() == round(20 * ratio)
        assert pixmap.deviceIndependentSize().width() == pytest.approx(20)
        image = pixmap.toImage()
        seen = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert seen == {"#12ab34"}


@pytest.mark.parametrize("file", sorted((RESOURCES / "icons").glob("*.svg")), ids=lambda f: f.stem)
def test_every_icon_draws_something(icons: IconSet, file: Path) -> None:
    image = icons.pixmap(file.stem, 24, "#000000").toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))
    assert inked > 15


def test_a_disabled_icon_is_fainter(icons: IconSet) -> None:
    icon = icons.icon("plus")
    normal = icon.pixmap(20, QIcon.Mode.Normal).toImage().pixelColor(10, 6)
    disabled = icon.pixmap(20, QIcon.Mode.Disabled).toImage().pixelColor(10, 6)
    assert disabled.lightness() > normal.lightness() + 60


def test_the_program_has_an_icon_for_every_place(icons: IconSet) -> None:
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes


def test_texts_take_values(qapp: QApplication) -> None:
    assert tr("Show all ({size})", size="1 MB") == "Show all (1 MB)"
    assert tr("A brace { alone") == "A brace { alone"
