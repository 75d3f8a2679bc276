"""What tuning found goes with the load, and what has changed since is told."""

from pathlib import Path

from desktop.domain.events import Loaded
from desktop.engine.fake import FAKE_MODEL, FakeLibrary
from desktop.engine.protocol import Load
from desktop.services.engine_host import EngineHost, LoadChoices
from tests.unit.services.harness import ManualEngine


def test_properties_and_prompt_lookup_go_with_the_load_and_may_be_outdated() -> None:
    properties = {"INFERENCE_PRECISION_HINT": "f32"}
    engine = ManualEngine()
    choices = LoadChoices(lambda model, device: dict(properties), lambda model: True)
    host = EngineHost(lambda: engine, FakeLibrary(), Path("cache"), lambda *_: None, choices)
    host.want(FAKE_MODEL, "CPU")
    (load,) = engine.all(Load)
    assert load.properties == properties
    assert load.prompt_lookup
    host.accept(host.number, Loaded("CPU", 4096, 0.1))
    assert not host.outdated
    properties["KV_CACHE_PRECISION"] = "f16"
    assert host.outdated
    assert not host.want(FAKE_MODEL, "CPU")
