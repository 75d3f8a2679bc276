"""Files and folders of this computer are checked like repositories before they are added."""

from pathlib import Path

import pytest

from desktop.domain.catalogue import SourceKind
from desktop.services.shelf import commands
from desktop.services.shelf.notices import Examined, Means
from tests.gui.models_page_fakes import (
    CHOICES,
    GB,
    OFFLINE,
    Visitor,
    adding,
    choice,
    click,
    facts,
    shown_texts,
)


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    models_page.page.activateWindow()
    models_page.page.take(Means())
    return models_page


def test_paths_are_checked_one_after_the_other(visitor: Visitor, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    adding(visitor).open_local([first, second])
    assert visitor.asked == [commands.Examine(str(first))]
    assert not adding(visitor).field.isVisible()
    told = facts(repository=str(first), commit="", licence="")
    ready = choice("int4", 616_000_000, how="ready", download=0)
    visitor.page.take(Examined(str(first), told, (ready,)))
    texts = shown_texts(adding(visitor))
    assert "Add from this computer (1 more after this)" in texts
    assert "first" in texts
    assert "not named" not in texts  # folders have no licence to be named
    click(adding(visitor).check.add)
    assert visitor.asked[1:] == [commands.Add(str(first), "int4"), commands.Examine(str(second))]
    visitor.page.take(Examined(str(second), told, (ready,)))
    click(adding(visitor).check.add)
    assert visitor.asked[-1] == commands.Add(str(second), "int4")
    assert not adding(visitor).isVisible()


def test_a_file_whose_format_is_not_known_is_added_as_it_comes(
    visitor: Visitor, tmp_path: Path
) -> None:
    path = str(tmp_path / "model.gguf")
    adding(visitor).open_local([Path(path)])
    told = facts(repository=path, commit="", kind=SourceKind.GGUF, weights="", formats=())
    visitor.page.take(Examined(path, told, (choice("", GB, how="from GGUF", download=0),)))
    assert adding(visitor).check.add.text() == "Add it"
    click(adding(visitor).check.add)
    assert visitor.asked[-1] == commands.Add(path, "")


def test_who_turns_to_the_hub_waits_for_the_path_no_longer(
    visitor: Visitor, tmp_path: Path
) -> None:
    adding(visitor).open_local([tmp_path])
    click(visitor.page.head.add_hub)
    assert visitor.asked[-1] == commands.StopAsking()
    visitor.page.take(Examined(str(tmp_path), facts(commit=""), CHOICES))
    assert not adding(visitor).check.isVisible()
    assert adding(visitor).field.isVisible()


def test_a_path_that_takes_long_can_be_left_for_the_next(visitor: Visitor, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    adding(visitor).open_local([first, second])
    click(adding(visitor).stop)
    assert visitor.asked[1:] == [commands.StopAsking(), commands.Examine(str(second))]
    click(adding(visitor).stop)
    assert not adding(visitor).isVisible()


def test_offline_a_folder_can_be_added_all_the_same(visitor: Visitor, tmp_path: Path) -> None:
    visitor.page.take(Means(why_no_hub=OFFLINE))
    adding(visitor).open_local([tmp_path])
    assert visitor.asked == [commands.Examine(str(tmp_path))]
    visitor.page.take(Examined(str(tmp_path), facts(commit=""), CHOICES))
    assert adding(visitor).check.add.isVisible()
