"""Damaged and hostile models: the child may end over one, and the program says a sentence."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Done, Ended, Event, Failed, JobDone, Loaded
from desktop.domain.sampling import defaults
from desktop.engine.client import Child, why_ended
from desktop.engine.protocol import AdoptIr, Generate, ImportGguf, Turn
from desktop.services.jobs import Work
from tests.integration.engine_process import EngineProcess
from tests.models.tiny_gguf import write_gguf
from tests.models.tiny_ir import tiny_ir

pytestmark = pytest.mark.integration

XML, BIN = "openvino_model.xml", "openvino_model.bin"
FLIPPED = (XML, XML, BIN, "openvino_tokenizer.xml", "openvino_detokenizer.xml")
FEW, MANY = range(20), range(20, 220)
CONTEXT = 256


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sound model. To be read only."""
    return tiny_ir(tmp_path_factory.mktemp("tiny") / "made")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "model"))


def replaced(pattern: str, by: str, count: int = 1) -> Callable[[str], str]:
    def edit(xml: str) -> str:
        changed, done = re.subn(pattern, by, xml, count=count, flags=re.DOTALL)
        assert done, pattern
        return changed

    return edit


def doubled_layer(xml: str) -> str:
    layers = re.findall(r"\t\t<layer .*?</layer>\n", xml, re.DOTALL)
    return xml.replace(layers[-1], layers[0] + layers[-1])


CONSTANT = r'(<data element_type="f16" shape=")[^"]*(" offset=")[^"]*(" size=")[^"]*'
ENTITIES = "<!DOCTYPE net [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b '&a;&a;'>]>"

# What is done to the description, and whether the model is certainly not taken.
HOSTILE: dict[str, tuple[Callable[[str], str], bool]] = {
    "a table of 10^12 numbers": (
        replaced(CONSTANT, r"\g<1>1000000, 1000000\g<2>0\g<3>2000000000000"),
        True,
    ),
    "a table outside the weights": (
        replaced(CONSTANT, r"\g<1>64, 64\g<2>999999999999\g<3>8192"),
        True,
    ),
    "a table that ends outside": (replaced(CONSTANT, r"\g<1>64, 64\g<2>0\g<3>99999999999"), True),
    "a negative place": (replaced(CONSTANT, r"\g<1>64, 64\g<2>-8192\g<3>8192"), True),
    "a place that overflows": (
        replaced(CONSTANT, r"\g<1>64, 64\g<2>18446744073709551608\g<3>8192"),
        True,
    ),
    "a place that is a path": (replaced(CONSTANT, r"\g<1>64, 64\g<2>/etc/passwd\g<3>8192"), True),
    "a negative dimension": (replaced(r"<dim>\d+</dim>", "<dim>-7</dim>", 0), True),
    "dimensions without end": (replaced(r"<dim>\d+</dim>", "<dim>999999999999</dim>", 0), False),
    "an endless text to read": (
        replaced(r'(type="Parameter".*?shape=")[^"]*', r"\g<1>999999,999999999", 0),
        False,
    ),
    "two layers with one number": (doubled_layer, False),
    "an operation of a stranger": (
        replaced(r'type="MatMul" version="opset1"', 'type="Evil" version="extension"'),
        True,
    ),
    "an edge to nowhere": (replaced(r'to-layer="\d+"', 'to-layer="99999"'), True),
    "a circle": (replaced(r'from-layer="\d+"', 'from-layer="50"', 0), True),
    "entities": (lambda xml: xml.replace("<net ", f"{ENTITIES}<net ", 1), False),
    "deep brackets": (lambda xml: "<net>" * 200_000, True),
    "nothing": (lambda xml: "", True),
}


def adopted(source: Path, target: Path) -> JobDone | Problem:
    target.mkdir()
    try:
        return Work(Child).run(AdoptIr(str(source), str(target)), lambda _: None)
    except Problem as problem:
        return problem


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_description_costs_a_child_at_most(
    folder: Path, tmp_path: Path, what: str
) -> None:
    edit, refused = HOSTILE[what]
    description = folder / XML
    description.write_text(edit(description.read_text("utf-8")), "utf-8")
    outcome = adopted(folder, tmp_path / "target")
    if refused:
        assert isinstance(outcome, Problem)
    if isinstance(outcome, Problem):
        assert outcome.remedy
        assert_sentence(str(outcome))


def assert_sentence(text: str) -> None:
    assert "Traceback" not in text
    assert len(text) < 600
    assert text.strip()[-1] in ".!?", text


class Loader:
    """An engine that is started anew when it has ended over a model."""

    def __init__(self) -> None:
        self.engine = EngineProcess()
        self.deaths = 0

    def outcome(self, folder: Path) -> str:
        """What loading it and saying something came to: a sentence when it went wrong."""
        result = self.engine.try_to_load(folder, context_length=CONTEXT)
        if isinstance(result, Loaded):
            values = defaults() | {"max_new_tokens": 3, "seed": 1}
            self.engine.send(Generate("r", (Turn("user", "Hello"),), values))
            last: Event = result
            while not isinstance(last, (Done, Failed, Ended)):
                _, last = self.engine.next()
            result = last if isinstance(last, (Failed, Ended)) else result
        if isinstance(result, Ended):
            self.deaths += 1
            self.engine = EngineProcess()
            return str(why_ended(result.exit_code))
        return f"{result.what} {result.remedy}".strip() if isinstance(result, Failed) else ""


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    loader = Loader()
    yield loader
    loader.engine.end()


def flip(folder: Path, seed: int) -> None:
    """Change some bits of one file."""
    dice = random.Random(seed)  # noqa: S311 (no secret)
    path = folder / FLIPPED[seed % len(FLIPPED)]
    data = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("seed", [*FEW, *(pytest.param(n, marks=pytest.mark.slow) for n in MANY)])
def test_flipped_bits_cost_an_engine_at_most(folder: Path, loader: Loader, seed: int) -> None:
    flip(folder, seed)
    if sentence := loader.outcome(folder):
        assert_sentence(sentence)


def test_an_engine_serves_on_after_all_that(made: Path, loader: Loader) -> None:
    assert loader.outcome(made) == ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_flipped_bits_of_a_gguf_file_cost_a_child_at_most(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    path = write_gguf(tmp_path / "model.gguf")
    data = bytearray(path.read_bytes())
    reach = 4096 if seed % 2 else len(data)  # half of them in the header
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    (tmp_path / "target").mkdir()
    try:
        Work(Child).run(ImportGguf(str(path), str(tmp_path / "target")), lambda _: None)
    except Problem as problem:
        assert_sentence(str(problem))
