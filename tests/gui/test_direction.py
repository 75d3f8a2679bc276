"""A window that is read from the right: everything with a side is mirrored, text keeps its own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QStandardItemModel, qGray
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.chats import Summary
from desktop.ui import theme as theming
from desktop.ui.direction import lean, line_flags, reads_from_right
from desktop.ui.icons import DIRECTED, IconSet
from desktop.ui.library.sort_header import SortHeader
from desktop.ui.sidebar.chat_delegate import on_menu_button
from desktop.ui.sidebar.chat_list import ChatList
from desktop.ui.sidebar.columns import Columns
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.theme import Theme, load_themes
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.tools import COPY, REGENERATE
from desktop.ui.widgets.slider_field import StepSlider
from tests.gui.conftest import RESOURCES
from tests.gui.transcript_reader import Reader, answer, user

pytestmark = pytest.mark.gui
RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft
ARABIC = "عاصمة المغرب"


@pytest.fixture(autouse=True)
def from_the_right(qapp: QApplication, themes: dict[str, Theme]) -> Iterator[None]:
    theming.apply(qapp, themes["light"])
    qapp.setLayoutDirection(RIGHT_TO_LEFT)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def mirrored(reader: Reader) -> Reader:
    """A transcript that is read from the right."""
    theme = load_themes(RESOURCES / "themes")["light"]
    reader.view.set_theme(theme, IconSet(theme.icons, theme))
    return reader


def picture(widget: QWidget) -> QImage:
    """A widget on white."""
    made = QImage(widget.size(), QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    widget.render(made)
    return made


def inked(image: QImage, area: QRect) -> list[int]:
    """The columns of an area in which something is drawn."""
    ground = image.pixel(area.left(), area.top())
    return [
        x
        for x in range(area.left(), area.right())
        if any(
            abs(qGray(image.pixel(x, y)) - qGray(ground)) > 40
            for y in range(area.top(), area.bottom())
        )
    ]


def test_the_script_of_a_text_is_known_by_its_first_letter() -> None:
    assert reads_from_right("12 " + ARABIC)
    assert not reads_from_right("Rabat, " + ARABIC)
    assert not reads_from_right("123")


def test_lines_begin_at_the_right_in_their_own_direction(qapp: QApplication) -> None:
    flags = line_flags("610 tok/s")
    assert flags & Qt.AlignmentFlag.AlignRight.value
    assert flags & Qt.TextFlag.TextForceLeftToRight.value
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert line_flags(ARABIC) & Qt.AlignmentFlag.AlignLeft.value


def test_labels_lean_to_the_right_whatever_they_say(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    rows = QVBoxLayout(page)
    for text in ("Models", ARABIC):
        rows.addWidget(QLabel(text))
    middle = QLabel("Middle")
    middle.setAlignment(Qt.AlignmentFlag.AlignCenter)
    rows.addWidget(middle)
    lean(page)
    page.resize(300, 120)
    for label in page.findChildren(QLabel):
        columns = inked(picture(label), label.rect())
        if label is middle:
            assert abs(columns[0] + columns[-1] - label.width()) < 10
        else:
            assert columns[-1] > label.width() - 6


@pytest.mark.parametrize("name", sorted(DIRECTED))
def test_icons_that_point_are_mirrored(
    qapp: QApplication, themes: dict[str, Theme], name: str
) -> None:
    theme = themes["light"]
    there = IconSet(theme.icons, theme).pixmap(name, 24, "#000000").toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    here = IconSet(theme.icons, theme).pixmap(name, 24, "#000000").toImage()
    turned = here.flipped(Qt.Orientation.Horizontal)
    apart = sum(
        abs(there.pixelColor(x, y).alpha() - turned.pixelColor(x, y).alpha())
        for x in range(24)
        for y in range(24)
    )
    assert apart < 24 * 24  # but for how edges are smoothed
    assert there != here


def test_the_parts_of_a_message_are_on_the_other_side(mirrored: Reader) -> None:
    mirrored.view.set_entries([user("u", ARABIC), answer("a", tools=(COPY, REGENERATE))])
    scene = mirrored.view._scene
    spots = {placed.key.kind: placed.spot.rect for placed in scene.spots()}
    middle = scene.left + scene.width / 2
    assert spots[SpotKind.COPY_CODE].right() < middle
    item = scene.item("a")
    assert item.row.tools[0][1].left() > item.row.tools[-1][1].left()
    image = mirrored.view.viewport().grab().toImage()
    top = round(scene.column.tops[1] - scene.top + item.label_top)
    label = QRect(scene.left, top, round(scene.width), scene.style.small_line)
    assert inked(image, label)[0] > middle


def test_paragraphs_go_by_their_own_script(mirrored: Reader) -> None:
    mirrored.view.set_entries([answer("en", "Rabat"), answer("ar", ARABIC)])
    scene = mirrored.view._scene
    image = mirrored.view.viewport().grab().toImage()
    sides = []
    for index, item in enumerate(scene.column.items):
        top = round(scene.column.tops[index] - scene.top + item.body_top)
        text = QRect(scene.left, top, round(scene.width), scene.style.line)
        sides.append(inked(image, text)[0] > scene.left + scene.width / 2)
    assert sides == [False, True]


def test_the_text_is_in_the_middle_of_the_view(mirrored: Reader) -> None:
    view, scene = mirrored.view, mirrored.view._scene
    left = view.viewport().x() + scene.left
    assert left + scene.width / 2 == pytest.approx(view.width() / 2, abs=1)


def test_a_chat_in_the_list_begins_at_the_right_and_has_its_button_at_the_left(
    qtbot: QtBot, themes: dict[str, Theme], icons: IconSet
) -> None:
    chats = ChatList()
    qtbot.addWidget(chats)
    chats.set_theme(themes["light"], icons)
    now = datetime.now(UTC).isoformat()
    chats.set_chats([Summary("1", "Rabat", updated_at=now)], "")
    chats.resize(260, 300)
    chats.show()
    qtbot.waitExposed(chats)
    row = chats.visualRect(chats.model().index(chats.model().rowCount() - 1, 0))
    image = picture(chats.viewport())
    columns = inked(image, row.adjusted(0, 4, 0, -4))
    assert columns[0] > row.width() / 2
    assert on_menu_button(row, QPoint(20, row.center().y()), RIGHT_TO_LEFT)
    assert not on_menu_button(row, QPoint(240, row.center().y()), RIGHT_TO_LEFT)


def test_a_slider_grows_to_the_left(qtbot: QtBot) -> None:
    slider = StepSlider()
    qtbot.addWidget(slider)
    slider.setRange(0, 100)
    slider.resize(216, 24)
    slider.show()
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == 1
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 12))
    assert slider.value() > 75
    assert slider.property("mirrored")


def test_a_bar_fills_from_the_right(qtbot: QtBot) -> None:
    bar = QProgressBar(textVisible=False)
    qtbot.addWidget(bar)
    bar.setStyleSheet("QProgressBar::chunk { background: black; }")
    bar.setValue(25)
    bar.resize(200, 6)
    image = bar.grab().toImage()
    assert qGray(image.pixel(190, 3)) < 60
    assert qGray(image.pixel(10, 3)) > 60


def test_the_keys_of_the_head_go_where_they_point(qtbot: QtBot, themes: dict[str, Theme]) -> None:
    header, model = SortHeader(), QStandardItemModel(1, 3)
    qtbot.addWidget(header)
    header.setModel(model)
    QTest.keyClick(header, Qt.Key.Key_Left)
    assert header._place == 1
    QTest.keyClick(header, Qt.Key.Key_Right)
    assert header._place == 0


def test_the_sidebar_covers_the_chat_from_the_right(
    qtbot: QtBot, themes: dict[str, Theme], icons: IconSet
) -> None:
    columns = Columns(Sidebar(themes["light"], icons), QWidget(), QWidget())
    qtbot.addWidget(columns)
    columns.resize(480, 600)
    columns.show()
    columns.reveal_sidebar()
    sidebar = columns.findChild(Sidebar)
    assert sidebar.geometry().right() == columns.rect().right()
