"""The sidebar and the catalogue in every language: no text is wider than its room."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.domain.fit import Verdict
from desktop.domain.words import LANGUAGES, spoken
from desktop.languages import LANGUAGE
from desktop.services.shelf.notices import Offered
from desktop.ui import theme as theming
from desktop.ui.i18n import tr, use_language
from desktop.ui.icons import IconSet
from desktop.ui.library.model_table import ModelTable
from desktop.ui.library.offer_columns import Place
from desktop.ui.library.offer_delegate import BESIDE_ICON, ICON, PADDING
from desktop.ui.library.sort_header import ARROW, BESIDE_ARROW
from desktop.ui.library.words import offer_words
from desktop.ui.metrics import COMFORTABLE, COMPACT, Metrics, metrics, put_on
from desktop.ui.sidebar.columns import Columns
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.theme import Theme
from desktop.ui.widgets.wrapped_label import WrappedLabel
from tests.gui.models_page_fakes import GATED, HUGE, MIDDLE, SMALL, Visitor, entry, offer

pytestmark = pytest.mark.gui

CATALOGUES = Path(__file__).parents[2] / "resources" / "i18n"
SIZES = tuple(Metrics(size, how) for size, how in product((100, 200), (COMFORTABLE, COMPACT)))
NARROW, MIDDLING, WIDE = 480, 900, 1400  # pixels of the window
LONG = "A button’s text in a language of which nobody has thought"
OFFERS = (
    *(offer(each) for each in (SMALL, MIDDLE, GATED)),
    offer(HUGE, "fp16", Verdict.NO),
    offer(entry("GPT-2 open-domain dialogue", 0.124), download=999_940_000, memory=988_200_000),
)


@pytest.fixture(autouse=True)
def as_it_was(english_after: None, qapp: QApplication, themes: dict[str, Theme]) -> Iterator[None]:
    yield
    put_on(qapp, Metrics())
    theming.apply(qapp, themes["light"])


@pytest.fixture(params=list(LANGUAGES))
def language(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    """Each that Cellar is shipped in, spoken."""
    chosen = str(request.param)
    monkeypatch.setenv(LANGUAGE, chosen)
    use_language(qapp, CATALOGUES, chosen)
    return chosen


def wear(app: QApplication, theme: Theme, worn: Metrics) -> None:
    put_on(app, worn)
    theming.apply(app, theme)


def draw_to(window: QWidget, width: int) -> None:
    """As with the pointer: what folds away makes room for the next step."""
    for _ in range(4):
        window.resize(width, 800)
        QTest.qWait(5)
    assert window.width() == width


# the sidebar


@pytest.fixture
def columns(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet) -> Columns:
    made = Columns(Sidebar(themes["light"], icons), QWidget(), QWidget())
    qtbot.addWidget(made)
    return made


def seen(columns: Columns, width: int) -> Sidebar:
    """The sidebar in a window of this width: over the chat, where there is no room beside it."""
    columns.cover_no_more()
    columns.show()
    draw_to(columns, width)
    sidebar = columns._sidebar
    if not sidebar.isVisible():
        columns.toggle_sidebar()
    QTest.qWait(5)
    assert sidebar.isVisible()
    return sidebar


def room_for_text(button: QPushButton) -> int:
    option = QStyleOptionButton()
    button.initStyleOption(option)
    element = QStyle.SubElement.SE_PushButtonContents
    inside = button.style().subElementRect(element, option, button)
    return inside.width() - button.iconSize().width()


def cut(sidebar: Sidebar) -> list[str]:
    """The texts of head and foot that have too little room, and what reaches beyond."""
    columns = sidebar.parentWidget()
    parts = [each for each in sidebar.findChildren(QWidget) if each.isVisible()]
    found = [f"all of it: {sidebar.width()}"] if sidebar.width() > columns.width() else []
    for part in parts:
        left = part.mapTo(sidebar, part.rect().topLeft()).x()
        if left < 0 or left + part.width() > sidebar.width():
            found.append(f"{part.objectName()} beyond the column")
        if isinstance(part, QPushButton):
            wanted, room = part.fontMetrics().horizontalAdvance(part.text()), room_for_text(part)
            found += [f"{part.text()}: {wanted} in {room}"] if wanted > room else []
        if isinstance(part, QLineEdit):
            wanted = part.fontMetrics().horizontalAdvance(part.placeholderText())
            icons = sum(each.width() for each in part.findChildren(QToolButton) if each.isVisible())
            room = part.width() - icons - 2 * 8 - 2
            found += [f"{part.placeholderText()}: {wanted} in {room}"] if wanted > room else []
    return found


def test_every_text_of_the_sidebar_has_its_room(
    language: str, qapp: QApplication, columns: Columns, themes: dict[str, Theme]
) -> None:
    assert spoken().language == language
    assert columns._sidebar.head.new_button.text() == tr("New chat")
    for worn in SIZES:
        wear(qapp, themes["light"], worn)
        for width in (NARROW, WIDE * 2):
            assert cut(seen(columns, width)) == [], (worn, width)


def test_a_longer_text_makes_the_sidebar_wider_and_never_wider_than_the_window(
    columns: Columns,
) -> None:
    beside = seen(columns, WIDE)
    usual = beside.width()
    beside.head.new_button.setText(LONG)
    QTest.qWait(5)
    assert cut(beside) == []
    assert usual < beside.width() < WIDE
    over = seen(columns, NARROW)
    assert over.width() <= NARROW
    beside.head.new_button.setText(LONG * 2)
    QTest.qWait(5)
    assert over.width() == NARROW


# the catalogue's table


def narrow_columns(table: ModelTable) -> list[str]:
    """What is wider than its column, but for the names and licences, which are elided."""
    found = []
    header = table.horizontalHeader()
    icon = metrics().side(ICON) + BESIDE_ICON
    for place in Place:
        if table.isColumnHidden(place):
            continue
        width = table.columnWidth(place)
        title = str(table.model().headerData(place, header.orientation()))
        arrow = BESIDE_ARROW + metrics().side(ARROW)
        needed = header.fontMetrics().horizontalAdvance(title) + arrow + PADDING
        found += [f"{title}: {needed} in {width}"] if needed > width else []
        if place in (Place.MODEL, Place.LICENCE):
            continue
        rows = range(table.model().rowCount())
        texts = {str(table.model().index(row, place).data()) for row in rows}
        texts |= set(offer_words()) if place is Place.FIT else set()
        room = width - 2 * PADDING - (icon if place is Place.FIT else 0)
        for text in texts:
            wanted = table.fontMetrics().horizontalAdvance(text)
            found += [f"{text}: {wanted} in {room}"] if wanted > room else []
    return found


def test_every_text_of_the_table_has_its_room(
    language: str, qapp: QApplication, qtbot: QtBot, themes: dict[str, Theme], icons: IconSet
) -> None:
    visitor = Visitor(themes["light"], icons)
    qtbot.addWidget(visitor.page)
    visitor.page.take(Offered(OFFERS, OFFERS[0]))
    visitor.page.catalogue.weights.choice_made.emit("any")
    table = visitor.page.catalogue.table
    for worn in SIZES:
        wear(qapp, themes["light"], worn)
        visitor.page.set_theme(themes["light"], icons)
        for width in (NARROW, MIDDLING, WIDE):
            draw_to(visitor.page, width)
            where = (language, worn, width)
            assert narrow_columns(table) == [], where
            assert visitor.page.catalogue.width() <= width, where
            shown = [place for place in Place if not table.isColumnHidden(place)]
            assert sum(map(table.columnWidth, shown)) == table.viewport().width(), where
            least = metrics().side(180)
            assert table.columnWidth(Place.MODEL) >= min(least, table.width()), where


# lines that are read from the right


def last_inked(image: QImage, area: QRect) -> int:
    """The column of the area, counted from its left, that is the last with something in it."""
    ground = image.pixel(0, image.height() - 1)
    rows = range(area.top(), area.bottom())
    columns = range(area.right(), area.left(), -1)
    return next(x for x in columns if any(image.pixel(x, y) != ground for y in rows))


def test_lines_from_the_right_begin_below_each_other_and_are_not_cut(
    qapp: QApplication, qtbot: QtBot, themes: dict[str, Theme], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LANGUAGE, "ar")
    use_language(qapp, CATALOGUES, "ar")
    wear(qapp, themes["light"], Metrics(200))
    label = WrappedLabel(tr("Nothing was sent or fetched since Cellar started."))
    qtbot.addWidget(label)
    label.show()
    blank = label.fontMetrics().horizontalAdvance(" ")
    for width in range(160, 480, 20):
        label.resize(width, label.heightForWidth(width))
        lines = label.lines(width)
        assert lines.lineCount() > 1
        assert lines.boundingRect().height() <= label.height()
        image = label.grab().toImage()
        for number in range(lines.lineCount()):
            line = lines.lineAt(number)
            assert line.naturalTextWidth() <= width
            area = line.rect().toRect()
            area.setWidth(width)
            assert last_inked(image, area) >= width - blank // 2, (width, number)
