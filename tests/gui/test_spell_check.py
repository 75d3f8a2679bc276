"""Spell-checking in the composer, with a small dictionary and with those of the system."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Problem
from desktop.services.spelling.dictionaries import (
    FOLDER_VARIABLE,
    Dictionaries,
    Dictionary,
    SystemDictionaries,
)
from desktop.services.spelling.service import SpellingService
from desktop.settings.store import SettingsStore
from desktop.ui.composer.composer import Composer
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.spell_presenter import SpellPresenter
from desktop.ui.spelling_thread import SpellingThread

KNOWN = {"the", "fox", "is", "red", "and", "sleeps", "it’s", "it's"}


class SmallDictionary:
    """Knows a few words; its suggestions are words that begin alike."""

    def __init__(self) -> None:
        self.words = set(KNOWN)
        self.asked: list[str] = []

    def check(self, word: str) -> bool:
        self.asked.append(word)
        return word.lower() in self.words

    def suggest(self, word: str) -> list[str]:
        return sorted(each for each in self.words if each[0] == word[0].lower())

    def add(self, word: str) -> None:
        self.words.add(word.lower())


class Shelf:
    """Dictionaries of two languages, or of none."""

    def __init__(self, *languages: str) -> None:
        self._languages = languages
        self.opened: list[str] = []
        self.one = SmallDictionary()

    def languages(self) -> tuple[str, ...]:
        return self._languages

    def open(self, language: str) -> Dictionary:
        if language == "xx_XX":
            raise Problem("This dictionary is damaged.")
        self.opened.append(language)
        return self.one


class Writer:
    """A composer with a spell-checker in its thread, and who writes in it."""

    def __init__(self, qtbot: QtBot, dictionaries: Dictionaries, settings: SettingsStore) -> None:
        self.qtbot = qtbot
        self.composer = Composer()
        qtbot.addWidget(self.composer)
        self.composer.resize(600, 300)
        self.composer.show()
        qtbot.waitExposed(self.composer)
        self.field = self.composer.field
        self.settings = LiveSettings(settings, lambda _: None, self.composer)
        self.thread = SpellingThread(lambda notify: SpellingService(dictionaries, notify))
        self.presenter = SpellPresenter(self.field, self.settings, self.thread.post, self.composer)
        self.thread.noticed.connect(self.presenter.take)
        self.thread.start()

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.field, text)

    def marked(self, *words: str) -> None:
        marker = self.presenter.marker
        self.qtbot.waitUntil(lambda: marker.marked == words, timeout=5000)
        selections = self.field.extraSelections()
        assert [each.cursor.selectedText() for each in selections] == list(words)
        wavy = QTextCharFormat.UnderlineStyle.SpellCheckUnderline
        assert all(each.format.underlineStyle() is wavy for each in selections)

    def menu_on(self, word: str) -> QMenu:
        """The context menu over a word, as soon as it has suggestions."""
        cursor = QTextCursor(self.field.document())
        cursor.setPosition(self.field.toPlainText().index(word) + 1)
        place = self.field.cursorRect(cursor).center()
        return self.menu_at(place)

    def menu_at(self, place: QPoint) -> QMenu:
        mouse = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(
            self.field.viewport(),
            QContextMenuEvent(mouse, place, self.field.viewport().mapToGlobal(place)),
        )
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def close(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup:
            popup.close()
        assert self.thread.finish()


Begin = Callable[..., Writer]


@pytest.fixture
def begin(qtbot: QtBot, tmp_path: Path) -> Iterator[Begin]:
    writers: list[Writer] = []

    def make(dictionaries: Dictionaries, **chosen: object) -> Writer:
        settings = SettingsStore(tmp_path / "settings.toml")
        for name, value in {"spell_language": "en_US", **chosen}.items():
            settings.set(name, value)  # type: ignore[arg-type]
        writers.append(Writer(qtbot, dictionaries, settings))
        return writers[-1]

    yield make
    for writer in writers:
        writer.close()


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and action.text()]


def test_words_that_are_not_known_get_a_wavy_line(begin: Begin) -> None:
    writer = begin(Shelf("en_US"))
    writer.type("The fxo is rde, and `helo` v2x it's ")
    writer.marked("fxo", "rde")


def test_the_word_that_is_being_typed_is_left_in_peace(begin: Begin) -> None:
    writer = begin(Shelf("en_US"))
    writer.type("The fxo")
    writer.qtbot.waitUntil(lambda: "fxo" in writer.presenter.marker._known, timeout=5000)
    writer.marked()
    writer.type(" ")
    writer.marked("fxo")


def test_a_suggestion_takes_the_place_of_the_word_and_can_be_undone(begin: Begin) -> None:
    writer = begin(Shelf("en_US"))
    writer.type("The fxo sleeps ")
    writer.marked("fxo")
    menu = writer.menu_on("fxo")
    writer.qtbot.waitUntil(lambda: "fox" in entries(menu), timeout=5000)
    assert entries(menu)[:2] == ["fox", "Add “fxo” to the dictionary"]
    next(action for action in menu.actions() if action.text() == "fox").trigger()
    menu.close()
    assert writer.composer.text() == "The fox sleeps "
    writer.marked()
    writer.field.undo()
    assert writer.composer.text() == "The fxo sleeps "


def test_a_word_without_suggestions_says_so(begin: Begin) -> None:
    writer = begin(Shelf("en_US"))
    writer.type("zzyx ")
    writer.marked("zzyx")
    menu = writer.menu_on("zzyx")
    writer.qtbot.waitUntil(lambda: entries(menu)[0] == "No suggestions", timeout=5000)


def test_an_added_word_is_known(begin: Begin) -> None:
    shelf = Shelf("en_US")
    writer = begin(shelf)
    writer.type("OpenVino fxo ")
    writer.marked("fxo")
    menu = writer.menu_on("fxo")
    adding = next(each for each in menu.actions() if each.text().startswith("Add"))
    adding.trigger()
    writer.marked()
    assert "fxo" in shelf.one.words


def test_the_menu_chooses_the_language_and_switches_checking_off(begin: Begin) -> None:
    shelf = Shelf("de_DE", "en_US")
    writer = begin(shelf)
    writer.type("fxo ")
    writer.marked("fxo")
    menu = writer.menu_at(QPoint(400, 5))
    spelling = next(each.menu() for each in menu.actions() if each.text() == "Spelling")
    assert isinstance(spelling, QMenu)
    german = next(each for each in spelling.actions() if "Deutsch" in each.text())
    assert not german.isChecked()
    german.trigger()
    writer.qtbot.waitUntil(lambda: shelf.opened == ["en_US", "de_DE"], timeout=5000)
    assert writer.settings.get("spell_language") == "de_DE"
    next(each for each in spelling.actions() if each.text() == "Check spelling").trigger()
    writer.marked()
    assert not writer.settings.switch("spell_check")
    menu.close()


def test_without_a_dictionary_nothing_of_it_is_to_be_seen(begin: Begin) -> None:
    writer = begin(Shelf())
    writer.type("fxo ")
    menu = writer.menu_at(QPoint(10, 5))
    assert "Spelling" not in entries(menu)
    writer.marked()


def test_a_damaged_dictionary_takes_only_itself_away(begin: Begin) -> None:
    writer = begin(Shelf("xx_XX"), spell_language="xx_XX")
    writer.type("fxo ")
    writer.qtbot.waitUntil(lambda: bool(writer.presenter._offered), timeout=5000)
    writer.marked()


def test_only_what_is_in_view_is_looked_up(begin: Begin) -> None:
    shelf = Shelf("en_US")
    writer = begin(shelf)
    lines = [f"w{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]}y" for n in range(100)]
    writer.composer.set_text("\n".join(lines))
    writer.qtbot.waitUntil(lambda: bool(writer.presenter.marker.marked), timeout=5000)
    assert 0 < len(shelf.one.asked) < 20
    writer.field.verticalScrollBar().setValue(0)
    writer.qtbot.waitUntil(lambda: writer.presenter.marker.marked[:1] == (lines[0],), timeout=5000)


def test_a_very_long_text_is_not_checked(begin: Begin) -> None:
    shelf = Shelf("en_US")
    writer = begin(shelf)
    writer.composer.set_text("fxo\n" * 3000)
    writer.presenter.marker.look()
    writer.marked()
    assert shelf.one.asked == []


def test_the_systems_dictionaries_check_what_they_offer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are none, none are offered, and nothing is asked of any."""
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    shelf = SystemDictionaries(tmp_path / "spelling")
    for language in (tag for tag in shelf.languages() if tag == "en_US"):
        dictionary = shelf.open(language)
        assert dictionary.check("fox")
        assert not dictionary.check("fxoo")
        assert "receive" in dictionary.suggest("recieve")
        dictionary.add("fxoo")
        assert dictionary.check("fxoo")
        assert "fxoo" in (tmp_path / "spelling" / "en_US.dic").read_text("utf-8")
        assert os.environ[FOLDER_VARIABLE] == str(tmp_path / "spelling")
        with pytest.raises(Problem):
            shelf.open("xx_XX")


def test_the_menu_by_its_key_is_about_the_word_at_the_cursor(begin: Begin) -> None:
    writer = begin(Shelf("en_US"))
    writer.type("The fxo sleeps ")
    writer.marked("fxo")
    cursor = writer.field.textCursor()
    cursor.setPosition(5)
    writer.field.setTextCursor(cursor)
    writer.marked("fxo")
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(writer.field.viewport(), key)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    writer.qtbot.waitUntil(lambda: "fox" in entries(menu), timeout=5000)
    writer.qtbot.keyClick(menu, Qt.Key.Key_Escape)
