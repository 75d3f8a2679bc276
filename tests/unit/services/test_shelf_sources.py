"""The shelf looks at sources before anything of them is fetched."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.catalogue import Source, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.fit import Machine, Verdict
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts, RepositoryFile, RepositoryFound
from desktop.engine.protocol import Inspect, InspectLocal, SearchHub
from desktop.services.shelf import commands, notices
from desktop.services.shelf.choices import choices
from desktop.services.shelf.offers import offered
from desktop.services.shelf.questions import why_not
from tests.unit.services.fake_jobs import Script
from tests.unit.services.test_shelf import GGUF, GIB, MACHINE, Shelf, entry

COMMIT = "a" * 40
CHECKPOINT = RepositoryFacts(
    "owner/name",
    COMMIT,
    SourceKind.PYTORCH,
    "fp16",
    ("int4", "int8", "fp16"),
    architecture="llama",
    parameters=1_000_000_000,
    files=(RepositoryFile("model.safetensors", 2_000_000_000),),
)
SENTENCE = "This Cellar cannot convert. Get the full one."


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def shelf(tmp_path: Path, script: Script) -> Iterator[Shelf]:
    made = Shelf(tmp_path, script)
    yield made
    made.close()


def by_weights(facts: RepositoryFacts, machine: Machine = MACHINE) -> dict[str, notices.Choice]:
    return {choice.weights: choice for choice in choices(facts, machine)}


# asking


def test_nothing_is_asked_of_the_hub_by_itself(shelf: Shelf) -> None:
    shelf.until(notices.Offered)
    assert not shelf.script.received


def test_a_search_names_what_was_found(shelf: Shelf, script: Script) -> None:
    script.found = (RepositoryFound("owner/name", SourceKind.GGUF),)
    shelf.service.post(commands.Search("name"))
    found = shelf.until(notices.Found)
    assert (found.text, found.repositories, found.problem) == ("name", script.found, "")
    (asked,) = script.received
    assert isinstance(asked, SearchHub)
    assert (asked.text, asked.token) == ("name", "secret")


def test_a_repository_is_examined_at_the_revision_that_was_asked_for(
    shelf: Shelf, script: Script
) -> None:
    script.facts = CHECKPOINT
    shelf.service.post(commands.Examine("hf:owner/name@v2"))
    examined = shelf.until(notices.Examined)
    assert examined.facts == CHECKPOINT
    assert [choice.weights for choice in examined.choices] == ["int4", "int8", "fp16"]
    (asked,) = script.received
    assert isinstance(asked, Inspect)
    assert (asked.repository, asked.revision) == ("owner/name", "v2")


def test_what_the_hub_does_not_know_is_told_in_place(shelf: Shelf) -> None:
    shelf.service.post(commands.Examine("hf:owner/none"))
    examined = shelf.until(notices.Examined)
    assert examined.problem == "There is no model of that name. Check the name."
    assert examined.facts is None


def test_only_the_newest_question_is_answered(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    script.facts = CHECKPOINT
    shelf.service.post(commands.Search("first"))
    shelf.service.post(commands.Examine("hf:owner/name"))
    script.hold.set()
    assert shelf.until(notices.Examined).source == "hf:owner/name"
    shelf.close()
    assert not any(isinstance(said, notices.Found) for said in shelf.rest())


def test_a_question_that_was_given_up_is_not_answered(shelf: Shelf, script: Script) -> None:
    script.hold = threading.Event()
    shelf.service.post(commands.Search("name"))
    shelf.service.post(commands.StopAsking())
    script.hold.set()
    shelf.close()
    assert not any(isinstance(said, notices.Found) for said in shelf.rest())


def test_a_bug_ends_the_waiting_too(
    shelf: Shelf, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.shelf.questions.choices", lambda *_: 1 / 0)
    script.facts = CHECKPOINT
    shelf.service.post(commands.Examine("hf:owner/name"))
    problem = shelf.until(notices.Examined).problem
    assert problem == "Something unexpected went wrong (ZeroDivisionError)."


def test_offline_the_reason_is_told_and_nobody_is_asked(tmp_path: Path) -> None:
    script = Script(facts=CHECKPOINT)
    shelf = Shelf(tmp_path, script, online=False)
    try:
        assert "--offline" in shelf.until(notices.Means).why_no_hub
        shelf.service.post(commands.Search("name"))
        assert "offline" in shelf.until(notices.Found).problem
        shelf.service.post(commands.Examine("hf:owner/name"))
        assert "offline" in shelf.until(notices.Examined).problem
        assert not script.received
    finally:
        shelf.close()


def test_online_there_is_no_reason_not_to_ask(shelf: Shelf) -> None:
    assert shelf.until(notices.Means) == notices.Means()


def test_what_was_examined_is_added_in_the_format_that_was_chosen(
    shelf: Shelf, script: Script
) -> None:
    script.facts = replace(CHECKPOINT, kind=SourceKind.OPENVINO)
    shelf.service.post(commands.Add("hf:owner/name", "int4"))
    assert shelf.until(notices.ModelReady).model.weights == "int4"


# what is on this computer


def test_a_path_gets_the_same_check_and_needs_no_download(shelf: Shelf, script: Script) -> None:
    script.facts = replace(CHECKPOINT, repository="/models/name", commit="")
    shelf.service.post(commands.Examine("/models/name"))
    examined = shelf.until(notices.Examined)
    assert examined.facts == script.facts
    assert {choice.download for choice in examined.choices} == {0}
    assert script.received == [InspectLocal("/models/name")]


def test_offline_a_path_can_be_looked_at(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, Script(facts=replace(CHECKPOINT, commit="")), online=False)
    try:
        shelf.service.post(commands.Examine(str(tmp_path)))
        assert shelf.until(notices.Examined).choices
    finally:
        shelf.close()


# in which formats


def test_a_checkpoint_is_fetched_whole_and_converted_to_any_format() -> None:
    found = by_weights(CHECKPOINT)
    assert {choice.how for choice in found.values()} == {"converted here"}
    assert {choice.download for choice in found.values()} == {2_000_000_000}
    assert found["fp16"].disk == 2_000_000_000
    assert 0.25 < found["int4"].disk / found["fp16"].disk < 0.35
    assert 0.5 < found["int8"].disk / found["fp16"].disk < 0.6


def test_fp16_is_ready_and_can_be_compressed_here() -> None:
    found = by_weights(replace(CHECKPOINT, kind=SourceKind.OPENVINO, parameters=0))
    assert found["fp16"].how == "ready"
    assert found["int4"].how == "compressed here"
    assert found["int4"].disk < found["int8"].disk < found["fp16"].disk


def test_fp16_weights_that_are_here_are_compressed_without_a_download() -> None:
    name = f"hf:{CHECKPOINT.repository}"
    full = Model("name-fp16", "Name", "fp16", Path("name-fp16"), 2048, entry=name)
    found = {choice.weights: choice for choice in choices(CHECKPOINT, MACHINE, (full,))}
    assert found["fp16"].installed
    assert (found["int4"].how, found["int4"].download) == ("compressed here", 0)
    assert not found["int4"].installed
    other = {
        choice.weights: choice
        for choice in choices(CHECKPOINT, MACHINE, (replace(full, entry="x"),))
    }
    assert not other["fp16"].installed
    assert other["int4"].how == "converted here"


def test_of_gguf_files_the_one_of_the_format_is_fetched() -> None:
    files = (RepositoryFile("m-Q4_K_M.gguf", 600), RepositoryFile("m-Q8_0.gguf", 1100))
    facts = RepositoryFacts("o/n", COMMIT, SourceKind.GGUF, "", ("int4", "int8"), files=files)
    found = by_weights(facts)
    assert {weights: choice.download for weights, choice in found.items()} == {
        "int4": 600,
        "int8": 1100,
    }


def test_what_does_not_fit_is_told_with_the_numbers() -> None:
    small = replace(MACHINE, memory_total=4 * GIB, memory_available=3 * GIB)
    choice = by_weights(replace(CHECKPOINT, parameters=7_000_000_000), small)["fp16"]
    assert choice.verdict is Verdict.NO
    assert "4.3 GB" in choice.reason


def test_converting_takes_more_memory_than_running() -> None:
    machine = replace(MACHINE, memory_total=6 * GIB, memory_available=4 * GIB)
    assert by_weights(CHECKPOINT, machine)["int4"].verdict is not Verdict.FITS
    ready = replace(CHECKPOINT, kind=SourceKind.OPENVINO, weights="int4", formats=("int4",))
    small = replace(ready, files=(RepositoryFile("openvino_model.bin", 600_000_000),))
    assert by_weights(small, machine)["int4"].verdict is Verdict.FITS


def test_what_cannot_be_had_has_no_formats() -> None:
    assert not choices(replace(CHECKPOINT, what="It wants code to be run."), MACHINE)
    assert not choices(RepositoryFacts("owner/name", COMMIT), MACHINE)


# where PyTorch is not installed

PYTORCH = Source(SourceKind.PYTORCH, "owner/name", "fp16", checked=True)


def test_what_needs_a_conversion_says_what_is_missing() -> None:
    both = entry("both", GGUF, PYTORCH)
    found = {o.weights: o for o in offered((both,), MACHINE, SENTENCE).offers}
    assert (found["int4"].how, found["int4"].missing) == ("from GGUF", "")
    assert (found["int8"].how, found["int8"].missing) == ("", SENTENCE)
    with_torch = {o.weights: o for o in offered((both,), MACHINE).offers}
    assert (with_torch["int8"].how, with_torch["int8"].missing) == ("converted here", "")


def test_what_nobody_has_is_not_for_want_of_a_conversion() -> None:
    (found, *_) = offered((entry("none"),), MACHINE, SENTENCE).offers
    assert (found.how, found.missing) == ("", "")


def test_why_not_is_a_sentence_or_nothing() -> None:
    def refuse() -> None:
        raise Problem("It lacks torch.", "Get it.")

    assert why_not(refuse) == "It lacks torch. Get it."
    assert why_not(lambda: None) == ""
