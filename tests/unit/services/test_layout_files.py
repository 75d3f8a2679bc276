"""Prompt layouts: their files, and which model has which."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.catalogue import Source, SourceKind
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.layout import Layout, SystemPlace
from desktop.domain.model import Model
from desktop.domain.presets import Preset
from desktop.models.catalogue import read_catalogue
from desktop.paths import resources
from desktop.services.layouts import format
from desktop.services.layouts.store import Choice, LayoutStore
from desktop.services.plans import Request, plan
from desktop.services.presets import format as preset_format

CATALOGUE = read_catalogue(resources() / "catalogue")
MODEL = Model("my-model", "Mine", "int4", Path("models/my-model"), 1024)
HEAD = 'format = "cellar-layout"\nversion = 1\nname = "Mine"\n'
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
LISTS = st.lists(TEXTS.filter(bool), max_size=3).map(tuple)
LAYOUTS = st.builds(
    Layout,
    *[TEXTS] * 8,
    answer=st.none() | TEXTS,
    system=st.sampled_from(list(SystemPlace)),
    stop=LISTS,
    stop_tokens=LISTS,
    control=LISTS,
    window=st.integers(0, 10_000),
    trimmed=st.booleans(),
    keeps_tokens=st.booleans(),
)


def store(folder: Path) -> LayoutStore:
    return LayoutStore(resources() / "layouts", folder / "layouts.json", lambda: CATALOGUE)


def test_the_layouts_of_the_older_chatbots_are_there(tmp_path: Path) -> None:
    shipped = store(tmp_path).shipped
    assert set(shipped) >= {"redpajama-chat", "llama-2-chat", "mpt-chat", "chatml", "dialogpt"}
    assert set(shipped) >= {"speaker-tokens", "human-assistant"}
    assert set(shipped) >= {"completion-human-ai", "completion-customer-agent"}
    assert all(each.description.endswith(".") for each in shipped.values())
    assert len({each.name for each in shipped.values()}) == len(shipped)


def test_what_speaker_tokens_lack_is_said(tmp_path: Path) -> None:
    for id_ in ("speaker-tokens", "sp-tokens"):
        assert "token type ids" in store(tmp_path).shipped[id_].description


def test_every_layout_that_the_catalogue_names_is_there(tmp_path: Path) -> None:
    named = {entry.layout for entry in CATALOGUE if entry.layout}
    assert len(named) >= 6
    assert named <= set(store(tmp_path).shipped)


@given(LAYOUTS)
def test_a_preset_keeps_every_part_of_its_layout(layout: Layout) -> None:
    preset = Preset("mine", "Mine", layout=layout)
    assert preset_format.read(preset_format.write(preset), "mine") == preset


def test_a_simple_layout_is_written_as_it_always_was() -> None:
    assert format.written_layout(Layout("Q: ", "A: ", "\n", "")) == {
        "user": "Q: ",
        "assistant": "A: ",
        "separator": "\n",
        "after_system": "",
    }


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('system = "last"', "“system” cannot be “last”"),
        ("window = -1", "“window” must be from 0"),
        ("window = true", "“window” must be a whole number"),
        ("stop = [1]", "“stop” must be a list of texts"),
        ('stop = [""]', "“stop” must be a list of texts"),
        ("trimmed = 1", "“trimmed” must be true or false"),
        ("usr = ''", "“usr” is not known"),
    ],
)
def test_what_is_amiss_in_a_file_is_said(line: str, why: str) -> None:
    with pytest.raises(Problem, match=why):
        format.read(f"{HEAD}[layout]\n{line}\n".encode(), "mine")


@pytest.mark.parametrize("data", [b"", b"\xff", b'format = "cellar-preset"\nversion = 1', b"="])
def test_another_file_is_no_layout(data: bytes) -> None:
    with pytest.raises(Problem, match="The prompt layout cannot be used"):
        format.read(data, "mine")


# which model has which


def test_the_users_choice_comes_before_the_models_own(tmp_path: Path) -> None:
    layouts = store(tmp_path)
    own, chosen = layouts.shipped["dialogpt"].layout, layouts.shipped["chatml"].layout
    model = replace(MODEL, layout="dialogpt")
    assert layouts.of(model) == own
    layouts.choose(model, Choice("chatml"))
    assert layouts.of(model) == chosen
    assert store(tmp_path).of(model) == chosen
    edited = replace(chosen, user="You: ", window=3)
    layouts.choose(model, Choice(edited=edited))
    assert store(tmp_path).of(model) == edited
    assert layouts.of(MODEL) == edited  # the same model, whatever its manifest says
    layouts.choose(model, Choice())
    assert store(tmp_path).of(model) == layouts.of(model) == own


def test_a_model_without_a_layout_keeps_its_template(tmp_path: Path) -> None:
    assert store(tmp_path).of(MODEL) is None
    assert store(tmp_path).of(None) is None
    assert store(tmp_path).of(replace(MODEL, layout="of-a-later-cellar")) is None


def test_a_model_of_the_catalogue_is_known_by_its_repository(tmp_path: Path) -> None:
    layouts = store(tmp_path)
    known = replace(MODEL, entry="hf:microsoft/DialoGPT-small")
    assert layouts.native(known) == layouts.shipped["dialogpt"]
    assert layouts.of(replace(MODEL, entry="hf:somebody/else")) is None


def test_a_model_of_the_catalogue_is_installed_with_its_layout() -> None:
    made = plan(Request("dialogpt-small", "int8"), CATALOGUE, Path("nowhere"))
    assert made.layout == "dialogpt"
    assert plan(Request("qwen3-0.6b", "int4"), CATALOGUE, Path("nowhere")).layout == ""


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"models": {"a": {"user": 1}}}', b"[" * 100_000])
def test_choices_that_cannot_be_read_count_as_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "layouts.json").write_bytes(data)
    layouts = store(tmp_path)
    assert layouts.choice(MODEL) == Choice()
    layouts.choose(MODEL, Choice("chatml"))
    assert store(tmp_path).choice(MODEL) == Choice("chatml")


def test_a_layout_is_named_by_its_id_or_its_file(tmp_path: Path) -> None:
    layouts = store(tmp_path)
    assert layouts.named("chatml") == layouts.shipped["chatml"].layout
    file = tmp_path / "mine.toml"
    file.write_text(f'{HEAD}[layout]\nuser = "Q: "\n', "utf-8")
    assert layouts.named(str(file)) == Layout(user="Q: ")
    with pytest.raises(UsageProblem, match="no prompt layout “nonesuch”"):
        layouts.named("nonesuch")


def test_the_older_chatbots_come_from_their_makers_and_are_never_recommended() -> None:
    older = [entry for entry in CATALOGUE if entry.layout]
    assert len(older) == 9
    for entry in older:
        assert entry.speciality == "classic"
        (source,) = entry.sources
        assert isinstance(source, Source)
        assert source.kind is SourceKind.PYTORCH
    unfree = {entry.id for entry in older if "non-commercial" in entry.summary}
    assert unfree == {"mpt-7b-chat", "opt-1.3b-rlhf"}
    assert [entry.id for entry in older if entry.licence.gated] == ["llama-2-7b-chat"]
