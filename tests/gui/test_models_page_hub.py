"""Adding a model that the catalogue does not have: asked for, found, checked, then added."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.domain.catalogue import SourceKind
from desktop.domain.fit import Verdict
from desktop.domain.repository import RepositoryFound
from desktop.services.shelf import commands
from desktop.services.shelf.notices import Examined, Found, Means, ShelfTrouble, Shelved
from desktop.ui.library import source_words
from tests.gui.models_page_fakes import (
    CHOICES,
    GB,
    OFFERED,
    OFFLINE,
    SOURCE,
    STARTER,
    Visitor,
    adding,
    ask,
    choice,
    click,
    examined,
    facts,
    settle,
    shown_texts,
)

MISSING = "This Cellar cannot convert PyTorch checkpoints: it lacks torch. Use the full bundle."


FOUND = tuple(
    RepositoryFound(
        f"owner/name-{number}", SourceKind.GGUF, "llama", "MIT", downloads=9000 - number
    )
    for number in range(9)
)


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    models_page.page.activateWindow()
    models_page.page.take(Means())
    return models_page


# asking


def test_nothing_is_asked_before_the_button_is_pressed(visitor: Visitor) -> None:
    assert not adding(visitor).isVisible()
    click(visitor.page.head.add_hub)
    assert adding(visitor).isVisible()
    assert adding(visitor).field.hasFocus()
    assert not adding(visitor).go.isEnabled()
    QTest.keyClicks(adding(visitor).field, "qwen3 small")
    assert visitor.asked == []
    click(adding(visitor).go)
    assert visitor.asked == [commands.Search("qwen3 small")]


@pytest.mark.parametrize(
    "typed",
    [
        "owner/name",
        "hf:owner/name",
        "https://huggingface.co/owner/name",
        "https://huggingface.co/owner/name/",
        "  owner/name  ",
    ],
)
def test_a_repository_is_looked_at_and_not_searched_for(visitor: Visitor, typed: str) -> None:
    ask(visitor, typed)
    assert visitor.asked == [commands.Examine(SOURCE)]


def test_the_button_says_what_it_will_do(visitor: Visitor) -> None:
    click(visitor.page.head.add_hub)
    QTest.keyClicks(adding(visitor).field, "owner")
    assert adding(visitor).go.text() == "Search"
    QTest.keyClicks(adding(visitor).field, "/name")
    assert adding(visitor).go.text() == "Check it"


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("owner/name@v2", "hf:owner/name@v2"),
        ("https://huggingface.co/owner/name/tree/v2", "hf:owner/name@v2"),
        ("qwen3 0.6b", ""),
        ("owner/", ""),
        ("/etc/passwd", ""),
        ("a/b/c", ""),
    ],
)
def test_what_names_a_repository(typed: str, source: str) -> None:
    assert source_words.hub_source(typed) == source


def test_while_it_asks_it_can_be_stopped(visitor: Visitor) -> None:
    ask(visitor, "name")
    assert "Searching the hub for “name” …" in shown_texts(adding(visitor))
    assert adding(visitor).bar.isVisible()
    assert not adding(visitor).go.isEnabled()
    click(adding(visitor).stop)
    assert visitor.asked[-1] == commands.StopAsking()
    assert not adding(visitor).bar.isVisible()
    assert adding(visitor).go.isEnabled()


def test_an_answer_that_nobody_waits_for_changes_nothing(visitor: Visitor) -> None:
    ask(visitor, "name")
    click(adding(visitor).stop)
    visitor.page.take(Found("name", FOUND))
    assert not adding(visitor).found.isVisible()
    visitor.page.take(Examined(SOURCE, facts(), CHOICES))
    assert not adding(visitor).check.isVisible()


def test_offline_the_panel_says_why_and_asks_nothing(visitor: Visitor) -> None:
    visitor.page.take(Means(why_no_hub=OFFLINE))
    click(visitor.page.head.add_hub)
    assert OFFLINE in shown_texts(adding(visitor))
    assert not adding(visitor).field.isEnabled()
    assert not adding(visitor).go.isVisible()
    assert visitor.asked == []


def test_escape_closes_the_panel_first_and_then_the_page(visitor: Visitor) -> None:
    ask(visitor, "name")
    QTest.keyClick(adding(visitor).field, Qt.Key.Key_Escape)
    assert not adding(visitor).isVisible()
    assert visitor.asked[-1] == commands.StopAsking()
    assert visitor.closed == 0


# what was found


def test_what_was_found_is_listed_a_few_at_a_time(visitor: Visitor) -> None:
    ask(visitor, "name")
    visitor.page.take(Found("name", FOUND))
    listed = adding(visitor).found
    assert len(listed.rows()) == 6
    assert "GGUF · llama · MIT · 9,000 downloads a month" in shown_texts(listed)
    assert listed.more.text() == "Show more (3)"
    click(listed.more)
    assert not listed.more.isVisible()
    assert listed.rows()[6].look.hasFocus()
    assert [row.found for row in listed.rows()] == list(FOUND)
    click(listed.rows()[7].look)
    assert visitor.asked[-1] == commands.Examine("hf:owner/name-7")


def test_one_can_go_back_to_what_was_found(visitor: Visitor) -> None:
    ask(visitor, "name")
    visitor.page.take(Found("name", FOUND))
    click(adding(visitor).found.rows()[0].look)
    source = "hf:owner/name-0"
    visitor.page.take(Examined(source, facts(repository="owner/name-0"), CHOICES))
    assert not adding(visitor).found.isVisible()
    click(adding(visitor).back)
    assert adding(visitor).found.isVisible()
    assert not adding(visitor).check.isVisible()


def test_nothing_found_and_no_answer_are_told_apart(visitor: Visitor) -> None:
    ask(visitor, "name")
    visitor.page.take(Found("name"))
    told = "The hub knows no model called “name” that Cellar could use."
    assert told in shown_texts(adding(visitor))
    ask(visitor, "name")
    visitor.page.take(Found("name", problem="The hub does not answer. Check the network."))
    texts = shown_texts(adding(visitor))
    assert "The hub does not answer. Check the network." in texts
    assert told not in texts


# the check


def test_the_check_tells_all_before_anything_is_fetched(visitor: Visitor) -> None:
    examined(visitor)
    texts = shown_texts(adding(visitor).check)
    for text in (
        "owner/name",
        "PyTorch checkpoint",
        "llama",
        "1.1B",
        "2,048 tokens",
        "2.2 GB in 2 files",
        "Apache-2.0",
        "INT4 · about 616.0 MB on disk",
        "28 % of FP16 · 1.6 GB of memory · converted here from PyTorch",
        "2.2 GB are downloaded. It is converted here: that takes some minutes.",
    ):
        assert text in texts
    assert visitor.asked == [commands.Examine(SOURCE)]


def test_a_format_is_chosen_and_added(visitor: Visitor) -> None:
    examined(visitor)
    check = adding(visitor).check
    assert check.add.text() == "Add INT4"
    click(check.rows[1].mark)
    assert [row.mark.isChecked() for row in check.rows] == [False, True, False]
    click(check.rows[1].mark)  # the one that is chosen stays so
    assert [row.mark.isChecked() for row in check.rows] == [False, True, False]
    click(check.add)
    assert visitor.asked[-1] == commands.Add(SOURCE, "int8")
    assert not adding(visitor).isVisible()


def test_what_is_ready_is_offered_first(visitor: Visitor) -> None:
    ask(visitor, SOURCE)
    ready = choice("fp16", 2_200_000_000, how="ready")
    compressed = choice("int4", 616_000_000, how="compressed here")
    told = facts(kind=SourceKind.OPENVINO)
    visitor.page.take(Examined(SOURCE, told, (compressed, ready)))
    assert adding(visitor).check.chosen() == ready


def test_what_does_not_fit_says_why_and_cannot_be_chosen(visitor: Visitor) -> None:
    ask(visitor, SOURCE)
    why = "It needs 40 GB of memory; this computer has 16 GB for everything."
    large = choice("fp16", 40 * GB, verdict=Verdict.NO, reason=why)
    visitor.page.take(Examined(SOURCE, facts(), (large,)))
    check = adding(visitor).check
    assert why in check.rows[0].texts()[1]
    assert not check.rows[0].mark.isEnabled()
    assert not check.add.isEnabled()


def test_what_is_here_already_cannot_be_added_again(visitor: Visitor) -> None:
    ask(visitor, SOURCE)
    here, other = choice("int4", 616_000_000, installed=True), CHOICES[1]
    visitor.page.take(Examined(SOURCE, facts(), (here, other)))
    check = adding(visitor).check
    assert check.rows[0].texts()[1] == "on this computer already"
    assert not check.rows[0].mark.isEnabled()
    assert check.chosen() == other


def test_what_cannot_be_had_says_why_and_has_no_button(visitor: Visitor) -> None:
    ask(visitor, SOURCE)
    refused = "owner/name was refused: it brings program code."
    told = facts(kind=None, what=refused, remedy="Use another one.")
    visitor.page.take(Examined(SOURCE, told))
    check = adding(visitor).check
    assert f"{refused} Use another one." in check.texts()
    assert not check.add.isVisible()
    assert not check.alternatives.isVisible()


def test_without_pytorch_it_says_what_is_missing_and_looks_for_other_sources(
    visitor: Visitor,
) -> None:
    visitor.page.take(Means(why_no_conversion=MISSING))
    ask(visitor, SOURCE)
    visitor.page.take(Examined(SOURCE, facts(formats=(), what=MISSING)))
    check = adding(visitor).check
    assert MISSING in check.texts()
    assert not check.add.isVisible()
    click(check.alternatives)
    assert visitor.asked[-1] == commands.Search("name")


def test_a_gated_repository_explains_the_way_and_takes_a_token(visitor: Visitor) -> None:
    examined(visitor, licence="llama2", gated=True)
    check = adding(visitor).check
    assert check.access.isVisible()
    assert "Its makers have terms of their own, which you accept at the hub." in check.texts()
    QTest.keyClicks(check.access.token, "hf_secret")
    click(check.access.save)
    assert visitor.asked[-1] == commands.SetToken("hf_secret")
    assert "hf_secret" not in " ".join(shown_texts(adding(visitor)))
    click(check.again)
    assert visitor.asked[-1] == commands.Examine(SOURCE)


def test_a_token_that_was_not_taken_is_not_called_saved(visitor: Visitor) -> None:
    examined(visitor, gated=True)
    check = adding(visitor).check
    QTest.keyClicks(check.access.token, "hf_secret")
    click(check.access.save)
    visitor.page.take(ShelfTrouble("The token cannot be kept.", "Try again."))
    assert "saved" not in check.access.note.text()


@pytest.mark.parametrize(
    ("licence", "note"),
    [
        ("Apache-2.0", ""),
        ("MIT", ""),
        ("cc-by-nc-4.0", "Not for commercial use."),
        ("CC-BY-NC-SA-4.0", "Not for commercial use."),
        ("other", "It may have conditions: read them on the model’s page."),
        ("", "The makers name no licence: look at the model’s page before you use it."),
    ],
)
def test_a_licence_tells_what_it_means(licence: str, note: str) -> None:
    assert source_words.licence_note(licence, gated=False) == note


def test_no_text_of_a_stranger_is_read_as_more_than_text(visitor: Visitor) -> None:
    hostile = "<img src='file:///etc/passwd'>"
    examined(visitor, licence=hostile, architecture=hostile)
    labels = adding(visitor).findChildren(QLabel)
    assert any(hostile in label.text() for label in labels)
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}


# the page


@pytest.mark.parametrize("width", [420, 700, 1600])
def test_nothing_is_cut_off_at_any_width(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.resize(width, 700)
    page.take(Shelved((STARTER,)))
    page.take(OFFERED)
    long = "o" * 60 + "/" + "n" * 90
    ask(visitor, long)
    page.take(Examined(f"hf:{long}", facts(gated=True, licence="l" * 60), CHOICES))
    settle()
    view = page.scroller.viewport()
    parts = [p for p in adding(visitor).findChildren(QWidget) if p.isVisibleTo(page)]
    wide = [p for p in parts if p.mapTo(view, QPoint(p.width(), 0)).x() > view.width()]
    assert wide == []


def test_tab_goes_through_the_panel_in_its_order(visitor: Visitor) -> None:
    page = visitor.page
    page.take(Shelved((STARTER,)))
    examined(visitor)
    settle()
    page.head.add_folder.setFocus()
    focused: list[QWidget] = []
    while page.focusWidget() is not page.installed.rows()[0].use:
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        focused.append(page.focusWidget())
        assert len(focused) < 20
    tops = [widget.mapTo(page, QPoint()).y() // 20 for widget in focused]
    assert tops == sorted(tops)
    assert adding(visitor).check.add in focused


def test_everything_that_can_be_used_has_a_name(visitor: Visitor) -> None:
    examined(visitor, gated=True)
    buttons = adding(visitor).findChildren(QPushButton)
    assert all(button.accessibleName() for button in buttons)
