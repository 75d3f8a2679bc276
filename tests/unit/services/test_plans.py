"""From a source as it is written to what is done: names, sources, what need not be fetched."""

from pathlib import Path

import pytest

from desktop.domain.catalogue import Architecture, Entry, Licence, Source, SourceKind
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.services import plans
from desktop.services.plans import Plan, Request, plan
from desktop.services.repositories import source_of

PYTORCH = Source(SourceKind.PYTORCH, "owner/old", "fp16")
OLD = Entry(
    id="old",
    name="Old",
    family="Test",
    parameters=100_000_000,
    context_length=1024,
    languages=("en",),
    licence=Licence("MIT", "https://example.org/licence"),
    homepage="https://example.org",
    summary="A model for tests.",
    architecture=Architecture(12, 768, 12, 64, 50_000),
    sources=(PYTORCH,),
)


def made(
    source: str, weights: str = "", model_id: str = "", installed: tuple[Model, ...] = ()
) -> Plan:
    return plan(Request(source, weights, model_id), (OLD,), Path("starters"), installed)


@pytest.fixture(params=[True, False])
def convertible(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(plans, "conversion_available", lambda: request.param)
    return bool(request.param)


def test_a_checkpoint_of_the_catalogue(convertible: bool) -> None:
    if not convertible:
        with pytest.raises(Problem, match="cannot be had in INT8 here yet"):
            made("old", "int8")
        return
    planned = made("old", "int8")
    assert (planned.source, planned.repository) == (PYTORCH, "owner/old")
    assert (planned.model_id, planned.entry, planned.compresses) == ("old-int8", "old", True)
    assert made("old").weights == "int4"
    assert not made("old", "fp16").compresses


def test_every_format_of_a_repository_has_a_place_of_its_own() -> None:
    ids = [made("hf:owner/name", weights).model_id for weights in ("", "int8", "fp16")]
    assert ids == ["name", "name-int8", "name-fp16"]
    assert made("hf:owner/name-INT4-ov", "int4").model_id == "name-INT4-ov"
    assert made("hf:owner/name", "int8", "mine").model_id == "mine"
    planned = made("hf:owner/name@v1", "int8")
    assert (planned.repository, planned.revision) == ("owner/name", "v1")
    assert planned.entry == "hf:owner/name"
    assert planned.source is None


@pytest.mark.parametrize("address", ["hf:name", "hf:/name", "hf:a/b/c", "hf:"])
def test_what_is_no_repository(address: str) -> None:
    with pytest.raises(UsageProblem, match="is no repository"):
        made(address)


def test_what_is_compressed_here_is_made_of_what_is_here(convertible: bool) -> None:
    here = Model("a", "A", "fp16", Path("/models/a"), 1024, entry="hf:owner/name")
    other = Model("b", "B", "int8", Path("/models/b"), 1024, entry="hf:owner/name")
    planned = made("hf:owner/name", "int8", installed=(other, here))
    assert (planned.path, planned.source, planned.repository) == (here.folder, None, "")
    assert planned.entry == "hf:owner/name"
    assert made("hf:owner/name", "fp16", installed=(here,)).path is None
    assert made("hf:owner/name", "int8", installed=(other,)).path is None
    assert made("hf:owner/other", "int8", installed=(here,)).path is None


# from facts to a source

FILES = (RepositoryFile("x.Q4_0.gguf", 5), RepositoryFile("x.Q8_0.gguf", 9))


def facts(kind: SourceKind, weights: str, *formats: str) -> RepositoryFacts:
    return RepositoryFacts("a/b", kind=kind, weights=weights, formats=formats, files=FILES)


def test_sources() -> None:
    gguf = source_of(facts(SourceKind.GGUF, "", "int4", "int8"), "int8")
    assert (gguf.file, gguf.weights) == ("x.Q8_0.gguf", "int8")
    ready = facts(SourceKind.OPENVINO, "int4", "int4")
    assert source_of(ready, "") == source_of(ready, "int4")
    assert source_of(facts(SourceKind.OPENVINO, ""), "int8").weights == ""


@pytest.mark.parametrize("weights", ["int8", "fp16"])
def test_a_format_that_cannot_be_made_of_it(weights: str) -> None:
    with pytest.raises(Problem, match=f"cannot be had in {weights.upper()} here") as told:
        source_of(facts(SourceKind.OPENVINO, "int4", "int4"), weights)
    assert told.value.remedy == "It can be had in: int4."


def test_a_problem_of_the_repository() -> None:
    refused = RepositoryFacts("a/b", what="It was refused.", remedy="Use another.")
    with pytest.raises(Problem, match="It was refused"):
        source_of(refused, "")
