"""Themes: legible, complete, and worn by every widget."""

import re
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui import theme as theming
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.stylesheet import stylesheet
from desktop.ui.theme import Theme, ThemeWatcher, load_themes, mixed
from desktop.ui.transcript.find_painting import OTHERS
from tests.gui.desk import Open

RESOURCES = Path(__file__).parents[2] / "resources"
LEGIBLE = 4.5  # WCAG 2 AA, text of normal size
VISIBLE = 3.0  # WCAG 2 AA, parts of the interface

PALETTES = ("light", "dark", "light-contrast", "dark-contrast")
STRONG = 7.0  # WCAG 2 AAA
GROUNDS = ("window", "surface", "raised", "code", "user_tint")
PAIRS = [
    *((tone, ground) for tone in ("text", "text_muted") for ground in GROUNDS),
    *((tone, ground) for tone in ("accent", "danger") for ground in GROUNDS if ground != "code"),
    ("text", "selection"),
    ("on_accent", "accent"),
]
TONES = ("keyword", "name", "string", "number", "comment")


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


def needed(theme: Theme) -> float:
    return STRONG if theme.strong else LEGIBLE


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_text_is_legible(themes: dict[str, Theme], name: str, text: str, background: str) -> None:
    theme = themes[name]
    assert contrast(getattr(theme, text), getattr(theme, background)) >= needed(theme)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("tone", TONES)
def test_program_text_is_legible(themes: dict[str, Theme], name: str, tone: str) -> None:
    theme = themes[name]
    assert contrast(getattr(theme.syntax, tone), theme.code) >= needed(theme)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("tone", TONES)
def test_program_text_is_seen_when_it_is_selected(
    themes: dict[str, Theme], name: str, tone: str
) -> None:
    assert contrast(getattr(themes[name].syntax, tone), themes[name].selection) >= VISIBLE


@pytest.mark.parametrize("name", PALETTES)
def test_text_is_legible_on_the_tints_of_rows_and_matches(
    themes: dict[str, Theme], name: str
) -> None:
    theme = themes[name]
    tints = (
        mixed(theme.surface, theme.accent, 0.16),  # the chat in view
        mixed(theme.surface, theme.text, 0.1),  # a row that is chosen
        mixed(theme.accent, theme.window, OTHERS),  # what was found
    )
    assert all(contrast(theme.text, tint) >= needed(theme) for tint in tints)
    assert contrast(theme.text_muted, mixed(theme.surface, theme.text, 0.1)) >= LEGIBLE


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("colour", ["accent", "warning", "danger"])
def test_bars_are_visible(themes: dict[str, Theme], name: str, colour: str) -> None:
    theme = themes[name]
    assert contrast(getattr(theme, colour), theme.window) >= VISIBLE


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("colour", ["accent", "warning", "danger"])
def test_a_bar_that_is_hardly_begun_does_not_look_full(
    themes: dict[str, Theme], qapp: QApplication, name: str, colour: str
) -> None:
    theme = themes[name]
    assert contrast(getattr(theme, colour), theme.track) >= VISIBLE
    assert f"background: {theme.track}; border: none" in stylesheet(theming._tokens(theme))


@pytest.mark.parametrize("name", PALETTES)
def test_borders_of_fields_and_the_ring_of_the_focus_are_visible(
    themes: dict[str, Theme], name: str
) -> None:
    theme = themes[name]
    for ground in ("window", "surface", "raised"):
        assert contrast(theme.edge, getattr(theme, ground)) >= VISIBLE
        assert contrast(theme.accent, getattr(theme, ground)) >= VISIBLE


@pytest.mark.parametrize("name", PALETTES)
def test_high_contrast_has_borders_where_others_have_tints(
    themes: dict[str, Theme], name: str
) -> None:
    theme = themes[name]
    assert theme.strong is name.endswith("-contrast")
    if theme.strong:
        assert contrast(theme.border, theme.window) >= LEGIBLE
        assert contrast(theme.border, theme.user_tint) >= LEGIBLE
        assert theme.ring > themes["light"].ring


