"""Looking at repositories and folders before anything large is fetched, by real child processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.catalogue import WEIGHTS, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.events import Contacted, Event
from desktop.domain.repository import RepositoryFacts, RepositoryFound
from desktop.engine.client import Child
from desktop.services.contacts import Door
from desktop.services.jobs import Work
from desktop.services.network import Network
from desktop.services.repositories import inspect, inspect_local, search
from tests.hub.faults import Nonsense
from tests.hub.models import ir_files, safetensors_files, starter_files
from tests.hub.server import Hub
from tests.models.starter_fp16 import starter_gguf

pytestmark = pytest.mark.integration

TOKEN = "hf_canaryCANARYcanary"
GEMMA = {"model_type": "gemma2", "architectures": ["Gemma2ForCausalLM"]}


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        hub.publish("maker/ir-int4-ov", ir_files())
        hub.publish("maker/checkpoint", safetensors_files())
        hub.publish("maker/gguf", starter_files())
        hub.publish("maker/code", {**safetensors_files(), "modeling.py": b""})
        hub.publish("maker/gated", safetensors_files(), gated=True)
        gemma = {**safetensors_files(), "config.json": json.dumps(GEMMA).encode()}
        hub.publish("maker/gemma", gemma)
        strange = {**safetensors_files(), "config.json": b'{"auto_map": {"AutoModel": "x.y"}}'}
        hub.publish("maker/strange", strange)
        hub.repositories["maker/checkpoint"].about = {
            "cardData": {"license": "apache-2.0"},
            "safetensors": {"parameters": {"BF16": 1234}, "total": 1234},
            "tags": ["safetensors", "license:apache-2.0"],
            "config": {"model_type": "llama"},
            "downloads": 7,
        }
        hub.repositories["maker/gguf"].about = {
            "gguf": {"total": 134_515_008, "architecture": "llama", "context_length": 8192},
            "tags": ["gguf", "license:mit"],
            "downloads": 9,
        }
        hub.tokens.add(TOKEN)
        hub.repositories["maker/gated"].readers.add(TOKEN)
        yield hub


def looked_at(hub: Hub, repository: str, token: str = "") -> RepositoryFacts:
    network = Network(endpoint=hub.url, token=lambda: token)
    return inspect(repository, "", network, Work(Child))


def test_a_checkpoint(hub: Hub) -> None:
    before = len(hub.requests)
    events: list[Event] = []
    network = Network(endpoint=hub.url)
    facts = inspect("maker/checkpoint", "main", network, Work(Child), events.append)
    assert facts.kind is SourceKind.PYTORCH
    assert facts.problem is None
    assert (facts.architecture, facts.parameters, facts.context_length) == ("llama", 1234, 2048)
    assert (facts.licence, facts.gated) == ("Apache-2.0", False)
    assert (facts.weights, facts.formats) == ("fp16", WEIGHTS)
    names = {file.path for file in facts.files}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= names
    assert not {"README.md", "pytorch_model.bin"} & names
    assert facts.size == sum(file.size for file in facts.files) > 200_000
    assert facts.commit == hub.repositories["maker/checkpoint"].main
    paths = [request.path for request in hub.requests[before:]]
    assert all("/api/" in path or path.endswith("config.json") for path in paths)
    assert [e.host for e in events if isinstance(e, Contacted)] == ["127.0.0.1"]


def test_ready_weights_are_known_by_their_name(hub: Hub) -> None:
    facts = looked_at(hub, "maker/ir-int4-ov")
    assert facts.kind is SourceKind.OPENVINO
    assert (facts.weights, facts.formats) == ("int4", ("int4",))
    assert {"openvino_model.bin", "openvino_tokenizer.xml"} <= {f.path for f in facts.files}


def test_a_gguf_file_is_known_by_what_the_hub_says(hub: Hub) -> None:
    facts = looked_at(hub, "maker/gguf")
    assert facts.kind is SourceKind.GGUF
    assert (facts.architecture, facts.parameters) == ("llama", 134_515_008)
    assert (facts.licence, facts.formats) == ("mit".upper(), ("int4",))


@pytest.mark.parametrize(
    ("repository", "sentence"),
    [
        ("maker/code", "program code"),
        ("maker/strange", "asks for program code"),
        ("maker/gemma", "of the kind gemma2, which cannot be converted here"),
        ("maker/gated", "accept its licence"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_rest(hub: Hub, repository: str, sentence: str) -> None:
    facts = looked_at(hub, repository)
    assert sentence in facts.what
    assert facts.remedy
    assert facts.gated == (repository == "maker/gated")


def test_with_a_token_a_gated_one_is_looked_into(hub: Hub) -> None:
    facts = looked_at(hub, "maker/gated", TOKEN)
    assert facts.problem is None
    assert facts.architecture == "llama"
    assert facts.gated


def test_what_cannot_be_told_is_a_problem(hub: Hub) -> None:
    with pytest.raises(Problem, match="no model maker/missing"):
        looked_at(hub, "maker/missing")
    with pytest.raises(Problem, match="offline"):
        inspect("maker/ir", "", Network(door=Door(lambda: True)), Work(Child))


def test_a_search_finds_the_most_used_first(hub: Hub) -> None:
    network = Network(endpoint=hub.url)
    found = search("  G", network, Work(Child))
    assert found[0].repository == "maker/gguf"
    assert {one.repository for one in found} >= {"maker/gated", "maker/gemma"}
    (checkpoint,) = search("CHECKPOINT", network, Work(Child))
    assert checkpoint == RepositoryFound(
        *("maker/checkpoint", SourceKind.PYTORCH, "llama", "Apache-2.0"), downloads=7
    )
    assert search("nothing like that", network, Work(Child)) == ()


def test_a_search_that_meets_something_else_than_a_hub(hub: Hub) -> None:
    hub.fail("", "", Nonsense(b"<html>please log in</html>"))
    with pytest.raises(Problem, match="does not answer as a hub"):
        search("x", Network(endpoint=hub.url), Work(Child))


def test_a_folder(tmp_path: Path) -> None:
    for name, content in safetensors_files().items():
        (tmp_path / name).write_bytes(content)
    facts = inspect_local(tmp_path, Work(Child))
    assert (facts.kind, facts.architecture, facts.what) == (SourceKind.PYTORCH, "llama", "")
    assert facts.parameters == 100_000


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    facts = inspect_local(tmp_path, Work(Child))
    assert facts.kind is None
    assert "no model that Cellar can use" in facts.what


def test_a_gguf_file(tmp_path: Path) -> None:
    facts = inspect_local(starter_gguf(), Work(Child))
    assert (facts.kind, facts.architecture) == (SourceKind.GGUF, "llama")
    assert (facts.context_length, facts.size) == (8192, 98_362_432)
    (tmp_path / "x.gguf").write_bytes(b"GGUF?")
    assert inspect_local(tmp_path / "x.gguf", Work(Child)).problem is not None
