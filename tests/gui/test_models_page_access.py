"""Models that need more than a click: a token, or PyTorch."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.catalogue import Source, SourceKind
from desktop.services.shelf import commands
from desktop.services.shelf.notices import Means, Offered, ShelfTrouble
from desktop.ui.library.offer_columns import Place
from desktop.ui.library.parts import LinkButton
from tests.gui.models_page_fakes import (
    GATED,
    OFFERED,
    SMALL,
    Visitor,
    choose_weights,
    click,
    column,
    offer,
    open_model,
    shown_texts,
)


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    models_page.page.take(OFFERED)
    return models_page


# gated models


def test_a_gated_model_tells_the_way_in(visitor: Visitor) -> None:
    open_model(visitor, GATED.id)
    details = visitor.page.catalogue.details
    assert details.access.isVisible()
    assert "Built with Llama" in details.texts()
    links = {link.text(): link for link in details.access.findChildren(LinkButton)}
    click(links["the model’s page"])
    click(links["your tokens at the hub"])
    assert visitor.links == [
        f"https://huggingface.co/owner/{GATED.id}-int4",
        "https://huggingface.co/settings/tokens",
    ]


def test_the_token_is_hidden_handed_over_and_forgotten_here(visitor: Visitor) -> None:
    open_model(visitor, GATED.id)
    access = visitor.page.catalogue.details.access
    assert access.token.echoMode() is QLineEdit.EchoMode.Password
    assert not access.save.isEnabled()
    QTest.keyClicks(access.token, "  hf_secret ")
    click(access.save)
    assert visitor.asked == [commands.SetToken("hf_secret")]
    assert access.token.text() == ""
    assert not any("hf_secret" in text for text in shown_texts(visitor.page))
    assert "saved" in access.note.text()
    click(access.forget)
    assert visitor.asked[-1] == commands.SetToken("")


def test_a_token_that_could_not_be_kept_is_not_called_saved(visitor: Visitor) -> None:
    open_model(visitor, GATED.id)
    access = visitor.page.catalogue.details.access
    QTest.keyClicks(access.token, "hf_secret\r")
    assert visitor.asked == [commands.SetToken("hf_secret")]
    visitor.page.take(ShelfTrouble("There is no password store.", "Set HF_TOKEN."))
    assert "saved" not in access.note.text()


def test_a_trouble_elsewhere_leaves_a_token_that_is_being_typed(visitor: Visitor) -> None:
    open_model(visitor, GATED.id)
    access = visitor.page.catalogue.details.access
    QTest.keyClicks(access.token, "hf_hal")
    visitor.page.take(ShelfTrouble("The model is in use."))
    assert access.token.text() == "hf_hal"


def test_a_free_source_of_a_gated_model_needs_no_token(visitor: Visitor) -> None:
    free = Source(SourceKind.GGUF, "other/llama-gguf", "int4", "llama.gguf", checked=True)
    either = replace(GATED, sources=(free,))
    visitor.page.take(Offered((offer(either, how="from GGUF"),), None))
    open_model(visitor, either.id)
    assert not visitor.page.catalogue.details.access.isVisible()


# where PyTorch is not installed


def test_formats_that_need_pytorch_say_once_what_is_missing(visitor: Visitor) -> None:
    missing = "This Cellar lacks torch. Use the full bundle."
    none: dict[str, Any] = {"how": "", "source": None, "missing": missing, "download": 0}
    offers = (offer(SMALL), offer(SMALL, "int8", **none), offer(SMALL, "fp16", **none))
    visitor.page.take(Offered(offers, None))
    choose_weights(visitor.page.catalogue, "any")
    rows = open_model(visitor, SMALL.id)
    details = visitor.page.catalogue.details
    assert f"{missing} Available without it: INT4." in details.texts()
    assert " ".join(shown_texts(details)).count(missing) == 1
    assert rows["INT4"].get.isEnabled()
    assert not rows["INT8"].get.isEnabled()
    assert "converted from PyTorch" in rows["INT8"].texts()[2]
    states = column(visitor.page.catalogue.table, Place.FIT)
    assert sorted(states) == ["Fits", "Not here", "Not here"]


def test_other_versions_of_what_needs_pytorch_are_looked_for_at_the_hub(visitor: Visitor) -> None:
    none: dict[str, Any] = {"how": "", "source": None, "missing": "It lacks torch.", "download": 0}
    visitor.page.take(Means(why_no_conversion="It lacks torch."))
    visitor.page.take(Offered((offer(SMALL, **none),), None))
    open_model(visitor, SMALL.id)
    click(visitor.page.catalogue.details.elsewhere)
    assert visitor.asked == [commands.Search("Small 1B")]
    assert visitor.page.adding.isVisible()


def test_nothing_is_said_of_pytorch_where_it_is_not_needed(visitor: Visitor) -> None:
    open_model(visitor, SMALL.id)
    assert "PyTorch" not in " ".join(visitor.page.catalogue.details.texts())