@pytest.mark.parametrize("name", PALETTES)
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
    """The colour scheme of the desktop, and how much contrast it wishes."""

    def __init__(self, app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        self._hints = app.styleHints()
        self._scheme = Qt.ColorScheme.Light
        self._wish = Qt.ContrastPreference.NoPreference
        wishes = type(self._hints.accessibility())
        monkeypatch.setattr(type(self._hints), "colorScheme", lambda _: self._scheme)
        monkeypatch.setattr(wishes, "contrastPreference", lambda _: self._wish)

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._hints.colorSchemeChanged.emit(scheme)

    def wish(self, wish: Qt.ContrastPreference) -> None:
        self._wish = wish
        self._hints.accessibility().contrastPreferenceChanged.emit(wish)


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


def test_a_wish_for_high_contrast_is_followed(
    qapp: QApplication, themes: dict[str, Theme], scheme: Scheme
) -> None:
    watcher = ThemeWatcher(qapp, themes)
    worn: list[Theme] = []
    watcher.theme_changed.connect(worn.append)
    scheme.wish(Qt.ContrastPreference.HighContrast)
    scheme.turn(Qt.ColorScheme.Dark)
    scheme.wish(Qt.ContrastPreference.NoPreference)
    watcher.choose("light")
    scheme.wish(Qt.ContrastPreference.HighContrast)
    assert [theme.name for theme in worn] == ["light-contrast", "dark-contrast", "dark", "light"]


class Paints(QObject):
    """Counts how often widgets are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.count[type(watched).__name__ + watched.objectName()] += 1
        return False


def until_still(qtbot: QtBot, paints: Paints) -> None:
    """Wait until nothing was painted for a while: counts of tokens arrive after an answer."""

    def is_still() -> bool:
        paints.count.clear()
        qtbot.wait(100)
        return not paints.count

    qtbot.waitUntil(is_still)


def test_another_theme_is_painted_once(open_window: Open, qtbot: QtBot) -> None:
    desk = open_window()
    desk.say("Hello")
    desk.until_answered()
    desk.window.settings.choose("reduce_motion", "on")  # no caret blinks
    pane, paints = desk.window.pane, Paints()
    watched = (pane.transcript.viewport(), pane.composer, desk.window.sidebar, desk.window)
    for widget in watched:
        widget.installEventFilter(paints)
    until_still(qtbot, paints)
    desk.window.settings.choose("theme", "dark")
    assert not paints.count, "painted before everything was dressed"
    qtbot.wait(100)
    assert len(paints.count) == len(watched)
    assert max(paints.count.values()) <= 2
    assert paints.count["QWidgetqt_scrollarea_viewport"] == 1
    desk.window.settings.choose("theme", "light")
    desk.window.settings.choose("reduce_motion", "system")


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


def test_icons_are_drawn_for_the_screens_that_are_there(
    themes: dict[str, Theme], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = SimpleNamespace(devicePixelRatio=lambda: 1.25)
    monkeypatch.setattr(QGuiApplication, "screens", lambda: [screen])
    icons = IconSet(themes["light"].icons, themes["light"])
    shown = icons.icon("copy", 20).pixmap(QSize(20, 20), 1.25)
    assert (shown.width(), shown.devicePixelRatio()) == (25, 1.25)
    assert shown.toImage() == icons.pixmap("copy", 20, themes["light"].text, 1.25).toImage()


OTHER_GRIDS = ("cellar", "arrow-up", "arrow-down", "tick-light", "tick-dark")


@pytest.mark.parametrize("file", sorted((RESOURCES / "icons").glob("*.svg")), ids=lambda f: f.stem)
def test_icons_are_one_family(file: Path) -> None:
    source = file.read_text("utf-8")
    assert "<script" not in source
    if file.stem not in OTHER_GRIDS:
        assert 'viewBox="0 0 24 24"' in source
        assert re.findall(r'stroke-width="([^"]+)"', source) == ["1.5"]
        assert set(re.findall(r'stroke="([^"]+)"', source)) <= {"currentColor", "none"}
        assert re.findall(r'stroke-linecap="([^"]+)"', source) == ["round"]


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
