"""A model in several weight formats: side by side on the page, switched beside the chat."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from desktop.domain.model import Model, Quality
from desktop.engine.fake import FAKE_MODEL, FakeLibrary
from desktop.services.chat.commands import ChooseModel
from desktop.services.chat.notices import ModelsListed
from desktop.services.house.commands import SaveSetting
from desktop.services.shelf import commands
from desktop.services.shelf.notices import Removed, Shelved
from desktop.ui.icons import IconSet
from desktop.ui.library.family_card import FamilyCard
from desktop.ui.theme import Theme
from tests.gui.desk import Open
from tests.gui.hand_fed import HandFed
from tests.gui.models_page_fakes import (
    GB,
    MIDDLE,
    OFFERED,
    STARTER,
    Visitor,
    click,
    model,
    shown_texts,
)

FULL = model("Middle 4B", 8 * GB, "fp16")
INT8 = model("Middle 4B", 4 * GB, "int8", quality=Quality(0.0011, 12.13, 12.11))
INT4 = model("Middle 4B", 2_400_000_000, "int4")
SIZES = "FP16 8.0 GB\nINT4 2.4 GB, 30 % of FP16"


@pytest.fixture
def visitor(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet) -> Iterator[Visitor]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    visitor = Visitor(themes["light"], icons)
    qtbot.addWidget(visitor.page)
    qtbot.waitExposed(visitor.page)
    yield visitor
    QLocale.setDefault(before)


def cards(visitor: Visitor) -> list[FamilyCard]:
    return visitor.page.installed.cards()


# the page


def test_the_formats_of_a_model_stand_together_with_their_sizes_and_ratios(
    visitor: Visitor,
) -> None:
    visitor.page.take(Shelved((FULL, INT4, INT8, STARTER)))
    middle, starter = cards(visitor)
    assert middle.head_texts() == [
        "Middle 4B",
        "3 weight formats, 14.4 GB · reads up to 8,192 tokens",
    ]
    assert [row.texts() for row in middle.rows()] == [
        ["INT4", "2.4 GB · 30 % of FP16"],
        [
            "INT8",
            "4.0 GB · 50 % of FP16",
            "Differs by 0.0011 nats from FP16 · perplexity 12.1, FP16 12.1",
        ],
        ["FP16", "8.0 GB"],
    ]
    assert starter.head_texts() == []
    assert "2 models, 14.5 GB" in shown_texts(visitor.page.installed)


def test_each_format_can_be_used_and_removed_by_its_whole_name(visitor: Visitor) -> None:
    visitor.page.take(Shelved((FULL, INT4)))
    small, full = visitor.page.installed.rows()
    assert small.use.accessibleName() == "Use Middle 4B · INT4"
    visitor.page.set_current_model(FULL.id)
    assert not full.use.isEnabled()
    click(small.use)
    assert visitor.chosen == [INT4.id]
    click(full.remove)
    assert visitor.asked == [commands.Remove(FULL.id)]


def test_a_format_that_joins_keeps_the_row_of_the_other(visitor: Visitor) -> None:
    visitor.page.take(Shelved((INT4,)))
    (row,) = visitor.page.installed.rows()
    assert row.texts()[0] == "Middle 4B · INT4"
    visitor.page.take(Shelved((FULL, INT4)))
    assert visitor.page.installed.rows()[0] is row
    assert row.texts() == ["INT4", "2.4 GB · 30 % of FP16"]
    visitor.page.take(Shelved((INT4,)))
    assert row.texts() == ["Middle 4B · INT4", "2.4 GB · reads up to 8,192 tokens"]


def test_a_format_that_was_removed_comes_back_from_below_its_model(
    visitor: Visitor, qtbot: QtBot
) -> None:
    visitor.page.take(Shelved((FULL, INT4, STARTER)))
    visitor.page.take(Removed(INT4))
    visitor.page.take(Shelved((FULL, STARTER)))
    listed = visitor.page.installed
    texts = shown_texts(listed)
    assert "Middle 4B · INT4 is removed. 2.4 GB will be free." in texts
    middle, starter = cards(visitor)
    undo = listed._undo
    qtbot.waitUntil(lambda: middle.y() < undo.y() < starter.y())
    visitor.page.take(Shelved((FULL, INT4, STARTER)))
    assert not undo.isVisible()
    assert [row.model for row in cards(visitor)[0].rows()] == [INT4, FULL]


def test_what_is_made_of_fp16_weights_that_are_here_needs_no_download(visitor: Visitor) -> None:
    visitor.page.take(OFFERED)
    catalogue = visitor.page.catalogue
    catalogue.table.selectRow(catalogue.model.row_of((MIDDLE.id, "int4")))
    texts = catalogue.details.formats[1].texts()
    assert texts[0] == "INT8"
    assert "4.0 GB to download" in texts[1]
    visitor.page.take(Shelved((replace(FULL, entry=MIDDLE.id),)))
    texts = catalogue.details.formats[1].texts()
    assert "to download" not in texts[1]
    assert "compressed here from FP16" in texts[1]
    assert catalogue.details.formats[1].get.text() == "Get it"
    assert catalogue.details.formats[0].get.text() == "Get it (2.4 GB)"  # there is a ready one


# the switch


def switch(fed: HandFed) -> QCheckBox:
    found = fed.window.findChild(QCheckBox, "compressedWeights")
    assert isinstance(found, QCheckBox)
    return found


def listed(fed: HandFed, current: Model | None, *models: Model) -> None:
    fed.tell(ModelsListed(models, current))


def chosen(fed: HandFed) -> list[str]:
    return [asked.model_id for asked in fed.chat.asked if isinstance(asked, ChooseModel)]


def test_the_switch_is_there_when_there_is_something_to_switch_between(fed: HandFed) -> None:
    for current, models in (
        (None, ()),
        (FULL, (FULL, STARTER)),
        (INT4, (INT4, INT8)),
        (STARTER, (FULL, INT4, STARTER)),
    ):
        listed(fed, current, *models)
        assert not switch(fed).isVisible()
    listed(fed, FULL, FULL, INT4)
    assert switch(fed).isVisible()
    assert switch(fed).accessibleName() == "Use compressed weights"
    assert not switch(fed).isChecked()
    assert switch(fed).accessibleDescription() == SIZES
    assert "30 % of FP16" in switch(fed).toolTip()


def test_it_switches_there_and_back(fed: HandFed) -> None:
    listed(fed, FULL, FULL, INT4)
    click(switch(fed))
    assert chosen(fed) == [INT4.id]
    listed(fed, INT4, FULL, INT4)
    assert switch(fed).isChecked()
    click(switch(fed))
    assert chosen(fed) == [INT4.id, FULL.id]


def test_it_goes_back_to_the_compressed_one_that_was_used_last(fed: HandFed) -> None:
    listed(fed, INT8, FULL, INT4, INT8)
    listed(fed, FULL, FULL, INT4, INT8)
    click(switch(fed))
    assert chosen(fed) == [INT8.id]
    listed(fed, INT4, FULL, INT4, INT8)
    listed(fed, FULL, FULL, INT4, INT8)
    click(switch(fed))
    assert chosen(fed) == [INT8.id, INT4.id]


def test_which_was_used_last_is_kept(fed: HandFed) -> None:
    other = replace(INT8, id="other-int8")
    listed(fed, other, replace(FULL, id="other-fp16"), other)
    listed(fed, INT8, FULL, INT4, INT8)
    assert fed.settings.names("compressed_weights") == (other.id, INT8.id)
    assert SaveSetting("compressed_weights") in fed.house.asked


def test_the_list_of_models_tells_what_is_in_use_whatever_was_clicked(fed: HandFed) -> None:
    listed(fed, FULL, FULL, INT4)
    click(switch(fed))
    listed(fed, FULL, FULL, INT4)  # it could not be loaded
    assert not switch(fed).isChecked()


def test_the_chat_goes_on_with_the_other_weights(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = tuple(replace(FAKE_MODEL, id=f"fake-{w}", weights=w) for w in ("fp16", "int4"))
    monkeypatch.setattr(FakeLibrary, "installed", lambda _: both)
    desk = open_window()
    desk.until(lambda: "Fake model · FP16 · CPU" in desk.status)
    desk.click(QCheckBox, "compressedWeights")
    desk.until(lambda: "Fake model · INT4 · CPU" in desk.status)
    desk.say("Hello")
    desk.until_answered()
    assert desk.window.pane.model_picker.current() == "fake-int4"
    desk.click(QCheckBox, "compressedWeights")
    desk.until(lambda: "Fake model · FP16 · CPU" in desk.status)


@pytest.mark.parametrize(
    ("width", "words"),
    [(1600, "Use compressed weights"), (1280, "Compressed"), (480, "INT4")],
)
def test_it_takes_as_many_words_as_there_is_room_for(fed: HandFed, width: int, words: str) -> None:
    listed(fed, FULL, FULL, INT4)
    fed.window.resize(width, 700)
    fed.until(lambda: switch(fed).text() == words)
    pane = fed.window.pane
    fed.until(lambda: switch(fed).width() >= switch(fed).sizeHint().width())
    assert switch(fed).geometry().right() < pane.device_picker.geometry().left()
    assert pane.panel_button.geometry().right() <= pane.width()


def test_in_the_narrowest_window_the_picker_is_enough(fed: HandFed) -> None:
    listed(fed, FULL, FULL, INT4)
    fed.window.resize(420, 700)
    fed.until(lambda: not switch(fed).isVisible())
    fed.window.resize(800, 700)
    fed.until(lambda: switch(fed).isVisible())
