"""The adapters below the data directory: added whole or not at all, and taken away again."""

import json
import os
from pathlib import Path

import pytest

from desktop.domain.adapters import Linear
from desktop.domain.errors import Problem
from desktop.domain.model import Model
from desktop.models.adapters import ABANDONED_S, NAME, AdapterStore
from tests.models.tiny_lora import Pairs, peft_folder, random_pairs

MODEL = Model("tiny", "Tiny", "int4", Path("tiny"), 512)
SIZES = {f"model.layers.{n}.self_attn.q_proj": (8, 6) for n in range(3)}
LAYERS = {name: Linear(inputs, outputs) for name, (outputs, inputs) in SIZES.items()}


@pytest.fixture
def store(tmp_path: Path) -> AdapterStore:
    return AdapterStore(tmp_path / "adapters", lambda _: LAYERS)


def pairs(seed: int = 1) -> Pairs:
    return random_pairs(SIZES, seed, 1.0)


def test_one_that_was_added_is_listed_and_applied(store: AdapterStore, tmp_path: Path) -> None:
    added = store.add(peft_folder(tmp_path / "Señor Pirate", pairs(), 8), MODEL)
    assert added.id.startswith("senor-pirate-")
    assert (added.name, added.rank, added.family) == ("Señor Pirate", 4, "tiny")
    assert store.of("tiny") == (added,)
    assert store.of("other") == ()
    (applied,) = store.applied("tiny", {added.id: 0.5, "gone": 1.0})
    assert (applied.id, applied.strength) == (added.id, 0.5)
    (part,) = applied.parts
    assert part.scale == 2.0
    assert Path(part.path).is_file()
    assert store.applied("tiny", {}) == ()


def test_parts_that_act_differently_are_kept_apart(store: AdapterStore, tmp_path: Path) -> None:
    alphas = {"layers.1.self_attn.q_proj": 1.0}
    added = store.add(peft_folder(tmp_path / "a", pairs(), 8, alpha_pattern=alphas), MODEL)
    assert [part.scale for part in added.parts] == [0.25, 2.0]


def test_the_id_names_what_is_in_it(store: AdapterStore, tmp_path: Path) -> None:
    first = store.add(peft_folder(tmp_path / "1" / "same", pairs(), 8), MODEL)
    again = store.add(peft_folder(tmp_path / "2" / "same", pairs(), 8), MODEL)
    stronger = store.add(peft_folder(tmp_path / "3" / "same", pairs(), 16), MODEL)
    other = store.add(peft_folder(tmp_path / "4" / "same", pairs(2), 8), MODEL)
    assert again == first
    assert len({first.id, stronger.id, other.id}) == 3
    assert len(store.of("tiny")) == 3


def test_it_is_found_by_how_its_id_begins(store: AdapterStore, tmp_path: Path) -> None:
    one = store.add(peft_folder(tmp_path / "one", pairs(), 8), MODEL)
    two = store.add(peft_folder(tmp_path / "only", pairs(), 8), MODEL)
    assert store.find("tiny", "one") == one
    assert store.find("tiny", two.id) == two
    with pytest.raises(Problem, match="is not clear"):
        store.find("tiny", "on")
    for nothing in ("", "three"):
        with pytest.raises(Problem, match="was not added"):
            store.find("tiny", nothing)


def test_one_that_was_removed_comes_back_until_it_is_forgotten(
    store: AdapterStore, tmp_path: Path
) -> None:
    added = store.add(peft_folder(tmp_path / "a", pairs(), 8), MODEL)
    store.remove(added)
    assert store.of("tiny") == ()
    store.bring_back(added)
    assert store.of("tiny") == (added,)
    store.remove(added)
    store.forget_removed()
    assert list((tmp_path / "adapters" / "tiny").iterdir()) == []
    with pytest.raises(Problem, match="bring the adapter back"):
        store.bring_back(added)


def test_one_that_does_not_fit_leaves_nothing(store: AdapterStore, tmp_path: Path) -> None:
    wrong = random_pairs({"model.layers.9.self_attn.q_proj": (8, 6)}, 1, 1.0)
    with pytest.raises(Problem, match="does not have"):
        store.add(peft_folder(tmp_path / "a", wrong, 8), MODEL)
    assert not (tmp_path / "adapters").exists()


def test_what_was_never_finished_is_forgotten_once_nobody_works_in_it(
    store: AdapterStore, tmp_path: Path
) -> None:
    old, fresh = (tmp_path / "adapters" / "tiny" / f".work-{n}" for n in "ab")
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    moment = old.stat().st_mtime - ABANDONED_S - 60
    os.utime(old, (moment, moment))
    store.forget_removed()
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"id": "another"},
        {"parts": []},
        {"parts": [{"path": "../x", "sha256": "", "scale": 1.0}]},
        {"parts": [{"path": "x", "sha256": "", "scale": "?"}]},
        {"rank": "?"},
    ],
)
def test_a_folder_that_makes_no_sense_is_passed_over(
    store: AdapterStore, tmp_path: Path, change: dict[str, object]
) -> None:
    good = store.add(peft_folder(tmp_path / "good", pairs(), 8), MODEL)
    bad = store.add(peft_folder(tmp_path / "bad", pairs(), 8), MODEL)
    path = tmp_path / "adapters" / "tiny" / bad.id / NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert store.of("tiny") == (good,)


def test_all_weight_formats_of_a_model_share_its_adapters(
    store: AdapterStore, tmp_path: Path
) -> None:
    compressed = Model("tiny-int8", "Tiny", "int8", Path("tiny"), 512)
    added = store.add(peft_folder(tmp_path / "a", pairs(), 8), compressed)
    assert store.of("tiny") == store.all() == (added,)
    assert store.applied("tiny", {added.id: 1.0})
