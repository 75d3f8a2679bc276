"""The program's manners on the desktop: dialogs, crash reports, tray, place, other starts."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSystemTrayIcon,
)

from desktop.cli.arguments import parser
from desktop.crashes import CrashHook, child_crashed
from desktop.domain.conversation import Message, Role, State
from desktop.services.chat import notices
from desktop.services.front import Call, Front
from desktop.services.house import commands
from desktop.services.house.licences import licence
from desktop.services.house.notices import Called, Facts, LicencesRead, ReportRead
from desktop.ui import tray as trays
from desktop.ui.crash_relay import CrashRelay
from desktop.ui.window_place import come_into_view, place_of, take_place
from tests.gui.desk import Desk, Open
from tests.gui.hand_fed import HandFed

CANARY = "purple walrus"


# about


def test_about_shows_versions_and_licences_and_copies_the_facts(fed: HandFed) -> None:
    fed.window.sidebar.head.findChild(QAction, "showAbout").trigger()
    about = fed.window.findChild(QDialog, "aboutDialog")
    assert about.isVisible()
    assert {commands.TellFacts(), commands.ReadLicences()} <= set(fed.house.asked)
    fed.threads.house.noticed.emit(Facts(("Cellar: 1.0", "Python: 3.11.7")))
    fed.qtbot.mouseClick(about.findChild(QPushButton, "copyFacts"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Cellar: 1.0\nPython: 3.11.7"
    words = " ".join(label.text() for label in about.findChildren(QLabel))
    assert "LGPL" in words
    assert "replace them" in words
    about.reject()
    fed.until(lambda: fed.window.findChild(QDialog, "aboutDialog") is None)


def test_licences_are_found_by_name_and_by_what_they_say(fed: HandFed) -> None:
    fed.window.desk.house.show_about()
    about = fed.window.findChild(QDialog, "aboutDialog")
    view = fed.window.desk.house._about.licences
    licences = (licence("qt/LGPL.txt", "Lesser"), licence("jinja/LICENSE", "BSD"))
    fed.threads.house.noticed.emit(LicencesRead(licences))
    assert view.names() == ["qt/LGPL.txt", "jinja/LICENSE"]
    field, text = view.findChild(QLineEdit), view.findChild(QPlainTextEdit, "licenceText")
    for sought, found, shown in (("QT/", "qt/LGPL.txt", "Lesser"), ("bsd", "jinja/LICENSE", "BSD")):
        field.setText(sought)
        assert view.names() == [found]
        assert text.toPlainText() == shown
    field.setText("nothing like it")
    assert view.names() == []
    field.clear()
    view._list.setCurrentRow(1)
    fed.threads.house.noticed.emit(LicencesRead(licences[:1]))
    assert view.names() == ["qt/LGPL.txt"]
    assert text.toPlainText() == "Lesser"
    about.reject()


def test_a_program_that_was_not_bundled_says_that_it_has_no_licences(fed: HandFed) -> None:
    fed.window.desk.house.show_about()
    fed.threads.house.noticed.emit(LicencesRead(()))
    note = fed.window.findChild(QLabel, "licenceNote")
    assert "bundled" in note.text()
    fed.window.findChild(QDialog, "aboutDialog").reject()


# reports of crashes


@pytest.fixture
def hooked(open_window: Open, tmp_path: Path) -> Iterator[Desk]:
    """A window with the crash hook on, as `run` makes it."""
    relay = CrashRelay()
    hook = CrashHook(None, relay.hear, "window", listens=True)
    hook._folder = tmp_path / "data" / "logs"  # without faulthandler, which pytest uses itself
    desk = open_window()
    relay.met.connect(desk.window.desk.house.look_for_reports)
    desk.until_answered()
    yield desk
    hook.remove()


def bug() -> None:
    """In a thread of its own, so that the test's own hook does not hear of it first."""

    def fail() -> None:
        try:
            raise KeyError(f"{CANARY} in a prompt")
        except KeyError as error:
            path = f"/home/someone/{CANARY}.gguf"
            raise FileNotFoundError(2, "no such file", path) from error

    thread = threading.Thread(target=lambda: _caught(fail))
    thread.start()
    thread.join()


