"""A comparison with scripted processes: who has a turn when, who drops out, how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop.domain.bench import Contestant, DeviceReport, Step, Work
from desktop.domain.conversation import State, Statistics
from desktop.domain.events import (
    BareOpened,
    Counted,
    Done,
    Event,
    Failed,
    Loaded,
    Measured,
    Rendered,
    Token,
    Tried,
    Tuned,
)
from desktop.domain.fit import Machine
from desktop.domain.model import Model, ModelFile
from desktop.domain.tuning import TYPICAL
from desktop.engine import protocol
from desktop.engine.protocol import Command
from desktop.models.library import Library
from desktop.models.tunings import TuningStore
from desktop.services.bench.service import Bench, Parts
from desktop.services.bench.workload import Workload
from desktop.services.engine_host import EngineHost, LoadChoices
from desktop.services.jobs import Cancelled

GIB = 2**30
F32 = {"INFERENCE_PRECISION_HINT": "f32"}
WORK = Work(rounds=3, prompt=60, answer=8, history=100, history_rounds=1)
TUNED = Tuned(Tried(F32, 100, 90, 4), (Tried({}, 100, 50, 6), Tried(F32, 100, 90, 4)))


@dataclass
class Stage:
    """Every process that was started, and what is to go wrong."""

    broken: str = ""  # the library that fails after its first answer
    load_failure: str = ""
    processes: "list[Scripted]" = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # who, with which prompt

    def process(self) -> "Scripted":
        self.processes.append(Scripted(self))
        return self.processes[-1]


class Scripted:
    """An engine that answers at once, in the caller's thread."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.alive = False
        self.name = "cellar"
        self.properties: dict[str, str] = {}
        self._answers = 0

    def start(self, on_event: Callable[[Event], None]) -> None:
        self.alive, self._tell = True, on_event

    def end(self) -> None:
        self.alive = False

    def send(self, command: Command) -> None:
        for event in self._answer(command):
            self._tell(event)

    def _answer(self, command: Command) -> list[Event]:
        match command:
            case protocol.OpenBare(library=library, properties=properties):
                self.name, self.properties = library, properties
                return [BareOpened()]
            case protocol.RunBare(prompt=prompt):
                return [self._bare(prompt)]
            case protocol.Tune():
                return [*TUNED.tried, TUNED]
        return self._answer_of_engine(command)

    def _answer_of_engine(self, command: Command) -> list[Event]:
        match command:
            case protocol.Load(properties=properties):
                failure = self._stage.load_failure
                loaded = Loaded("CPU", 1000, 0.1, properties=properties)
                return [Failed("", failure) if failure else loaded]
            case protocol.CountTokens(request_id=name, texts=texts):
                return [Counted(name, tuple(len(text.split()) for text in texts))]
            case protocol.Render(request_id=name, turns=turns):
                return [Rendered(name, "|".join(turn.content for turn in turns))]
            case protocol.Generate(request_id=name, turns=turns):
                self._stage.asked.append(("cellar", "|".join(turn.content for turn in turns)))
                figures = Statistics(prompt_tokens=60, generated_tokens=8)
                return [Token(name, "same"), Done(name, "same", State.LENGTH, figures)]
        return []

    def _bare(self, prompt: str) -> Event:
        self._answers += 1
        if self.name == self._stage.broken and self._answers > 1:
            return Failed("", "It could not answer.")
        self._stage.asked.append((self.name, prompt))
        return Measured(60, 8, 10.0, 80.0, "same")


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def model(tmp_path: Path) -> Model:
    folder = tmp_path / "models" / "m"
    folder.mkdir(parents=True)
    (folder / "openvino_model.bin").write_bytes(b"x" * 1000)
    return Model("m", "M", "int4", folder, 1000, (ModelFile("openvino_model.bin", 1000, ""),))


@pytest.fixture
def store(tmp_path: Path) -> TuningStore:
    return TuningStore(tmp_path / "tuning.json", "1", lambda: TYPICAL["chat"], "a processor")


@pytest.fixture
def bench(stage: Stage, tmp_path: Path, store: TuningStore) -> Bench:
    return made_bench(stage, tmp_path, store, memory=8 * GIB)


def made_bench(stage: Stage, folder: Path, store: TuningStore, memory: int) -> Bench:
    library = Library(folder / "models", folder / "verified.json")
    return Bench(
        Parts(
            make_host=lambda make, heard: EngineHost(
                make, library, folder, heard, LoadChoices(store.properties)
            ),
            make_engine=stage.process,
            make_child=lambda _: stage.process(),
            tunings=store,
            gguf_of=lambda _: None,
            machine=lambda: Machine(16 * GIB, memory, GIB, bandwidth_bytes_per_s=2e9),
        )
    )


