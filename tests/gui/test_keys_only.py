"""Everything without a mouse: each thing is reached by Tab or a shortcut, and done by keys."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QWidget,
)

from desktop.engine.fake import Script
from tests.gui.desk import ENDLESS, Desk, Open
from tests.gui.transcript_reader import CTRL, SHIFT, clipboard

pytestmark = pytest.mark.gui
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
KEY = Qt.Key
MOST_STOPS = 120


@dataclass
class Keys:
    """Hands that have nothing but a keyboard."""

    desk: Desk

    @property
    def at(self) -> QWidget:
        """What gets the keys."""
        if popup := QApplication.activePopupWidget():
            return popup
        if QApplication.focusWidget() is None:  # no window manager gives the window back its focus
            self.desk.window.activateWindow()
            self.desk.until(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.at, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.at, text)

    def go(self, name: str) -> QWidget:
        """Tab to what has this name."""
        for _ in range(MOST_STOPS):
            if self.at.objectName() == name:
                return self.at
            self.press(KEY.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}")

    def ask_for_menu(self) -> QMenu:
        """What the system makes of the menu key; the menu that comes up."""
        place = QPoint(4, 4)
        by_key = QContextMenuEvent.Reason.Keyboard
        asked = QContextMenuEvent(by_key, place, self.at.mapToGlobal(place))
        QApplication.sendEvent(self.at, asked)
        return self.menu()

    def menu(self) -> QMenu:
        self.desk.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def choose(self, words: str) -> None:
        """Go down the menu that is open to an entry, and take it."""
        menu = self.menu()
        for _ in menu.actions():
            self.press(KEY.Key_Down)
            active = menu.activeAction()
            if active and active.text().startswith(words):
                self.press(KEY.Key_Return)
                return
        raise AssertionError(f"no {words} in {[each.text() for each in menu.actions()]}")

    def choose_from_button(self, words: str) -> None:
        """Press a button that waits for its menu, and take an entry of that."""
        QTimer.singleShot(0, self._choose_or_close(words))
        self.press(KEY.Key_Space)

    def _choose_or_close(self, words: str) -> Callable[[], None]:
        def choose() -> None:
            try:
                self.choose(words)
            finally:
                if popup := QApplication.activePopupWidget():
                    popup.close()

        return choose

    def dialog(self, name: str) -> QDialog:
        self.desk.until(lambda: self.at.window().objectName() == name)
        found = self.at.window()
        assert isinstance(found, QDialog)
        return found


def opened(open_window: Open, script: Script | None = None) -> Keys:
    desk = open_window(script)
    desk.until(lambda: "CPU" in desk.status)
    desk.window.resize(1400, 900)
    desk.window.activateWindow()
    return Keys(desk)


@pytest.fixture
def keys(open_window: Open) -> Keys:
    """In a chat with one question that was answered."""
    made = opened(open_window)
    made.type("Hello")
    made.press(KEY.Key_Return)
    made.desk.until(lambda: "This is a scripted answer." in made.desk.shown)
    made.desk.until_answered()
    return made


def turns(keys: Keys) -> list[str]:
    return [item.entry.text for item in keys.desk.window.pane.transcript._scene.column.items]


def version(keys: Keys, place: int) -> tuple[int, int]:
    items = keys.desk.window.pane.transcript._scene.column.items
    return (items[place].entry.version, items[place].entry.versions) if items else (0, 0)


def page(keys: Keys) -> QWidget:
    return keys.desk.window._pages.currentWidget()


def test_an_answer_is_asked_for_stopped_and_continued(open_window: Open) -> None:
    keys = opened(open_window, ENDLESS)
    desk = keys.desk
    keys.press(KEY.Key_N, CTRL)
    keys.go("composer")
    keys.type("Tell me")
    keys.press(KEY.Key_Return)
    desk.until(lambda: desk.stopping.isVisible() and "word" in desk.shown)
    keys.press(KEY.Key_Escape)
    desk.until_answered()
    before = turns(keys)[1]
    keys.press(KEY.Key_Return, CTRL | SHIFT)
    desk.until(lambda: len(turns(keys)[1]) > len(before))
    keys.go("stopButton")
    keys.press(KEY.Key_Space)
    desk.until_answered()
    assert turns(keys)[0] == "Tell me"


def test_messages_are_acted_on_by_shortcuts(keys: Keys) -> None:
    desk = keys.desk
    keys.press(KEY.Key_C, CTRL | SHIFT)
    assert clipboard() == "This is a scripted answer."
    keys.press(KEY.Key_R, CTRL)
    desk.until(lambda: version(keys, -1) == (2, 2) and not desk.stopping.isVisible())
    keys.press(KEY.Key_Left, ALT)
    desk.until(lambda: version(keys, -1) == (1, 2))
    keys.press(KEY.Key_E, CTRL)
    desk.until(lambda: keys.at.objectName() == "messageEditorField")
    keys.type(" there")
    keys.press(KEY.Key_Return)
    desk.until(lambda: turns(keys)[:1] == ["Hello there"] and not desk.stopping.isVisible())
    keys.press(KEY.Key_Delete, CTRL | SHIFT)
    desk.until(lambda: turns(keys) == ["Hello there"])
    keys.press(KEY.Key_T, CTRL | SHIFT)
    desk.until(lambda: len(turns(keys)) == 2)


def test_messages_are_acted_on_by_their_icons_and_their_menu(keys: Keys) -> None:
    desk = keys.desk
    QGuiApplication.clipboard().clear()
    keys.press(KEY.Key_Up, ALT)
    keys.press(KEY.Key_Return)  # the first icon of the last message
    assert clipboard() == "This is a scripted answer."
    keys.ask_for_menu()
    keys.choose("Delete")
    desk.until(lambda: turns(keys) == ["Hello"])
    keys.go("bannerAction_undoBranch")
    keys.press(KEY.Key_Space)
    desk.until(lambda: len(turns(keys)) == 2)


def test_the_conversation_is_cleared_and_brought_back(keys: Keys) -> None:
    keys.go("clearButton")
    keys.press(KEY.Key_Space)
    pane = keys.desk.window.pane
    keys.desk.until(pane.examples.isVisible)
    keys.go("bannerAction_undo")
    keys.press(KEY.Key_Space)
    keys.desk.until(pane.transcript.isVisible)
    assert len(turns(keys)) == 2


@pytest.mark.parametrize("name", ["modelPicker", "devicePicker", "presetPicker"])
def test_pickers_open_and_close(keys: Keys, name: str) -> None:
    picker = keys.go(name)
    assert isinstance(picker, QComboBox)
    keys.press(KEY.Key_Space)
    assert picker.view().isVisible()
    keys.press(KEY.Key_Escape)
    assert not picker.view().isVisible()
    assert keys.at is picker


def test_a_preset_is_taken_from_its_picker(keys: Keys) -> None:
    picker = keys.go("presetPicker")
    assert isinstance(picker, QComboBox)
    before = picker.currentText()
    keys.press(KEY.Key_Space)
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Return):
        QTest.keyClick(picker.view(), key)
    keys.desk.until(lambda: picker.currentText() != before)


def test_a_slider_is_moved(keys: Keys) -> None:
    slider = keys.go("temperature")
    assert isinstance(slider, QSlider)
    keys.press(KEY.Key_Right)
    assert "temperature" in keys.desk.window.panel.changed()
    assert keys.at is slider


def test_a_preset_is_saved_from_the_menu(keys: Keys) -> None:
    keys.go("presetMenuButton")
    keys.choose_from_button("Save as preset")
    keys.desk.until(lambda: isinstance(keys.at, QLineEdit))
    keys.type("Mine")
    keys.press(KEY.Key_Return)
    picker = keys.desk.window.panel.presets.picker
    keys.desk.until(lambda: picker.findText("Mine") >= 0)


def test_the_layout_editor_opens_and_closes(keys: Keys) -> None:
    keys.go("changePromptLayout")
    keys.press(KEY.Key_Space)
    dialog = keys.dialog("layoutDialog")
    keys.go("cancelLayout")
    keys.press(KEY.Key_Space)
    keys.desk.until(lambda: not dialog.isVisible())


def test_a_banner_leads_to_the_models_where_one_is_looked_at_and_left(keys: Keys) -> None:
    window = keys.desk.window
    keys.press(KEY.Key_Home, CTRL)
    keys.go("bannerAction_show-models")
    keys.press(KEY.Key_Space)
    assert page(keys) is window.models_page
    table = keys.go("modelTable")
    keys.press(KEY.Key_Down)
    details = window.models_page.catalogue.details
    assert details.isVisible()
    keys.press(KEY.Key_Return)
    assert details.isAncestorOf(keys.at)
    keys.press(KEY.Key_Escape)
    assert page(keys) is window.models_page
    keys.go("modelTable")
    assert keys.at is table


def test_a_model_is_added_from_the_hub_or_not(keys: Keys) -> None:
    window = keys.desk.window
    keys.press(KEY.Key_M, CTRL | SHIFT)
    keys.desk.until(lambda: page(keys) is window.models_page)
    keys.go("addFromHub")
    keys.press(KEY.Key_Space)
    keys.desk.until(lambda: keys.at is window.models_page.adding.field)
    keys.type("someone/some-model")
    keys.press(KEY.Key_Escape)
    keys.desk.until(lambda: not window.models_page.adding.isVisible())
    for _ in range(3):
        keys.press(KEY.Key_Escape)
    assert page(keys) is window._chat


def test_the_devices_page(keys: Keys) -> None:
    window = keys.desk.window
    keys.press(KEY.Key_D, CTRL | SHIFT)
    keys.desk.until(lambda: page(keys) is window.devices_page)
    choice = keys.go("tuneFor")
    assert isinstance(choice, QComboBox)
    keys.press(KEY.Key_Down)
    assert choice.currentIndex() == 1
    keys.press(KEY.Key_Escape)
    assert page(keys) is window._chat


def test_the_privacy_page(keys: Keys) -> None:
    window = keys.desk.window
    keys.press(KEY.Key_P, CTRL | SHIFT)
    assert page(keys) is window.desk.page
    keys.go("offlineSwitch")
    keys.press(KEY.Key_Space)
    assert window.settings.switch("offline") is True
    keys.press(KEY.Key_Escape)
    assert page(keys) is window._chat


def test_a_chat_is_renamed_and_deleted_by_its_menu_and_brought_back(keys: Keys) -> None:
    chats = keys.desk.window.sidebar.list.chats
    keys.go("conversationList")
    keys.ask_for_menu()
    keys.choose("Rename")
    keys.desk.until(lambda: isinstance(keys.at, QLineEdit))
    keys.type("Greetings")
    keys.press(KEY.Key_Return)
    keys.desk.until(lambda: "Greetings" in titles(keys))
    count = chats.rowCount()
    keys.go("conversationList")
    keys.ask_for_menu()
    keys.choose("Delete")
    keys.desk.until(lambda: "Greetings" not in titles(keys))
    keys.press(KEY.Key_T, CTRL | SHIFT)
    keys.desk.until(lambda: "Greetings" in titles(keys) and chats.rowCount() == count)


def titles(keys: Keys) -> list[str]:
    shown = keys.desk.window.sidebar.list.model()
    rows = range(shown.rowCount())
    return [str(shown.index(row, 0).data(Qt.ItemDataRole.DisplayRole)) for row in rows]


def test_chats_are_sought_and_opened(keys: Keys) -> None:
    results = keys.desk.window.sidebar.results
    keys.press(KEY.Key_K, CTRL)
    keys.type("scripted")
    keys.desk.until(lambda: results.isVisible() and results.model().rowCount() > 0)
    keys.press(KEY.Key_Down)
    assert keys.at is results
    keys.press(KEY.Key_Return)
    keys.desk.until(lambda: not keys.desk.window.sidebar.isAncestorOf(keys.at))


def test_words_are_found_in_the_chat(keys: Keys) -> None:
    keys.press(KEY.Key_F, CTRL)
    assert keys.at.objectName() == "findField"
    keys.type("scripted")
    count = keys.desk.window.findChild(QLabel, "findCount")
    keys.desk.until(lambda: "1" in count.text())
    keys.press(KEY.Key_Escape)
    assert not keys.desk.window.pane.find_bar.isVisible()


def test_settings_are_found_and_changed(keys: Keys) -> None:
    keys.press(KEY.Key_Comma, CTRL)
    dialog = keys.dialog("settingsDialog")
    keys.go("settingSearch")
    keys.type("offline")
    keys.go("setting_offline")
    keys.press(KEY.Key_Space)
    assert keys.desk.window.settings.switch("offline") is True
    keys.press(KEY.Key_Escape)
    keys.desk.until(lambda: not dialog.isVisible())


@pytest.mark.parametrize(("key", "modifiers"), [(KEY.Key_F1, NONE), (KEY.Key_Slash, CTRL)])
def test_the_list_of_shortcuts(keys: Keys, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    keys.press(key, modifiers)
    dialog = keys.dialog("shortcutsDialog")
    keys.type("shortcuts")
    assert dialog.shown() == ["All shortcuts"]
    keys.press(KEY.Key_Escape)
    keys.desk.until(lambda: not dialog.isVisible())