def _caught(fail: object) -> None:
    try:
        fail()  # type: ignore[operator]
    except FileNotFoundError as error:
        logging.getLogger("desktop.services.anything").exception("%s was not handled", "Send")
        del error


def test_a_bug_is_told_in_place_and_its_report_holds_no_word_of_a_chat(
    hooked: Desk, tmp_path: Path
) -> None:
    hooked.say(CANARY)
    hooked.until_answered()
    bug()
    hooked.until(lambda: any("went wrong in Cellar" in text for text in hooked.banners()))
    hooked.click(QPushButton, "bannerAction_show_report")
    hooked.until(lambda: hooked.window.findChild(QDialog, "reportDialog") is not None)
    dialog = hooked.window.findChild(QDialog, "reportDialog")
    text = dialog.findChild(QPlainTextEdit, "reportText").toPlainText()
    assert "FileNotFoundError" in text
    assert "KeyError" in text
    assert "in bug.<locals>.fail" in text
    assert CANARY not in text
    (report,) = (tmp_path / "data" / "logs").glob("crash-*.txt")
    assert text == report.read_text("utf-8")
    hooked.click(QPushButton, "copyReport")
    assert QGuiApplication.clipboard().text() == text
    hooked.click(QPushButton, "deleteReport")
    hooked.until(lambda: not report.exists())


def test_a_crash_of_the_engine_is_told_in_place(hooked: Desk) -> None:
    child_crashed("engine", -11, ["Fatal Python error: Segmentation fault", CANARY])
    hooked.until(lambda: any("went wrong in Cellar" in text for text in hooked.banners()))


def test_a_report_of_an_earlier_run_is_told_once(open_window: Open, tmp_path: Path) -> None:
    logs = tmp_path / "data" / "logs"
    logs.mkdir(parents=True)
    (logs / "crash-20260101-120000.txt").write_text("a report")
    desk = open_window()
    desk.until(lambda: any("went wrong in Cellar" in text for text in desk.banners()))
    for banner in desk.window.pane.banners.banners():
        banner.dismiss()
    desk.window.close()
    again = open_window()
    again.until_answered()
    asked = threading.Event()
    again.window.desk.house.look_for_reports()
    again.window._threads.house.noticed.connect(lambda _: asked.set())
    again.window._threads.house.post(commands.TellFacts())
    again.until(asked.is_set)
    assert not any("went wrong in Cellar" in text for text in again.banners())


def test_a_report_is_saved_where_the_user_wants_it(fed: HandFed, tmp_path: Path) -> None:
    fed.threads.house.noticed.emit(ReportRead("crash-1.txt", "places"))
    dialog = fed.window.desk.house._report
    assert dialog is not None
    dialog.save_wanted.emit(tmp_path / "report.txt")
    assert fed.house.asked[-1] == commands.WriteText(tmp_path / "report.txt", "places")
    dialog.reject()


# the tray