def device_report(bench: Bench, model: Model, steps: list[Step] | None = None) -> DeviceReport:
    told = [] if steps is None else steps
    (device,) = bench.run(model, ("CPU",), told.append, WORK).devices
    return device


def test_all_have_a_turn_in_each_round(bench: Bench, stage: Stage, model: Model) -> None:
    steps: list[Step] = []
    device = device_report(bench, model, steps)
    order = [step.contestant for step in steps if step.what.startswith("round")]
    one, two, three, four = list(Contestant)[:4]
    assert order[:8] == [one, two, three, four] * 2  # all answer, then all answer once more
    assert order[8:12] == [two, three, four, one]
    assert len(order) == 3 * 2 * 4
    for contestant in (one, two, three, four):
        assert len(device.of(contestant).samples) == 3
        assert [bool(s.tenth_ms) for s in device.of(contestant).samples] == [True, False, False]
    assert "not made from a GGUF" in device.of(Contestant.LLAMA_CPP).why_not
    assert not any(process.alive for process in stage.processes)


def test_all_get_the_same_prompts(bench: Bench, stage: Stage, model: Model) -> None:
    device_report(bench, model)
    prompts = {who: [text for name, text in stage.asked if name == who] for who, _ in stage.asked}
    assert prompts["optimum-intel"] == prompts["cellar"]
    assert prompts["openvino-genai"][:4] != prompts["cellar"][4:8]
    assert len(set(prompts["cellar"])) == 3 + 2  # a prompt a round, and the conversation


def test_the_settings_are_those_that_were_found(
    bench: Bench, stage: Stage, model: Model, store: TuningStore
) -> None:
    bench.tune(model, ("CPU",), lambda _: None)
    device = device_report(bench, model)
    assert device.tuned is not None
    assert [one.properties for one in device.tuned.tried] == [{}, F32]
    assert device.of(Contestant.CELLAR).properties == F32
    assert device.of(Contestant.LIBRARY).properties == {}
    genai = [p.properties for p in stage.processes if p.name == "openvino-genai"]
    assert genai == [{}, F32]
    started = len(stage.processes)
    bench.tune(model, ("CPU",), lambda _: None, anew=False)
    assert len(stage.processes) == started


def test_one_that_fails_drops_out(bench: Bench, stage: Stage, model: Model) -> None:
    stage.broken = "optimum-intel"
    device = device_report(bench, model)
    optimum = device.of(Contestant.OPTIMUM)
    assert optimum.why_not == "It could not answer."
    assert optimum.samples == ()
    assert len(device.of(Contestant.CELLAR).samples) == 3


def test_a_model_that_does_not_load(bench: Bench, stage: Stage, model: Model) -> None:
    stage.load_failure = "The model could not be loaded."
    device = device_report(bench, model)
    assert device.why_not == "The model could not be loaded."
    assert device.results == ()
    assert not any(process.alive for process in stage.processes)


def test_little_memory_holds_one_at_a_time(
    stage: Stage, tmp_path: Path, store: TuningStore, model: Model
) -> None:
    bench = made_bench(stage, tmp_path, store, memory=5000)
    most = 0

    def watch(_: Step) -> None:
        nonlocal most
        most = max(most, sum(process.alive for process in stage.processes))

    (device,) = bench.run(model, ("CPU",), watch, WORK).devices
    assert device.in_turn
    assert most == 1
    assert len(device.of(Contestant.OPTIMUM).samples) == 3


def test_cancelling_ends_every_process(bench: Bench, stage: Stage, model: Model) -> None:
    def cancel_late(step: Step) -> None:
        if step.what == "round 2 of 3":
            bench.cancel()

    with pytest.raises(Cancelled):
        bench.run(model, ("CPU",), cancel_late, WORK)
    assert stage.processes
    assert not any(process.alive for process in stage.processes)


def test_prompts_have_the_wanted_length_and_fit() -> None:
    def count(text: str) -> int:
        return len(text.split())

    prompts = Workload(Work(prompt=500, history=900), 8000, count).prompts(0)
    assert count(prompts.single[0].content) == pytest.approx(500, abs=40)
    assert sum(count(turn.content) for turn in prompts.tenth) == pytest.approx(900, rel=0.25)
    assert [turn.role for turn in prompts.tenth[-3:]] == ["user", "assistant", "user"]
    assert prompts.tenth[: len(prompts.ninth)] == prompts.ninth
    small = Workload(Work(prompt=5000, history=9000), 1000, count).prompts(0)
    assert count(small.single[0].content) < 600
    assert sum(count(turn.content) for turn in small.tenth) < 1000
