"""The whole window by keyboard and by ear: names, visible focus, the order of Tab."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

import desktop
from desktop.ui.chat_pane import ChatPane
from desktop.ui.find_bar import FindBar
from desktop.ui.library.sort_header import SortHeader
from desktop.ui.main_window import MainWindow
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui
MOST_STOPS = 200
NEAR = 12  # pixels around a widget in which its focus may show


@dataclass(frozen=True)
class Place:
    """Somewhere in the program, and the way to it."""

    name: str
    go: Callable[[MainWindow], QWidget]


def _chat(window: MainWindow) -> QWidget:
    window.show_chat()
    return window


def _panel(window: MainWindow) -> QWidget:
    window.show_chat()
    window.pane.panel_button.setChecked(True)
    window._fold()
    return window


def _models(window: MainWindow) -> QWidget:
    window.show_models()
    return window


def _devices(window: MainWindow) -> QWidget:
    window.show_devices()
    return window


def _privacy(window: MainWindow) -> QWidget:
    window.show_privacy()
    return window


def _find(window: MainWindow) -> QWidget:
    window.show_chat()
    bar = window.findChild(FindBar, "findBar")
    bar.open()
    return window


def _settings(window: MainWindow) -> QWidget:
    window.desk.house.show_settings()
    return _active(window, "settingsDialog")


def _about(window: MainWindow) -> QWidget:
    window.desk.house.show_about()
    return _active(window, "aboutDialog")


def _shortcuts(window: MainWindow) -> QWidget:
    window.desk.house.show_shortcuts()
    return _active(window, "shortcutsDialog")


def _layout(window: MainWindow) -> QWidget:
    _panel(window)
    window.panel.layout_row.findChild(QAbstractButton).click()
    return _active(window, "layoutDialog")


def _backups(window: MainWindow) -> QWidget:
    window.show_chat()
    window.sidebar.head.findChild(QAction, "showBackups").trigger()
    return _active(window, "backupsPopover")


def _context(window: MainWindow) -> QWidget:
    window.show_chat()
    window.pane.context.click()
    return _active(window, "contextPopover")


PLACES = [
    Place(go.__name__.strip("_"), go)
    for go in (
        _chat,
        _panel,
        _find,
        _models,
        _devices,
        _privacy,
        _settings,
        _about,
        _shortcuts,
        _layout,
        _backups,
        _context,
    )
]


def _active(window: MainWindow, name: str) -> QWidget:
    """The dialog or popover that has come up."""
    for _ in range(200):
        QTest.qWait(10)
        made = window.findChild(QWidget, name)
        if isinstance(made, QWidget) and made.isVisible():
            return made
    raise AssertionError(f"{name} did not come up")


def stops(place: QWidget) -> list[QWidget]:
    """What takes the focus by Tab in a window."""
    return [
        each
        for each in place.findChildren(QWidget)
        if each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        and each.isEnabled()
        and each.isVisibleTo(place)
        and each.window() is place.window()
        and each.focusProxy() is None
    ]


def name_of(widget: QWidget) -> str:
    """For messages."""
    return f"{type(widget).__name__} {widget.objectName()} in {widget.parentWidget().objectName()}"


@contextmanager
def at(desk: Desk, place: Place) -> Iterator[QWidget]:
    """Be there; dialogs and popovers are closed behind."""
    shown = place.go(desk.window)
    yield shown
    if shown is not desk.window:
        shown.close()
        QTest.qWait(20)


@pytest.fixture
def desk(open_window: Open) -> Desk:
    made = open_window()
    made.until(lambda: "CPU" in made.status)
    made.window.resize(1280, 800)
    made.say("Hello")
    made.until_answered()
    made.window.activateWindow()
    return made


def everywhere(desk: Desk, look: Callable[[QWidget], list[str]]) -> dict[str, list[str]]:
    """What is wrong, by place."""
    wrong = {}
    for place in PLACES:
        with at(desk, place) as shown:
            if found := look(shown):
                wrong[place.name] = found
    return wrong


def test_everything_that_takes_the_focus_says_what_it_is(desk: Desk) -> None:
    def look(shown: QWidget) -> list[str]:
        found = stops(shown)
        assert found
        return [name_of(each) for each in found if not _speaks(each)]

    assert everywhere(desk, look) == {}


def _speaks(widget: QWidget) -> bool:
    access = QAccessible.queryAccessibleInterface(widget)
    scrolls = isinstance(widget, QAbstractScrollArea)  # Qt has no role for those
    no_role = not scrolls and access.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client)
    return not no_role and bool(access.text(QAccessible.Text.Name).strip())


def test_every_button_says_what_it_does_and_is_reached_by_keyboard(desk: Desk) -> None:
    def look(shown: QWidget) -> list[str]:
        return [
            name_of(each)
            for each in shown.findChildren(QAbstractButton)
            if each.isVisibleTo(shown)
            and not each.objectName().startswith("qt_")
            and not isinstance(each.parentWidget(), QLineEdit)
            and each.objectName() != "jumpToLatest"  # the key End does it
            and not (_speaks(each) and each.focusPolicy() != Qt.FocusPolicy.NoFocus)
        ]

    assert everywhere(desk, look) == {}


def picture(widget: QWidget) -> QImage:
    """A widget and what is around it, as it is on screen."""
    window = widget.window()
    area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return window.grab(area.adjusted(-NEAR, -NEAR, NEAR, NEAR)).toImage()


def _reveal(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    QApplication.processEvents()


def test_the_focus_is_seen_wherever_it_is(desk: Desk) -> None:
    def look(shown: QWidget) -> list[str]:
        return [name_of(each) for each in stops(shown) if not _shows_focus(each, shown)]

    assert everywhere(desk, look) == {}


def _shows_focus(widget: QWidget, shown: QWidget) -> bool:
    _reveal(widget)
    other = next((each for each in stops(shown) if each is not widget), None)
    if other is None or widget.visibleRegion().isEmpty():
        return True
    widget.setFocus(Qt.FocusReason.TabFocusReason)  # first: it may scroll to what has the focus
    QTest.qWait(1)
    focused = picture(widget)
    other.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    return picture(widget) != focused


def test_tab_goes_round_and_leaves_nothing_out(desk: Desk) -> None:
    def look(shown: QWidget) -> list[str]:
        wanted = stops(shown)
        wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
        seen: list[QWidget] = []
        for _ in range(MOST_STOPS):
            focused = QApplication.focusWidget()
            assert focused is not None
            seen.append(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
            if QApplication.focusWidget() is wanted[0]:
                break
        return [name_of(each) for each in wanted if each not in seen]

    assert everywhere(desk, look) == {}


def test_tab_goes_through_the_columns_as_they_are_read_and_back_to_the_first(desk: Desk) -> None:
    _panel(desk.window)
    assert desk.window.pane.banners.banners()  # they came last, and are reached where they stand
    columns = [desk.window.sidebar, desk.window.pane, desk.window.panel]
    order: list[int] = []
    stops(desk.window.sidebar)[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(MOST_STOPS):
        focused = QApplication.focusWidget()
        assert focused is not None
        column = next(n for n, each in enumerate(columns) if each.isAncestorOf(focused))
        if order[-1:] != [column]:
            order.append(column)
        if len(order) > len(columns):
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == [0, 1, 2, 0]


def test_tab_reaches_banners_and_the_attach_button_where_they_stand(desk: Desk) -> None:
    pane = _chat(desk.window).findChild(ChatPane)
    pane.model_picker.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[str] = []
    while (focused := QApplication.focusWidget()) and pane.isAncestorOf(focused):
        seen.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen.index("bannerAction_show-models") < seen.index("transcript")
    assert seen[seen.index("composer") - 1] == "attachButton"
    assert seen.count("composer") == 1


def test_tab_leads_to_the_row_of_the_table_that_has_the_focus(desk: Desk) -> None:
    page = desk.window.models_page
    _models(desk.window)
    header = page.findChild(SortHeader)
    table = page.catalogue.table
    header.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(header, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is table
    row = table.visualRect(table.currentIndex())
    desk.until(lambda: table.viewport().visibleRegion().contains(row.center()))


def test_scroll_bars_and_viewports_are_passed_over(desk: Desk) -> None:
    assert not [each for each in stops(desk.window) if isinstance(each, QScrollBar)]


def test_nothing_asks_the_chain_of_the_focus() -> None:
    """PySide hangs what it returns on the wrong parent; the next change of theme then crashes."""
    sources = Path(desktop.__file__).parent.rglob("*.py")
    asking = [file.name for file in sources if "InFocusChain()" in file.read_text("utf-8")]
    assert asking == []
