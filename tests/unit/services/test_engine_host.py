"""One engine process at a time, with the wanted model, and no words from the dead."""

from pathlib import Path

import pytest

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.engine.protocol import ListDevices, Load, Unload
from desktop.services.engine_host import EngineHost
from tests.unit.services.harness import FAKE_MODEL, OTHER_MODEL, Engines, ManualEngine, Models

LOADED = events.Loaded("CPU", 4096, 0.1)


class Desk:
    def __init__(self) -> None:
        self.engines = Engines()
        self.library = Models([FAKE_MODEL, OTHER_MODEL])
        self.events: list[tuple[int, Event]] = []
        self.host = EngineHost(
            self.engines, self.library, Path("cache"), lambda *tagged: self.events.append(tagged)
        )

    def heard(self) -> list[Event]:
        """The events since the last look that still matter."""
        tagged, self.events = self.events, []
        return [event for number, event in tagged if self.host.accept(number, event)]

    def loaded(self) -> ManualEngine:
        self.host.want(FAKE_MODEL, "CPU")
        engine: ManualEngine = self.engines.next()
        engine.say(LOADED)
        assert self.heard() == [LOADED]
        return engine


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_model_is_loaded_once(desk: Desk) -> None:
    assert desk.host.want(FAKE_MODEL, "CPU")
    assert desk.host.loading
    assert not desk.host.want(FAKE_MODEL, "CPU")
    engine = desk.engines.next()
    assert [type(command) for command in engine.received] == [ListDevices, Load]
    engine.say(LOADED)
    desk.heard()
    assert desk.host.ready
    assert not desk.host.loading
    assert not desk.host.want(FAKE_MODEL, "CPU")
    assert desk.library.verified == ["fake"]


def test_the_load_says_all_that_the_engine_needs(desk: Desk) -> None:
    desk.host.want(OTHER_MODEL, "GPU")
    load = desk.engines.next().got(Load)
    assert load.folder == "fake"
    assert load.device == "GPU"
    assert load.context_length == 100
    assert Path(load.cache_folder) == Path("cache/compiled/other")


def test_start_keeps_an_engine_that_lives(desk: Desk) -> None:
    desk.host.start()
    desk.host.start()
    desk.host.want(FAKE_MODEL, "CPU")
    assert desk.engines.count == 1


@pytest.mark.parametrize(("model", "device"), [(OTHER_MODEL, "CPU"), (FAKE_MODEL, "GPU")])
def test_another_model_or_device_is_another_process(desk: Desk, model: object, device: str) -> None:
    first = desk.loaded()
    assert desk.host.want(model, device)  # type: ignore[arg-type]
    assert not first.alive
    assert not desk.host.ready
    first.say(LOADED, events.Token("1", "late"), events.Ended(-9, expected=True))
    assert desk.heard() == []
    assert not desk.host.ready
    desk.engines.next().say(LOADED)
    assert desk.heard() == [LOADED]


def test_the_end_of_the_engine_is_heard_once_and_a_new_one_can_be_had(desk: Desk) -> None:
    engine = desk.loaded()
    before = desk.host.number
    engine.die()
    engine.say(LOADED)
    assert desk.heard() == [events.Ended(-11, expected=False)]
    assert not desk.host.ready
    assert not desk.host.loading
    assert desk.host.number != before
    assert desk.host.want(FAKE_MODEL, "CPU")
    assert desk.engines.count == 2


def test_an_engine_that_died_unheard_is_replaced(desk: Desk) -> None:
    engine = desk.loaded()
    engine.alive = False
    assert desk.host.want(FAKE_MODEL, "CPU")
    engine.say(events.Ended(-11, expected=False))
    assert desk.heard() == []
    assert desk.host.loading


def test_a_load_that_failed_can_be_tried_again_in_the_same_process(desk: Desk) -> None:
    desk.host.want(FAKE_MODEL, "CPU")
    engine = desk.engines.next()
    engine.say(events.Failed("", "It does not load."))
    desk.heard()
    assert not desk.host.loading
    assert desk.host.want(OTHER_MODEL, "CPU")
    assert engine.alive
    assert len(engine.all(Load)) == 2


def test_a_request_that_failed_says_nothing_about_the_model(desk: Desk) -> None:
    engine = desk.loaded()
    engine.say(events.Failed("a-request", "Too long."))
    desk.heard()
    assert desk.host.ready


def test_a_damaged_model_is_refused_before_the_engine_is_touched(desk: Desk) -> None:
    engine = desk.loaded()
    desk.library.broken.add("other")
    with pytest.raises(Problem, match="damaged"):
        desk.host.want(OTHER_MODEL, "CPU")
    assert engine.alive
    assert desk.host.ready


def test_end_ends_and_can_be_repeated(desk: Desk) -> None:
    desk.host.end()
    engine = desk.loaded()
    desk.host.end()
    desk.host.end()
    assert not engine.alive
    assert not desk.host.ready
    desk.host.send(Unload())  # to nobody
    assert desk.host.want(FAKE_MODEL, "CPU")
