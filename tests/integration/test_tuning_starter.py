"""Tuning with the real engine process and the real starter model."""

from pathlib import Path

import pytest

from desktop.domain.events import Failed, Tried, Tuned
from desktop.domain.tuning import CACHE, PRECISION, TYPICAL
from desktop.engine.protocol import Tune
from tests.integration.engine_process import CONTEXT, EngineProcess

CHAT = TYPICAL["chat"]


def command(folder: Path, budget_s: float) -> Tune:
    return Tune(str(folder), "CPU", CONTEXT, "", True, budget_s, CHAT.reading, CHAT.writing)


def events_of(engine: EngineProcess, asked: Tune) -> tuple[list[Tried], Tuned]:
    engine.send(asked)
    tried: list[Tried] = []
    while not isinstance(event := engine.until(Tried, Tuned), Tuned):
        assert isinstance(event, Tried)
        tried.append(event)
    return tried, event


@pytest.fixture(scope="module")
def thorough(model_folder: Path) -> Tuned:
    """Everything that is worth a try here."""
    engine = EngineProcess()
    try:
        return events_of(engine, command(model_folder, 600.0))[1]
    finally:
        engine.end()


def test_the_defaults_come_first_and_all_have_figures(thorough: Tuned) -> None:
    assert thorough.complete
    assert thorough.tried[0].properties == {}
    assert thorough.best in thorough.tried
    assert thorough.best.accurate
    assert all(one.reading > 0 and one.writing > 0 for one in thorough.tried)
    assert all(one.deviation > 0 for one in thorough.tried)


def test_finer_formats_are_tried_and_are_no_further_from_the_exact_model(thorough: Tuned) -> None:
    finest = max(thorough.tried, key=lambda one: len({PRECISION, CACHE} & set(one.properties)))
    assert CACHE in finest.properties
    assert finest.accurate
    assert finest.deviation < thorough.tried[0].deviation


def test_every_setting_that_was_tried_loads_and_answers(
    thorough: Tuned, model_folder: Path
) -> None:
    engine = EngineProcess()
    try:
        for one in thorough.tried:
            engine.load(model_folder, properties=one.properties)
            assert "Paris" in engine.ask("What is the capital of France?").text
    finally:
        engine.end()


def test_a_short_budget_still_gives_the_defaults_figures(model_folder: Path) -> None:
    engine = EngineProcess()
    try:
        tried, tuned = events_of(engine, command(model_folder, 0.5))
    finally:
        engine.end()
    assert [one.properties for one in tried] == [{}]
    assert tuned.best == tuned.tried[0]
    assert not tuned.complete


def test_it_can_be_ended_in_the_middle(model_folder: Path) -> None:
    engine = EngineProcess()
    engine.send(command(model_folder, 600.0))
    engine.until(Tried)
    engine.end()
    assert not engine.child.alive


def test_a_model_that_does_not_fit_twice_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "huge"
    folder.mkdir()
    with open(folder / "openvino_model.bin", "wb") as file:
        file.truncate(2**42)  # a sparse file
    engine = EngineProcess()
    try:
        engine.send(command(folder, 10.0))
        failed = engine.until(Failed)
    finally:
        engine.end()
    assert isinstance(failed, Failed)
    assert "second copy" in failed.what
