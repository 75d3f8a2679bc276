"""`cellar models adapters`, and asking with an adapter."""

import json
from pathlib import Path

import pytest

from tests.models.tiny_lora import peft_folder, random_pairs
from tests.support import STARTER_ID, Cellar

pytestmark = pytest.mark.e2e

QUESTION = "What is the capital of France?"
SIZES = {f"model.layers.{n}.self_attn.v_proj": (192, 576) for n in range(30)}


def done(out: str) -> dict[str, object]:
    last: dict[str, object] = json.loads(out.splitlines()[-1])
    return last


def test_an_adapter_is_added_asked_with_and_removed(cellar: Cellar, tmp_path: Path) -> None:
    source = peft_folder(tmp_path / "Pirate", random_pairs(SIZES, 1, 0.3), 8)
    before = sorted((cellar.data_dir / "models" / STARTER_ID).iterdir())
    added = cellar("models", "adapters", "add", str(source), "--json")
    assert added.code == 0, added.err
    facts = json.loads(added.out)
    assert (facts["name"], facts["family"], facts["rank"]) == ("Pirate", STARTER_ID, 4)
    assert json.loads(cellar("models", "adapters", "list", "--json").out) == [facts]
    asked = ("ask", QUESTION, "--temperature", "0", "--json")
    with_it = done(cellar(*asked, "--adapter", "pirate:0.5").out)
    assert with_it["adapters"] == {facts["id"]: 0.5}
    without = done(cellar(*asked, "--adapter", "pirate:0").out)
    assert without["adapters"] == {}
    assert "Paris" in str(without["text"])
    assert without["text"] != with_it["text"]
    removed = cellar("models", "adapters", "remove", "pirate")
    assert facts["id"] in removed.out
    assert json.loads(cellar("models", "adapters", "list", "--json").out) == []
    assert sorted((cellar.data_dir / "models" / STARTER_ID).iterdir()) == before


def test_what_cannot_be_is_said_in_a_line(cellar: Cellar, tmp_path: Path) -> None:
    wrong = {"model.layers.99.self_attn.v_proj": (192, 576)}
    source = peft_folder(tmp_path / "Other", random_pairs(wrong, 1, 0.1), 8)
    for code, said, *arguments in (
        (3, "does not have", "models", "adapters", "add", str(source)),
        (3, "no adapter in", "models", "adapters", "add", str(tmp_path)),
        (3, "was not added", "models", "adapters", "remove", "pirate"),
        (3, "was not added", "ask", QUESTION, "--adapter", "pirate"),
        (3, "not installed", "models", "adapters", "list", "--to", "nope"),
    ):
        ran = cellar(*arguments)
        assert ran.code == code, ran.err
        assert said in ran.problem()
