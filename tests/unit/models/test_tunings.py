"""What was measured holds for these weights, this device, processor and library only."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.events import Tried, Tuned
from desktop.domain.model import Model, ModelFile
from desktop.domain.tuning import PRECISION, TYPICAL
from desktop.models.tunings import KEPT, TuningStore

MODEL = Model("m", "M", "int4", Path("m"), 8192, (ModelFile("openvino_model.bin", 9, "abc"),))
TRIED = (Tried({}, 2000.0, 50.0, 4.1), Tried({PRECISION: "f32"}, 1000.0, 80.0, 2.7))
TUNED = Tuned(TRIED[1], TRIED)


def store_of(path: Path, version: str = "2026.4", processor: str = "A CPU") -> TuningStore:
    return TuningStore(path / "cache" / "tuning.json", version, lambda: TYPICAL["chat"], processor)


@pytest.fixture
def store(tmp_path: Path) -> TuningStore:
    return store_of(tmp_path)


def test_what_is_kept_is_found_after_a_restart(store: TuningStore, tmp_path: Path) -> None:
    assert store.find(MODEL, "CPU") is None
    store.keep(MODEL, "CPU", TUNED)
    assert store_of(tmp_path).find(MODEL, "CPU") == TUNED
    assert store_of(tmp_path).properties(MODEL, "CPU") == {PRECISION: "f32"}


@pytest.mark.parametrize(
    ("version", "processor", "device", "sha256"),
    [
        ("2026.5", "A CPU", "CPU", "abc"),
        ("2026.4", "Another", "CPU", "abc"),
        ("2026.4", "A CPU", "GPU", "abc"),
        ("2026.4", "A CPU", "CPU", "other weights"),
    ],
)
def test_it_is_not_found_for_anything_else(
    store: TuningStore, tmp_path: Path, version: str, processor: str, device: str, sha256: str
) -> None:
    store.keep(MODEL, "CPU", TUNED)
    model = replace(MODEL, files=(ModelFile("openvino_model.bin", 9, sha256),))
    assert store_of(tmp_path, version, processor).find(model, device) is None
    assert store_of(tmp_path, version, processor).properties(model, device) == {}


def test_another_graphics_card_is_another_device(store: TuningStore) -> None:
    store.know_devices({"CPU": "A CPU", "GPU": "One card"})
    store.keep(MODEL, "GPU", TUNED)
    store.know_devices({"CPU": "A CPU", "GPU": "Another card"})
    assert store.find(MODEL, "GPU") is None


def test_auto_is_the_device_that_it_comes_to(store: TuningStore) -> None:
    assert store.resolved("AUTO") == "CPU"
    store.know_devices({"CPU": "A CPU", "GPU": "A card"})
    store.keep(MODEL, "GPU", TUNED)
    assert store.resolved("AUTO") == "GPU"
    assert store.find(MODEL, "AUTO") == TUNED


def test_the_turn_that_the_user_chose_decides(tmp_path: Path) -> None:
    kinds = ["chat"]
    path = tmp_path / "tuning.json"
    store = TuningStore(path, "1", lambda: TYPICAL[kinds[0]], "A CPU")
    store.keep(MODEL, "CPU", TUNED)
    assert store.properties(MODEL, "CPU") == {PRECISION: "f32"}
    kinds[0] = "reading"
    assert store.properties(MODEL, "CPU") == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"devices": 1, "tunings": 2}', "\x00"])
def test_a_damaged_file_counts_as_never_measured(
    store: TuningStore, tmp_path: Path, text: str
) -> None:
    store.keep(MODEL, "CPU", TUNED)
    (tmp_path / "cache" / "tuning.json").write_text(text)
    assert store.find(MODEL, "CPU") is None
    store.keep(MODEL, "CPU", TUNED)
    assert store.find(MODEL, "CPU") == TUNED


def test_a_damaged_entry_counts_as_never_measured(store: TuningStore, tmp_path: Path) -> None:
    store.keep(MODEL, "CPU", TUNED)
    path = tmp_path / "cache" / "tuning.json"
    path.write_text(path.read_text().replace("2000.0", '"quick"'))
    assert store.find(MODEL, "CPU") is None


def test_the_oldest_go_first(store: TuningStore) -> None:
    first = replace(MODEL, id="first")
    store.keep(first, "CPU", TUNED)
    for number in range(KEPT):
        store.keep(replace(MODEL, id=f"m{number}"), "CPU", TUNED)
    assert store.find(first, "CPU") is None
    assert store.find(replace(MODEL, id="m0"), "CPU") == TUNED
