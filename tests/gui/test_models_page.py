"""The models page: what is recommended, on its way and installed, and what it asks for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from desktop.domain.events import Stage
from desktop.services.shelf import commands
from desktop.services.shelf.notices import (
    Job,
    JobsChanged,
    JobState,
    ModelReady,
    Removed,
    ShelfNotice,
    ShelfTrouble,
    Shelved,
    Verified,
)
from desktop.ui.icons import IconSet
from desktop.ui.library.family_card import FamilyCard
from desktop.ui.library.installed_row import InstalledRow
from desktop.ui.library.job_list import JobRow
from desktop.ui.theme import Theme
from tests.gui.models_page_fakes import (
    COMPRESSED,
    MIDDLE,
    OFFERED,
    STARTER,
    Visitor,
    click,
    downloading,
    model,
    settle,
    shown_texts,
)


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    return models_page


def rows(visitor: Visitor) -> list[JobRow]:
    return visitor.page.jobs.rows()


def installed(visitor: Visitor, name: str) -> InstalledRow:
    return next(r for r in visitor.page.installed.rows() if r.model.name == name)


# recommendation


def test_the_best_model_is_recommended_with_all_that_it_takes(visitor: Visitor) -> None:
    visitor.page.take(OFFERED)
    card = visitor.page.recommendation
    assert card.isVisible()
    texts = shown_texts(card)
    for text in (
        "Middle 4B · INT4",
        "Middle 4B is good at something.",
        "It needs some memory, and there is some.",
        "2.4 GB",
        "2.9 GB",
        "≈ 17 tokens/s",
        "Apache-2.0",
        "Get it (2.4 GB)",
    ):
        assert text in texts
    click(card.get)
    assert visitor.asked == [commands.Get(MIDDLE.id, "int4")]


def test_the_recommendation_goes_when_it_is_on_its_way_or_here(visitor: Visitor) -> None:
    visitor.page.take(OFFERED)
    visitor.page.take(JobsChanged((downloading(1, name="Middle 4B · INT4"),)))
    assert not visitor.page.recommendation.isVisible()
    visitor.page.take(JobsChanged(()))
    assert visitor.page.recommendation.isVisible()
    visitor.page.take(Shelved((model("Middle 4B", 10),)))
    assert not visitor.page.recommendation.isVisible()


def test_another_weight_format_of_it_leaves_the_recommendation(visitor: Visitor) -> None:
    visitor.page.take(OFFERED)
    visitor.page.take(Shelved((COMPRESSED,)))
    assert visitor.page.recommendation.isVisible()


# jobs


def test_a_job_shows_how_far_it_is(visitor: Visitor) -> None:
    visitor.page.take(JobsChanged((downloading(1_150_000_000),)))
    bar = visitor.page.findChild(QProgressBar, "downloadProgress")
    assert isinstance(bar, QProgressBar)
    assert bar.value() / bar.maximum() == pytest.approx(0.25)
    assert rows(visitor)[0].state_text().startswith("Downloading 1.1 of 4.6 GB")
    visitor.page.take(JobsChanged((downloading(2_300_000_000),)))
    assert bar.value() / bar.maximum() == pytest.approx(0.5)
    visitor.page.take(JobsChanged((Job("job-1", "Small", JobState.RUNNING, Stage("starting")),)))
    assert bar.maximum() == 0  # nobody knows


def test_updates_change_the_words_and_nothing_else(visitor: Visitor) -> None:
    visitor.page.take(OFFERED)
    visitor.page.take(Shelved((STARTER,)))
    visitor.page.take(JobsChanged((downloading(1_000_000),)))
    settle()
    page = visitor.page
    parts: list[QWidget] = [page.jobs, page.recommendation, page.installed, page.catalogue]
    parts += rows(visitor)[0].findChildren(QWidget)
    before = [part.geometry() for part in parts]
    for done in range(0, 4_600_000_000, 400_000_000):
        page.take(JobsChanged((downloading(done),)))
        settle()
        assert [part.geometry() for part in parts] == before


def test_pause_resume_cancel(visitor: Visitor) -> None:
    job = downloading(1_000_000)
    visitor.page.take(JobsChanged((job,)))
    row = rows(visitor)[0]
    assert row.switch.text() == "Pause"
    click(row.switch)
    visitor.page.take(JobsChanged((replace(job, state=JobState.PAUSED),)))
    assert row.switch.text() == "Resume"
    assert row.switch.accessibleName() == "Resume: Small 1B · INT4"
    click(row.switch)
    cancel = visitor.page.findChild(QPushButton, "cancelJobButton")
    assert isinstance(cancel, QPushButton)
    click(cancel)
    assert visitor.asked == [
        commands.Pause("job-1"),
        commands.Resume("job-1"),
        commands.Cancel("job-1"),
    ]


def test_a_failed_job_says_why_and_can_be_tried_again(visitor: Visitor) -> None:
    problem = "The <b>disk</b> is full. Make room."
    job = replace(downloading(1_000_000), state=JobState.FAILED, problem=problem)
    visitor.page.take(JobsChanged((job,)))
    row = rows(visitor)[0]
    labels = {label.text(): label for label in row.findChildren(QLabel) if label.isVisible()}
    assert labels[problem].textFormat() is Qt.TextFormat.PlainText
    assert not row.bar.isVisible()
    assert row.switch.text() == "Try again"
    click(row.switch)
    assert visitor.asked == [commands.Resume("job-1")]


def test_rows_keep_their_focus_while_others_come_and_go(visitor: Visitor) -> None:
    first, second = downloading(1), downloading(1, "job-2", "Large 8B · INT4")
    visitor.page.take(JobsChanged((first, second)))
    kept = rows(visitor)[1]
    kept.cancel.setFocus()
    visitor.page.take(JobsChanged((second, replace(first, id="job-3"))))
    assert rows(visitor)[0] is kept
    assert kept.cancel.hasFocus()


def test_the_running_job_has_the_names_that_are_known_outside(visitor: Visitor) -> None:
    waiting = replace(downloading(0, "job-1"), state=JobState.WAITING)
    running = downloading(1, "job-2", "Large 8B · INT4")
    visitor.page.take(JobsChanged((waiting, running)))
    assert rows(visitor)[1].bar.objectName() == "downloadProgress"
    assert rows(visitor)[1].cancel.objectName() == "cancelJobButton"
    visitor.page.take(JobsChanged((waiting,)))
    assert rows(visitor)[0].bar.objectName() == "downloadProgress"


def test_the_jobs_take_no_room_when_there_are_none(visitor: Visitor) -> None:
    visitor.page.take(JobsChanged((downloading(1),)))
    assert visitor.page.jobs.isVisible()
    visitor.page.take(JobsChanged(()))
    assert not visitor.page.jobs.isVisible()


# installed models


def test_installed_models_tell_size_ratio_and_quality(visitor: Visitor) -> None:
    visitor.page.take(Shelved((STARTER, COMPRESSED)))
    assert installed(visitor, "Middle 4B").texts() == [
        "Middle 4B · INT8",
        "2.0 GB · 25 % of FP16 · reads up to 8,192 tokens",
        "Differs by 0.03 nats from FP16 · perplexity 12.4, FP16 12.1",
    ]
    assert len(installed(visitor, "Starter").texts()) == 2
    assert "2 models, 2.1 GB" in shown_texts(visitor.page.installed)


def test_models_stand_in_the_order_that_is_told(visitor: Visitor) -> None:
    other = model("Other", 10)
    for models in ((STARTER,), (COMPRESSED, STARTER, other), (other, STARTER)):
        visitor.page.take(Shelved(models))
        settle()
        shown = visitor.page.installed.findChildren(FamilyCard)
        seen = sorted((card for card in shown if card.isVisible()), key=lambda card: card.y())
        assert tuple(row.model for card in seen for row in card.rows()) == models


def test_a_model_can_be_chosen_and_the_current_one_need_not(visitor: Visitor) -> None:
    visitor.page.take(Shelved((STARTER, COMPRESSED)))
    visitor.page.set_current_model(STARTER.id)
    assert installed(visitor, "Starter").use.text() == "In use"
    assert not installed(visitor, "Starter").use.isEnabled()
    click(installed(visitor, "Middle 4B").use)
    assert visitor.chosen == [COMPRESSED.id]


def test_checking_files_ends_with_a_word_in_place(visitor: Visitor) -> None:
    visitor.page.take(Shelved((STARTER,)))
    row = installed(visitor, "Starter")
    click(row.check)
    assert visitor.asked == [commands.Verify(STARTER.id)]
    assert not row.check.isEnabled()
    visitor.page.take(Verified(STARTER))
    assert row.texts()[-1] == "Checked: every file is as it was installed."
    click(row.check)
    visitor.page.take(Verified(STARTER, "openvino_model.bin is damaged. Install it again."))
    assert row.texts()[-1] == "openvino_model.bin is damaged. Install it again."
    assert row.check.isEnabled()


def test_what_was_refused_can_be_asked_for_again(visitor: Visitor) -> None:
    visitor.page.take(Shelved((STARTER,)))
    row = installed(visitor, "Starter")
    click(row.remove)
    visitor.page.take(ShelfTrouble("The model is in use.", "Choose another one first."))
    assert row.remove.isEnabled()
    banners = visitor.page.banners.banners()
    assert [banner.text() for banner in banners] == [
        "The model is in use. Choose another one first."
    ]


@pytest.mark.parametrize("removed_first", [True, False])
def test_a_removed_model_can_be_brought_back_from_its_place(
    visitor: Visitor, removed_first: bool
) -> None:
    other = model("Other", 10)
    visitor.page.take(Shelved((STARTER, COMPRESSED, other)))
    click(installed(visitor, "Middle 4B").remove)
    assert visitor.asked == [commands.Remove(COMPRESSED.id)]
    told: list[ShelfNotice] = [Removed(COMPRESSED), Shelved((STARTER, other))]
    for notice in told if removed_first else reversed(told):
        visitor.page.take(notice)
    settle()
    line = "Middle 4B · INT8 is removed. 2.0 GB will be free."
    assert line in shown_texts(visitor.page.installed)
    undo = visitor.page.installed.findChild(QPushButton, "bannerAction_undo")
    assert isinstance(undo, QPushButton)
    tops = [
        part.mapTo(visitor.page, QPoint()).y()
        for part in (installed(visitor, "Starter"), undo, installed(visitor, "Other"))
    ]
    assert tops == sorted(tops)
    click(undo)
    assert visitor.asked[-1] == commands.UndoRemove()
    visitor.page.take(Shelved((STARTER, COMPRESSED, other)))
    assert [row.model for row in visitor.page.installed.rows()] == [STARTER, COMPRESSED, other]
    assert line not in shown_texts(visitor.page.installed)


def test_a_model_that_comes_back_by_itself_ends_the_offer_to_undo(visitor: Visitor) -> None:
    visitor.page.take(Shelved((STARTER,)))
    visitor.page.take(Removed(STARTER))
    visitor.page.take(Shelved((STARTER,)))
    assert not any("removed" in text for text in shown_texts(visitor.page.installed))


def test_a_model_that_is_ready_can_be_used_at_once(visitor: Visitor) -> None:
    visitor.page.take(ModelReady(COMPRESSED))
    banner = visitor.page.banners.banners()[0]
    assert banner.text() == "Middle 4B · INT8 is ready."
    click(next(each for each in banner.findChildren(QPushButton) if each.text() == "Use it"))
    assert visitor.chosen == [COMPRESSED.id]


# the page


def test_escape_and_the_arrow_lead_back(visitor: Visitor) -> None:
    click(visitor.page.head.back)
    assert visitor.closed == 1
    visitor.page.setFocus()
    QTest.keyClick(visitor.page.focusWidget(), Qt.Key.Key_Escape)
    assert visitor.closed == 2


@pytest.mark.parametrize("width", [420, 700, 1600])
def test_nothing_is_cut_off_at_any_width(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.resize(width, 700)
    failed = replace(downloading(1, "job-2", "M" * 60), state=JobState.FAILED, problem="No. " * 40)
    page.take(JobsChanged((downloading(1), failed)))
    page.take(Shelved((STARTER, COMPRESSED)))
    page.take(OFFERED)
    page.catalogue.table.selectRow(0)
    settle()
    room = page.scroller.viewport().rect()
    parts = page.scroller.findChildren(QWidget)
    wide = [
        part
        for part in parts
        if part.isVisibleTo(page)
        and page.scroller.viewport().isAncestorOf(part)
        and part.mapTo(page.scroller.viewport(), QPoint(part.width(), 0)).x() > room.width()
    ]
    assert wide == []
    assert page.catalogue.width() <= 960


def test_what_is_read_stays_in_place_while_jobs_come_and_go(visitor: Visitor) -> None:
    page = visitor.page
    page.resize(700, 400)
    page.take(Shelved((STARTER,)))
    page.take(OFFERED)
    settle()
    bar = page.scroller.verticalScrollBar()
    bar.setValue(page.catalogue.y() - 20)
    settle()
    before = page.scroller.top_of(page.catalogue.table)
    page.take(JobsChanged((downloading(1),)))
    settle()
    assert page.jobs.isVisible()
    assert page.scroller.top_of(page.catalogue.table) == before
    page.take(JobsChanged(()))
    settle()
    assert page.scroller.top_of(page.catalogue.table) == before


def test_a_job_that_was_asked_for_is_brought_into_sight(visitor: Visitor) -> None:
    page = visitor.page
    page.resize(700, 400)
    page.take(Shelved((STARTER,)))
    page.take(OFFERED)
    settle()
    page.catalogue.table.selectRow(page.catalogue.model.row_of(("small-1b", "int4")))
    settle()
    page.catalogue.details.formats[0].get.click()
    page.take(JobsChanged((downloading(1),)))
    settle()
    top = page.scroller.top_of(rows(visitor)[0])
    assert 0 <= top < page.scroller.viewport().height()


def test_tab_goes_down_the_page_whatever_came_when(visitor: Visitor) -> None:
    page = visitor.page
    page.take(Shelved((STARTER,)))
    page.take(JobsChanged((downloading(1),)))
    page.take(OFFERED)
    page.take(Shelved((COMPRESSED, STARTER)))
    page.take(JobsChanged((downloading(1), downloading(1, "job-2"))))
    settle()
    page.head.back.setFocus()
    focused: list[QWidget] = [page.head.back]
    while focused[-1] is not page.catalogue.search:
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        focused.append(page.focusWidget())
    head = page.head
    assert len(focused) == 4 + 4 + 2 + 6 + 1
    assert focused[:4] == [head.back, head.add_hub, head.add_file, head.add_folder]
    tops = [widget.mapTo(page, QPoint()).y() // 20 for widget in focused[4:]]
    assert tops == sorted(tops)


def test_everything_that_can_be_used_has_a_name(visitor: Visitor) -> None:
    visitor.page.take(JobsChanged((downloading(1),)))
    visitor.page.take(Shelved((STARTER,)))
    visitor.page.take(OFFERED)
    visitor.page.catalogue.table.selectRow(0)
    parts = visitor.page.findChildren(QWidget)
    usable = [
        part
        for part in parts
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisibleTo(visitor.page)
    ]
    assert len(usable) > 12
    assert [part for part in usable if not part.accessibleName()] == []


def test_the_page_wears_a_theme(visitor: Visitor, themes: dict[str, Theme], icons: IconSet) -> None:
    visitor.page.take(OFFERED)
    light = visitor.page.grab().toImage()
    dark = themes["dark"]
    visitor.page.set_theme(dark, IconSet(dark.icons, dark))
    assert visitor.page.grab().toImage() != light
