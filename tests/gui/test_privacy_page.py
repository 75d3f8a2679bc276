"""The privacy page: what went over the network, the switch, what is kept, how to delete it."""

import threading
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QPushButton, QTableView, QToolButton

from desktop.domain.events import Contacted
from desktop.services.chat import commands as chat_commands
from desktop.services.chat import notices as chat_notices
from desktop.services.contacts import Door
from desktop.services.history import commands as history
from desktop.services.history import notices as history_notices
from desktop.services.house.commands import Measure, SaveSetting
from desktop.services.house.notices import Kept, Measured, Thing
from desktop.services.shelf.commands import HeedDoor
from desktop.ui.privacy.page import PrivacyPage
from tests.gui.desk import Open
from tests.gui.hand_fed import HandFed

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def page_of(fed: HandFed) -> PrivacyPage:
    fed.window.pane.privacy_fact.click()
    page = fed.window.findChild(PrivacyPage)
    assert isinstance(page, PrivacyPage)
    assert page.isVisible()
    return page


def door_of(fed: HandFed) -> Door:
    return fed.window.desk.privacy._door


def fact(fed: HandFed) -> str:
    return fed.window.pane.privacy_fact.text()


def switch(fed: HandFed) -> QCheckBox:
    found = fed.window.findChild(QCheckBox, "offlineSwitch")
    assert isinstance(found, QCheckBox)
    return found


def click_switch(fed: HandFed) -> None:
    box = switch(fed)
    fed.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def contact(fed: HandFed, host: str, why: str, received: int) -> None:
    """As a job does it, in a thread of its own."""

    def work() -> None:
        with door_of(fed).visit(lambda: None) as visit:
            visit.note(Contacted(host, why, received))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_nothing_was_sent_and_it_says_so(fed: HandFed) -> None:
    assert fact(fed) == "Nothing sent"
    page = page_of(fed)
    assert page.contacts.summary() == "Nothing was sent or fetched since Cellar started."
    assert not page.findChild(QTableView, "contactTable").isVisible()


def test_every_contact_is_a_row_with_host_purpose_bytes_and_result(fed: HandFed) -> None:
    page = page_of(fed)
    contact(fed, "hub.example", "to look at owner/model", 48_213)
    contact(fed, "files.example", "to fetch owner/model", 1_500_000)
    fed.until(lambda: len(page.contacts.rows()) == 2)
    (_, *newest), (_, *oldest) = page.contacts.rows()
    assert newest == ["files.example", "to fetch owner/model", "1.5 MB", "done"]
    assert oldest == ["hub.example", "to look at owner/model", "48.2 kB", "done"]
    assert "2 hosts" in page.contacts.summary()
    assert page.findChild(QTableView, "contactTable").isVisible()
    assert fact(fed) == "Network used"


def test_a_download_under_way_counts_in_its_row(fed: HandFed) -> None:
    page = page_of(fed)
    with door_of(fed).visit(lambda: None) as visit:
        for _ in range(500):
            visit.note(Contacted("files.example", "to fetch owner/model", 1000))
        fed.until(lambda: [row[3:] for row in page.contacts.rows()] == [("500.0 kB", "under way")])


def test_the_switch_ends_what_is_on_the_network_and_lets_nothing_in(fed: HandFed) -> None:
    page_of(fed)
    ended = threading.Event()
    with door_of(fed).visit(ended.set):
        fed.shelf.asked.clear()
        click_switch(fed)
        assert ended.is_set()
    assert fed.shelf.asked == [HeedDoor()]  # the shelf pauses what it had begun
    assert fed.settings.switch("offline")
    assert SaveSetting("offline") in fed.house.asked
    assert door_of(fed).closed
    assert fact(fed) == "Offline"
    click_switch(fed)
    assert not door_of(fed).closed
    assert fact(fed) == "Nothing sent"


def test_the_setting_does_the_same_from_the_dialog(fed: HandFed) -> None:
    fed.window.settings.choose("offline", True)
    assert fact(fed) == "Offline"
    page_of(fed)
    assert switch(fed).isChecked()


