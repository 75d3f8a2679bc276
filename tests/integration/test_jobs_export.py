"""Checkpoints of every promised architecture: from the hub to an answer, by the program's own way.

What transformers writes with a model is what Cellar must write with it: the same tokens, each the
likeliest, on the back-end that the model was found to be right on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.domain.events import Done, Event, Inspected, Progress, Transferring
from desktop.domain.model import Model
from desktop.domain.sampling import defaults
from desktop.engine.client import Child
from desktop.engine.pipeline import PagedPipeline
from desktop.engine.stateful import StatefulPipeline
from desktop.models.jobs.proof import EXACT
from desktop.models.library import Library
from desktop.services.installer import Installer
from desktop.services.jobs import Work
from desktop.services.network import Network
from desktop.services.plans import Request, plan
from tests.hub.models import folder_files
from tests.hub.server import Hub
from tests.models.tiny_kinds import CONTEXT, KINDS, NEW_TOKENS, PROMPTS, Tiny, tiny_kinds

pytestmark = pytest.mark.integration

WRONG_WHEN_PAGED = ("mpt",)
# One always: the code is the same for all of them, and each takes a quarter of a minute.
GRID = [
    ("gpt_neox", "int4")
    if (name, weights) == ("gpt_neox", "int4")
    else pytest.param(name, weights, marks=pytest.mark.slow)
    for name in KINDS
    for weights in ("int8", "int4")
]


@dataclass
class Desk:
    """A hub with all the checkpoints, and an empty library."""

    hub: Hub
    library: Library
    events: list[Event]

    def added(self, name: str, weights: str) -> Model:
        """As `models add hf:tiny/NAME --weights WEIGHTS` does it."""
        installer = Installer(self.library, Work(Child), Network(endpoint=self.hub.url))
        planned = plan(Request(f"hf:tiny/{name}", weights), (), Path(), self.library.installed())
        return installer.install(planned, self.events.append)


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tiny]:
    """One of each kind; 10 s for all of them."""
    return tiny_kinds(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def hub(checkpoints: dict[str, Tiny]) -> Iterator[Hub]:
    with Hub() as hub:
        for name, tiny in checkpoints.items():
            hub.publish(f"tiny/{name}", folder_files(tiny.folder))
        yield hub


@pytest.fixture
def desk(hub: Hub, tmp_path: Path) -> Desk:
    return Desk(hub, Library(tmp_path / "models", tmp_path / "verified.json"), [])


def written(model: Model, prompt: str) -> Done:
    """What it writes after a prompt, each token the likeliest."""
    places = (model.folder, "CPU", CONTEXT, "", EXACT)
    runtime = PagedPipeline(*places) if model.paged else StatefulPipeline(*places)
    exact = {"temperature": 0.0, "repetition_penalty": 1.0, "seed": 0}
    values = defaults() | exact | {"max_new_tokens": NEW_TOKENS}
    *_, last = runtime.generate("one", prompt, values, lambda: False)
    assert isinstance(last, Done)
    return last


@pytest.mark.parametrize("name", KINDS)
def test_it_writes_what_transformers_writes(
    desk: Desk, checkpoints: dict[str, Tiny], name: str
) -> None:
    model = desk.added(name, "fp16")
    assert (model.id, model.weights, model.note) == (f"{name}-fp16", "fp16", "")
    assert model.paged == (name not in WRONG_WHEN_PAGED)
    assert model.context_length == CONTEXT
    tiny = checkpoints[name]
    assert min(tiny.distinct_tokens) > NEW_TOKENS // 2
    for prompt, text in zip(PROMPTS, tiny.texts, strict=True):
        done = written(model, prompt)
        assert done.text == text
        assert done.statistics.generated_tokens == NEW_TOKENS
    for kept in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (model.folder / kept).read_bytes() == (tiny.folder / kept).read_bytes()
    assert {file.path for file in model.files} == {
        path.name for path in model.folder.iterdir() if path.name != "manifest.json"
    }
    told = [type(event) for event in desk.events]
    assert Inspected in told
    assert Transferring in told
    percents = [e.stage.done for e in desk.events if isinstance(e, Progress) and e.stage.total]
    assert percents[-1] == 100


@pytest.mark.parametrize(("name", "weights"), GRID)
def test_it_is_compressed(desk: Desk, name: str, weights: str) -> None:
    model = desk.added(name, weights)
    assert (model.id, model.weights, model.note) == (f"{name}-{weights}", weights, "")
    assert model.entry == f"hf:tiny/{name}"
    assert model.quality is not None
    assert model.quality.kl_divergence < (0.01 if weights == "int8" else 1.0)
    assert 1.2 < model.uncompressed_size / _size(model) < 4
    assert written(model, PROMPTS[0]).statistics.generated_tokens > 0
    percents = [e.stage.done for e in desk.events if isinstance(e, Progress) and e.stage.total]
    assert percents == sorted(percents)
    assert percents[-1] == 100


def _size(model: Model) -> int:
    return next(file.size for file in model.files if file.path == "openvino_model.bin")


def test_int8_is_made_of_the_fp16_that_is_here(desk: Desk) -> None:
    desk.added("llama", "fp16")
    desk.events.clear()
    before = len(desk.hub.requests)
    model = desk.added("llama", "int8")
    assert len(desk.hub.requests) == before
    assert (model.weights, model.entry) == ("int8", "hf:tiny/llama")
    assert {one.weights for one in desk.library.installed()} == {"fp16", "int8"}
