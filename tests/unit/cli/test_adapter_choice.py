"""`--adapter ID[:STRENGTH]`."""

from pathlib import Path

import pytest

from desktop.cli.adapters import chosen
from desktop.domain.errors import Problem, UsageProblem
from desktop.engine.fake import FAKE_LAYERS, FAKE_MODEL
from desktop.models.adapters import AdapterStore
from tests.models.tiny_lora import peft_folder, random_pairs

SIZES = {name: (linear.outputs, linear.inputs) for name, linear in FAKE_LAYERS.items()}


@pytest.fixture
def store(tmp_path: Path) -> AdapterStore:
    made = AdapterStore(tmp_path / "adapters", lambda _: FAKE_LAYERS)
    for seed, name in enumerate(("pirate", "poet")):
        made.add(peft_folder(tmp_path / name, random_pairs(SIZES, seed, 1.0), 8), FAKE_MODEL)
    return made


def test_strengths_are_as_given_or_as_trained(store: AdapterStore) -> None:
    pirate, poet = (adapter.id for adapter in store.of(FAKE_MODEL.id))
    assert chosen(store, FAKE_MODEL, []) == {}
    assert chosen(store, FAKE_MODEL, ["pirate", f"{poet}:0.25"]) == {pirate: 1.0, poet: 0.25}
    assert chosen(store, FAKE_MODEL, ["pirate:0", "poet:2"]) == {poet: 2.0}


@pytest.mark.parametrize("given", ["pirate:3", "pirate:-1", "pirate:nan", "pirate:", "pirate:x"])
def test_no_other_strength_is_taken(store: AdapterStore, given: str) -> None:
    with pytest.raises(UsageProblem, match="strength"):
        chosen(store, FAKE_MODEL, [given])


def test_one_is_given_once_and_is_there(store: AdapterStore) -> None:
    with pytest.raises(UsageProblem, match="twice"):
        chosen(store, FAKE_MODEL, ["pirate", "pirate:0.5"])
    with pytest.raises(Problem, match="is not clear"):
        chosen(store, FAKE_MODEL, ["p"])
    with pytest.raises(Problem, match="was not added"):
        chosen(store, FAKE_MODEL, ["bard"])