class Shown:
    """What the tray's icon was told to show."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[tuple[object, ...]] = []
        self.visible: list[bool] = []
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
        monkeypatch.setattr(
            QSystemTrayIcon, "setVisible", lambda _, visible: self.visible.append(visible)
        )
        monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
        monkeypatch.setattr(
            QSystemTrayIcon, "showMessage", lambda _, *told: self.messages.append(told)
        )
        monkeypatch.setattr(trays, "LONG_S", 0.0)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    return Shown(monkeypatch)


def answer(fed: HandFed) -> None:
    message = Message(Role.ASSISTANT, CANARY, state=State.WRITING)
    fed.tell(notices.MessageAdded(message), notices.AnswerEnded(message))


def test_a_long_answer_is_told_of_elsewhere_without_a_word_of_it(
    fed: HandFed, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fed.window, "isActiveWindow", lambda: False)
    answer(fed)
    assert shown.messages == []  # nobody has asked for it
    fed.window.settings.choose("notify_when_done", True)
    answer(fed)
    ((title, text, *_),) = shown.messages
    assert (title, text) == ("Cellar", "The answer is ready.")
    fed.tell(notices.AnswerElsewhere("another chat"))
    fed.tell(notices.AnswerElsewhere(""))
    assert len(shown.messages) == 1  # it began before anybody noticed


def test_an_answer_of_another_chat_is_told_of_too(
    fed: HandFed, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fed.window, "isActiveWindow", lambda: False)
    fed.window.settings.choose("notify_when_done", True)
    fed.tell(notices.MessageAdded(Message(Role.ASSISTANT, "", state=State.WRITING)))
    fed.tell(notices.AnswerElsewhere("that chat"))
    assert shown.messages == []
    fed.tell(notices.AnswerElsewhere(""))
    assert len(shown.messages) == 1


def test_who_looks_at_the_window_or_waits_a_moment_is_not_told(
    fed: HandFed, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed.window.settings.choose("notify_when_done", True)
    monkeypatch.setattr(fed.window, "isActiveWindow", lambda: True)
    answer(fed)
    monkeypatch.setattr(fed.window, "isActiveWindow", lambda: False)
    monkeypatch.setattr(trays, "LONG_S", 15.0)
    answer(fed)
    assert shown.messages == []


def test_the_icon_is_there_when_it_is_wanted(fed: HandFed, shown: Shown) -> None:
    fed.window.settings.choose("tray", True)
    assert shown.visible == [True]
    fed.window.showMinimized()
    fed.window.desk.tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert not fed.window.isMinimized()
    fed.window.settings.choose("tray", False)
    assert shown.visible == [True, False]


# where the window is


def test_a_place_that_is_on_no_screen_any_more_is_left(fed: HandFed) -> None:
    window = fed.window
    for place in (QPoint(20_000, 20_000), QPoint(-20_000, 100), QPoint(100, -2000)):
        window.move(place)
        come_into_view(window)
        screen = QGuiApplication.primaryScreen().availableGeometry()
        assert screen.intersects(QRect(window.pos(), window.size()))
        assert screen.contains(window.frameGeometry().topLeft())


def test_the_place_is_found_again(fed: HandFed) -> None:
    window = fed.window
    window.showNormal()
    window.setGeometry(40, 60, 700, 500)
    kept = place_of(window)
    window.setGeometry(0, 0, 600, 450)
    take_place(window, kept)
    assert window.geometry() == QRect(40, 60, 700, 500)


def test_a_window_that_filled_the_screen_does_so_again(fed: HandFed) -> None:
    fed.window.showMaximized()
    kept = place_of(fed.window)
    fed.window.showNormal()
    take_place(fed.window, kept)
    assert fed.window.isMaximized()


@pytest.mark.parametrize("kept", ["no place", "AAAA", "張", "x"])
def test_a_place_that_cannot_be_read_is_passed_over(fed: HandFed, kept: str) -> None:
    take_place(fed.window, kept)
    assert fed.window.isVisible()


# another start


def test_another_start_brings_the_window_to_the_front_with_its_files(
    fed: HandFed, tmp_path: Path
) -> None:
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    fed.window.showMinimized()
    fed.threads.house.noticed.emit(Called(Call((str(model),), offline=True)))
    assert not fed.window.isMinimized()
    assert fed.window.desk.privacy._door.locked
    fed.until(fed.window.models_page.isVisible)


def test_files_of_the_first_start_are_taken_as_well(fed: HandFed, tmp_path: Path) -> None:
    folder = tmp_path / "a model of mine"
    folder.mkdir()
    arguments = parser().parse_args(["--open", str(folder), str(tmp_path / "chats.json")])
    assert arguments.open == [folder, tmp_path / "chats.json"]
    fed.window.take_files(QUrl.fromLocalFile(str(path)) for path in arguments.open)
    assert fed.window.models_page.isVisible()


def test_a_note_in_the_folder_is_noticed(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    desk.until_answered()
    front = Front(tmp_path / "data")
    assert front.enter(Call())
    try:
        desk.window.desk.watch(front.folder)
        desk.window.showMinimized()
        entered: list[bool] = []
        other = Front(tmp_path / "data")
        thread = threading.Thread(target=lambda: entered.append(other.enter(Call())))
        thread.start()
        desk.until(lambda: entered == [False])
        desk.until(lambda: not desk.window.isMinimized())
        thread.join()
    finally:
        front.leave()


def test_the_hook_of_the_tests_is_as_it_was() -> None:
    assert "desktop" not in getattr(sys.excepthook, "__module__", "")