def test_started_offline_it_stays_so(fed: HandFed) -> None:
    fed.window.desk.privacy.lock()
    page_of(fed)
    assert switch(fed).isChecked()
    assert not switch(fed).isEnabled()
    assert any("--offline" in label.text() for label in fed.window.findChildren(QLabel))


def test_what_is_kept_is_measured_whenever_the_page_is_opened(fed: HandFed) -> None:
    page = page_of(fed)
    assert Measure() in fed.house.asked
    folder = Path("/home/someone/cellar")
    things = (Kept(Thing.CHATS, folder / "chats.db", 1_200_000),)
    fed.threads.house.noticed.emit(Measured(folder, things))
    texts = [label.text() for label in page.kept.findChildren(QLabel)]
    assert "Chats" in texts
    assert "1.2 MB" in texts
    assert str(folder) in texts
    wanted: list[Path] = []
    page.kept.open_wanted.disconnect()
    page.kept.open_wanted.connect(wanted.append)
    fed.qtbot.mouseClick(page.findChild(QPushButton, "openDataFolder"), Qt.MouseButton.LeftButton)
    assert wanted == [folder]


def test_deleted_chats_are_erased_at_once_when_wanted(fed: HandFed) -> None:
    page = page_of(fed)
    fed.qtbot.mouseClick(page.findChild(QPushButton, "eraseDeleted"), Qt.MouseButton.LeftButton)
    assert fed.history.asked == [history.EraseDeleted()]
    fed.tell_history(history_notices.Erased(2))
    assert [each.text() for each in page.banners.banners()] == [
        "2 chats were erased from every file."
    ]


def test_all_chats_are_deleted_only_after_a_question(fed: HandFed) -> None:
    page = page_of(fed)
    every = page.findChild(QPushButton, "deleteAllChats")
    for answer, asked in (("confirmNo", []), ("confirmYes", [chat_commands.DeleteAllChats()])):
        fed.chat.asked.clear()
        fed.qtbot.mouseClick(every, Qt.MouseButton.LeftButton)
        dialog = fed.window.findChild(QDialog, "confirmDialog")
        assert "cannot be undone" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        fed.qtbot.mouseClick(dialog.findChild(QPushButton, answer), Qt.MouseButton.LeftButton)
        fed.until(lambda: fed.window.findChild(QDialog, "confirmDialog") is None)
        assert fed.chat.asked == asked
    fed.tell(chat_notices.AllChatsDeleted(3))
    assert fed.history.asked == [history.EraseDeleted()]


def test_the_page_is_reached_by_keys_and_left_by_escape(fed: HandFed) -> None:
    fed.qtbot.keyClick(fed.window, Qt.Key.Key_P, CTRL_SHIFT)
    page = fed.window.findChild(PrivacyPage)
    assert page.isVisible()
    fed.qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    fed.qtbot.mouseClick(
        fed.window.findChild(QPushButton, "sidebarPrivacy"), Qt.MouseButton.LeftButton
    )
    assert page.isVisible()
    fed.qtbot.mouseClick(page.findChild(QToolButton, "closePrivacy"), Qt.MouseButton.LeftButton)
    assert not page.isVisible()


def test_all_chats_are_gone_from_the_list_and_from_every_file(
    open_window: Open, tmp_path: Path
) -> None:
    desk = open_window()
    desk.say("canary of a question")
    desk.until_answered()
    desk.until(lambda: desk.window.sidebar.list.chats.rowCount() > 0)
    desk.window.show_privacy()
    desk.click(QPushButton, "deleteAllChats")
    desk.click(QPushButton, "confirmYes")
    desk.until(lambda: bool(desk.window.desk.page.banners.banners()))
    assert "1 chat was erased" in desk.window.desk.page.banners.banners()[0].text()
    assert desk.window.sidebar.list.chats.rowCount() == 0
    desk.window.close()
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"canary" in path.read_bytes()]
