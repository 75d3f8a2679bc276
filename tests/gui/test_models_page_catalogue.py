"""The catalogue on the models page: filters, order, details, access, keys, and a thousand rows."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.fit import Verdict
from desktop.services.shelf import commands
from desktop.services.shelf.notices import (
    JobsChanged,
    Offered,
    Shelved,
)
from desktop.ui.library.catalogue_view import CatalogueView
from desktop.ui.library.model_table import ModelTable
from desktop.ui.library.offer_columns import Place
from desktop.ui.library.parts import LinkButton
from tests.gui.models_page_fakes import (
    APACHE,
    GATED,
    HUGE,
    MIDDLE,
    OFFERED,
    SMALL,
    Visitor,
    choose_weights,
    click,
    column,
    downloading,
    entry,
    model,
    names,
    offer,
    open_model,
    settle,
    shown_texts,
)


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    models_page.page.take(OFFERED)
    return models_page


@pytest.fixture
def catalogue(visitor: Visitor) -> CatalogueView:
    return visitor.page.catalogue


@pytest.fixture
def table(catalogue: CatalogueView) -> ModelTable:
    return catalogue.table


# filters and order


def test_the_best_comes_first_then_what_fits_then_the_rest(table: ModelTable) -> None:
    assert table.objectName() == "modelTable"
    assert names(table) == ["Middle 4B", "Llama 3B", "Small 1B", "Large 8B", "Huge 70B"]
    assert column(table, Place.FIT) == ["Best here", "Fits", "Fits", "Tight", "Does not fit"]


def test_a_row_tells_everything_in_words(table: ModelTable) -> None:
    row = [str(table.model().index(2, place).data()) for place in Place]
    assert row == [
        "Small 1B",
        "1B",
        "INT4",
        "600.0 MB",
        "720.0 MB",
        "≈ 67",
        "Fits",
        "Apache-2.0",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("small", ["Small 1B"]),
        ("SMALL 1b", ["Small 1B"]),
        ("french", ["Llama 3B"]),
        ("apache", ["Middle 4B", "Small 1B", "Large 8B", "Huge 70B"]),
        ("thinking", ["Middle 4B"]),
        ("gated", ["Llama 3B"]),
        ("small large", []),
    ],
)
def test_the_text_filter_finds_by_many_facts(
    catalogue: CatalogueView, table: ModelTable, text: str, found: list[str]
) -> None:
    QTest.keyClicks(catalogue.search, text)
    assert names(table) == found


def test_only_what_fits(catalogue: CatalogueView, table: ModelTable) -> None:
    catalogue.only_fitting.setChecked(True)
    assert names(table) == ["Middle 4B", "Llama 3B", "Small 1B", "Large 8B"]


def test_what_cannot_be_had_yet_is_last_and_does_not_fit(
    visitor: Visitor, catalogue: CatalogueView, table: ModelTable
) -> None:
    visitor.page.take(Offered((offer(SMALL, how=""), offer(HUGE, verdict=Verdict.NO)), None))
    assert column(table, Place.FIT) == ["Does not fit", "Not yet"]
    catalogue.only_fitting.setChecked(True)
    assert not table.isVisible()


def test_weight_formats_are_chosen(catalogue: CatalogueView, table: ModelTable) -> None:
    assert set(column(table, Place.WEIGHTS)) == {"INT4"}
    choose_weights(catalogue, "fp16")
    assert set(column(table, Place.WEIGHTS)) == {"FP16"}
    choose_weights(catalogue, "any")
    assert table.model().rowCount() == 15


def test_an_empty_result_says_so_and_offers_the_way_out(
    catalogue: CatalogueView, table: ModelTable
) -> None:
    catalogue.only_fitting.setChecked(True)
    QTest.keyClicks(catalogue.search, "nothing like this")
    assert not table.isVisible()
    assert "No model in the catalogue matches." in shown_texts(catalogue)
    click(catalogue.everything)
    assert table.model().rowCount() == 15
    assert not catalogue.everything.isVisible()


def test_escape_in_the_search_field_empties_it_first(
    visitor: Visitor, catalogue: CatalogueView
) -> None:
    catalogue.search.setFocus()
    QTest.keyClicks(catalogue.search, "abc")
    QTest.keyClick(catalogue.search, Qt.Key.Key_Escape)
    assert catalogue.search.text() == ""
    assert visitor.closed == 0


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [
        (Place.MODEL, "Huge 70B", "Small 1B"),
        (Place.PARAMETERS, "Small 1B", "Huge 70B"),
        (Place.DOWNLOAD, "Small 1B", "Huge 70B"),
        (Place.SPEED, "Huge 70B", "Small 1B"),
        (Place.LICENCE, "Huge 70B", "Llama 3B"),
    ],
)
def test_columns_sort_by_what_they_mean(
    table: ModelTable, place: Place, first: str, last: str
) -> None:
    header = table.horizontalHeader()
    middle = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
    spot = header.viewport().rect().center()
    spot.setX(middle)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (names(table)[0], names(table)[-1]) == (first, last)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert names(table)[0] == (last if place is not Place.LICENCE else "Llama 3B")


def test_columns_sort_by_the_keys(table: ModelTable) -> None:
    header = table.horizontalHeader()
    header.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(header, Qt.Key.Key_Right)
    QTest.keyClick(header, Qt.Key.Key_Space)
    assert names(table)[0] == "Small 1B"
    QTest.keyClick(header, Qt.Key.Key_Return)
    assert names(table)[0] == "Huge 70B"


def test_lesser_columns_give_way(visitor: Visitor, table: ModelTable) -> None:
    def shown() -> list[Place]:
        settle()
        return [place for place in Place if not table.isColumnHidden(place)]

    assert shown() == list(Place)
    visitor.page.resize(760, 700)
    assert Place.LICENCE not in shown()
    assert Place.DOWNLOAD in shown()
    visitor.page.resize(420, 420)
    assert shown() == [Place.MODEL, Place.FIT]
    visitor.page.resize(1000, 700)
    assert shown() == list(Place)


# details


def test_a_row_opens_with_all_weight_formats(visitor: Visitor) -> None:
    formats = open_model(visitor, MIDDLE.id)
    assert list(formats) == ["INT4", "INT8", "FP16"]
    texts = visitor.page.catalogue.details.texts()
    assert texts[0] == "Middle 4B is good at something."
    for fact in ("4B parameters", "32,768 tokens", "dozens of languages", "thinks before"):
        assert fact in texts[1]
    assert "compressed here from FP16" in formats["INT8"].texts()[1]
    click(formats["INT8"].get)
    assert visitor.asked == [commands.Get(MIDDLE.id, "int8")]


def test_what_does_not_fit_cannot_be_got_and_says_why(visitor: Visitor) -> None:
    formats = open_model(visitor, HUGE.id)
    assert not formats["INT4"].get.isEnabled()
    assert formats["INT4"].texts()[2] == "It needs some memory, and there is some."
    assert formats["INT4"].get.accessibleDescription() == formats["INT4"].texts()[2]


def test_what_is_here_or_on_its_way_is_not_got_again(visitor: Visitor) -> None:
    formats = open_model(visitor, SMALL.id)
    visitor.page.take(JobsChanged((downloading(1, name="Small 1B · INT8"),)))
    assert formats["INT8"].get.text() == "On its way"
    assert not formats["INT8"].get.isEnabled()
    visitor.page.take(Shelved((model("Small 1B", 10),)))
    assert formats["INT4"].get.text() == "Use it"
    click(formats["INT4"].get)
    assert visitor.chosen == ["small-1b-int4"]
    assert "Installed" in column(visitor.page.catalogue.table, Place.FIT)


def test_details_lie_in_their_row_and_the_table_is_as_high_as_its_rows(
    visitor: Visitor, table: ModelTable
) -> None:
    closed = table.height()
    open_model(visitor, SMALL.id)
    details = visitor.page.catalogue.details
    row = visitor.page.catalogue.model.row_of((SMALL.id, "int4"))
    assert details.y() >= table.rowViewportPosition(row)
    assert details.y() + details.height() <= table.rowViewportPosition(row) + table.rowHeight(row)
    assert table.height() > closed + details.height() // 2
    assert table.verticalScrollBar().maximum() == 0
    table.close_details()
    settle()
    assert not details.isVisible()
    assert table.height() == closed


def test_a_click_opens_and_another_closes(visitor: Visitor, table: ModelTable) -> None:
    spot = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert visitor.page.catalogue.details.isVisible()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not visitor.page.catalogue.details.isVisible()


def test_a_click_into_the_details_closes_nothing(visitor: Visitor) -> None:
    open_model(visitor, SMALL.id)
    click(visitor.page.catalogue.details)
    assert visitor.page.catalogue.details.isVisible()


def test_keys_open_enter_and_close(visitor: Visitor, table: ModelTable) -> None:
    details = visitor.page.catalogue.details
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert details.isVisible()
    QTest.keyClick(table, Qt.Key.Key_Down)
    opened = table.open_offer()
    assert opened is not None
    assert opened.entry == GATED
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert details.formats[0].get.hasFocus()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert not details.isVisible()
    assert visitor.closed == 0
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert visitor.closed == 1


def test_tab_goes_from_the_filters_through_the_head_and_the_table_into_the_details(
    visitor: Visitor, catalogue: CatalogueView, table: ModelTable
) -> None:
    formats = open_model(visitor, SMALL.id)
    catalogue.only_fitting.setFocus()
    for expected in (table.horizontalHeader(), table, *(row.get for row in formats.values())):
        QTest.keyClick(visitor.page.focusWidget(), Qt.Key.Key_Tab)
        assert visitor.page.focusWidget() is expected


def test_an_open_row_stays_open_when_the_catalogue_is_renewed(
    visitor: Visitor, catalogue: CatalogueView, table: ModelTable
) -> None:
    open_model(visitor, SMALL.id)
    renewed = tuple(replace(each, reason="Now it is different.") for each in OFFERED.offers)
    visitor.page.take(Offered(renewed, None))
    QTest.keyClicks(catalogue.search, "sm")
    opened = table.open_offer()
    assert opened is not None
    assert opened.entry == SMALL
    assert "Now it is different." in catalogue.details.formats[0].texts()[2]
    QTest.keyClicks(catalogue.search, "zzz")
    assert table.open_offer() is None


def test_an_open_row_is_brought_into_sight_and_the_head_stays(
    visitor: Visitor, table: ModelTable
) -> None:
    visitor.page.resize(800, 500)
    settle()
    open_model(visitor, HUGE.id)
    scroller = visitor.page.scroller
    row = visitor.page.catalogue.model.row_of((HUGE.id, "int4"))
    header = table.horizontalHeader()
    row_top = scroller.top_of(table) + header.height() + table.rowViewportPosition(row)
    head_top = scroller.top_of(header)
    assert 0 <= head_top <= 40
    assert head_top + header.height() <= row_top < scroller.viewport().height() // 2


def test_licence_and_sources_are_links_and_say_what_was_not_verified(visitor: Visitor) -> None:
    open_model(visitor, SMALL.id)
    details = visitor.page.catalogue.details
    texts = shown_texts(details)
    assert "OpenVINO INT4" in texts
    assert "OpenVINO FP16, can be compressed here · name not verified" in texts
    for name in ("Apache-2.0", "owner/small-1b-int4", "The model’s page"):
        links = details.findChildren(LinkButton)
        click(next(link for link in links if link.text() == name and link.isVisible()))
    assert visitor.links == [
        SMALL.licence.url,
        "https://huggingface.co/owner/small-1b-int4",
        SMALL.homepage,
    ]


def test_markup_in_the_catalogue_is_shown_as_it_is(visitor: Visitor) -> None:
    evil = entry("<b>Evil</b>", 1.0, summary="<img src=x>", languages=("en",))
    visitor.page.take(Offered((offer(evil),), offer(evil)))
    open_model(visitor, evil.id)
    assert "<img src=x>" in visitor.page.catalogue.details.texts()
    tip = str(visitor.page.catalogue.table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;img" in tip


# a thousand rows


def test_a_thousand_models_stay_fluid(visitor: Visitor, catalogue: CatalogueView) -> None:
    many = [entry(f"Model {number}", number / 100) for number in range(1, 1001)]
    offers = tuple(offer(each, w) for each in many for w in ("int4", "int8", "fp16"))
    choose_weights(catalogue, "any")
    children = len(catalogue.findChildren(QLineEdit))
    gaps = []

    def measured(started: float) -> None:
        settle()
        visitor.page.grab()
        gaps.append(time.perf_counter() - started)

    started = time.perf_counter()
    visitor.page.take(Offered(offers, offers[0]))
    measured(started)
    assert catalogue.table.model().rowCount() == 3000
    started = time.perf_counter()
    catalogue.table.sortByColumn(Place.MODEL, Qt.SortOrder.DescendingOrder)
    measured(started)
    started = time.perf_counter()
    catalogue.search.setText("99")
    measured(started)
    started = time.perf_counter()
    catalogue.table.selectRow(20)
    measured(started)
    assert max(gaps) < 1.0  # some 50 ms each on a quiet machine
    assert len(catalogue.findChildren(QLineEdit)) == children


def test_the_older_chatbots_are_found_and_tell_what_they_are(visitor: Visitor) -> None:
    classic = entry("Old Bot", 1.0, speciality="classic", licence=replace(APACHE, notice="By me."))
    visitor.page.take(Offered((offer(SMALL), offer(classic)), None))
    visitor.page.catalogue.search.setText("classic")
    assert names(visitor.page.catalogue.table) == ["Old Bot"]
    open_model(visitor, classic.id)
    texts = visitor.page.catalogue.details.texts()
    assert any("an older chatbot" in text for text in texts)
    assert "By me." in texts
