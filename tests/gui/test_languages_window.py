"""The window in other languages: which one it speaks, every text of it, numbers, direction."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

from desktop.domain.words import LANGUAGES, SYSTEM, number, spoken
from desktop.languages import LANGUAGE
from desktop.settings.table import BY_NAME
from desktop.ui import i18n
from desktop.ui.i18n import chosen_language, tr
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.usefixtures("english_after")
CATALOGUES = Path(__file__).parents[2] / "resources" / "i18n"

# What is the same in every language: names, addresses, and what the script of the engine says.
DATA = re.compile(
    r"Fake model|INT4|INT8|FP16|[CGN]PU|AUTO|A scripted processor|There is no .* in a script\."
    r"|https://|<p>https://|MIT|Phi-4|system|Cellar$"
)


@pytest.fixture
def no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the setting and the desktop count."""
    monkeypatch.delenv(LANGUAGE, raising=False)


@pytest.mark.usefixtures("no_wish")
@pytest.mark.parametrize(
    ("setting", "system", "language"),
    [
        ("de", ["fr-FR"], "de"),
        (SYSTEM, ["de-AT", "en-GB"], "de"),
        (SYSTEM, ["it-IT", "fr-FR"], "fr"),
        (SYSTEM, ["zh-Hans-CN"], "zh_CN"),
        (SYSTEM, ["zh-Hant-TW", "ja-JP"], "ja"),
        (SYSTEM, ["zh-TW"], "en"),
        (SYSTEM, ["ar-EG", "it"], "ar"),
        (SYSTEM, ["fa-IR", "it"], "en"),
        (SYSTEM, ["C"], "en"),
        (SYSTEM, [], "en"),
    ],
)
def test_which_language(setting: str, system: list[str], language: str) -> None:
    assert chosen_language(setting, system) == language


def test_the_environment_goes_before_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "ar")
    assert chosen_language("de", ["fr"]) == "ar"


def test_the_setting_offers_each_language_by_its_own_name() -> None:
    setting = BY_NAME["language"]
    assert setting.choices[1:] == tuple(LANGUAGES)
    assert len(setting.words) == len(setting.choices)
    assert {"Deutsch", "Français", "Español", "简体中文", "日本語"} <= set(setting.words)


@pytest.mark.usefixtures("no_wish")
def test_the_window_speaks_the_language_of_the_settings(open_window: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text('language = "de"\n', "utf-8")
    open_window(data_dir=tmp_path / "data")
    assert spoken().language == "de"
    assert QLocale().language() == QLocale.Language.German
    assert (number(1204), number(0.5)) == ("1.204", "0,5")
    assert QLocale().toString(0.5, "f", 1) == "0,5"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_arabic_is_laid_out_from_the_right(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LANGUAGE, "ar")
    desk = open_window()
    assert desk.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left, right = desk.window.sidebar, desk.window.panel
    assert left.mapToGlobal(left.rect().topLeft()).x() > right.mapToGlobal(right.pos()).x()


class Marked(gettext.NullTranslations):
    """A language in which every text is in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def seen(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every text of the window and its pages, shown or hidden."""
    for widget in (window, *window.findChildren(QWidget)):
        name = f"{type(widget).__name__} {widget.objectName()}"
        yield name, widget.toolTip()
        yield name, widget.accessibleName()
        yield name, widget.accessibleDescription()
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield name, widget.text()
        if isinstance(widget, QComboBox):
            yield from ((name, widget.itemText(place)) for place in range(widget.count()))
        placeholder = getattr(widget, "placeholderText", None)
        if placeholder is not None:
            yield name, placeholder()
    for action in window.findChildren(QAction):
        yield "QAction", action.text()


def test_every_text_on_screen_is_translated(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "read_catalogue", lambda folder, language: Marked())
    desk: Desk = open_window()
    desk.until(lambda: "⟦" in desk.status or "Fake model" in desk.status)
    assert tr("A text") == "⟦A text⟧"
    texts = [(name, text) for name, text in seen(desk.window) if re.search("[A-Za-z]{2}", text)]
    assert len([text for _, text in texts if "⟦" in text]) > 150
    left = {(name, text) for name, text in texts if "⟦" not in text and not DATA.match(text)}
    assert {(n, t) for n, t in left if not re.match("<p>[CGN]PU", t)} == set()
