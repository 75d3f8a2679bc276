"""Presets as files: the shipped ones, the user's own, and those that somebody shared."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.conversation import ContextPolicy, clean_text
from desktop.domain.errors import Problem
from desktop.domain.layout import Layout, stop_texts
from desktop.domain.presets import Field, Preset
from desktop.paths import resources
from desktop.services.presets import format
from desktop.services.presets.store import PresetStore, open_presets
from tests.chat_trees import NAUGHTY, sampling, texts

HEAD = 'format = "cellar-preset"\nversion = 1\nname = "Mine"\n'
_labels = st.text(max_size=20).map(clean_text).map(lambda text: "".join(text.splitlines()))
_fields = st.builds(
    Field,
    name=st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
    label=_labels.map(lambda text: f"x{text}".strip()),
    help=_labels,
    multiline=st.booleans(),
    heading=texts,
)
presets = st.builds(
    Preset,
    id=st.just("mine"),
    name=_labels.map(lambda text: f"x{text}".strip()),
    description=_labels,
    system_prompt=texts,
    sampling=sampling.map(
        lambda values: {n: v for n, v in values.items() if v is not None}  # TOML has no null
    ),
    context_policy=st.sampled_from(ContextPolicy),
    pin_first=st.booleans(),
    layout=st.none() | st.builds(Layout, texts, texts, texts, texts),
    fields=st.lists(_fields, max_size=3, unique_by=lambda each: each.name).map(tuple),
)


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    return open_presets(resources(), tmp_path / "data")


def test_what_comes_with_the_program(store: PresetStore) -> None:
    found, problems = store.presets()
    assert problems == ()
    assert [preset.id for preset in found] == [
        "plain-assistant",
        "code",
        "concise",
        "creative",
        "customer-support",
        "human-and-ai",
        "translator",
    ]
    for preset in found:
        assert preset.shipped
        assert preset.description.endswith(".")
        assert format.read(format.write(preset), preset.id, shipped=True) == preset


def test_completion_of_a_dialogue_is_the_best_of_some(store: PresetStore) -> None:
    preset = store.by_id()["human-and-ai"]
    assert preset.layout is not None
    assert stop_texts(preset.layout) == ("\nHuman:", "\nHuman", "\nAI:")
    assert preset.sampling["best_of"] == 3


def test_customer_support(store: PresetStore) -> None:
    support = store.by_id()["customer-support"]
    assert [each.label for each in support.fields] == [
        "Summary of the conversation so far",
        "Specific information",
    ]
    assert support.layout is not None
    assert support.sampling["stop"] == ("\nCustomer:", "\nAgent:", "\n\n")
    assert stop_texts(support.layout) == ("\nCustomer:",)
    assert support.sampling["best_of"] == 3
    assert support.sampling["temperature"] == 0.7
    values = {"summary": "A late parcel.", "information": "Order 7."}
    assert support.system_text(values) == (
        "You are a friendly agent of customer support. Answer the customer in one or two"
        " sentences, from what is known of the case.\n\n"
        "Summary: A late parcel.\n\nSpecific information: Order 7."
    )


@given(presets)
def test_a_preset_comes_back_from_its_file(preset: Preset) -> None:
    assert format.read(format.write(preset), "mine") == preset


def test_saving_changing_and_removing(store: PresetStore) -> None:
    concise = store.by_id()["concise"]
    mine = store.save_as(concise, "  Knapp &\n bündig ")
    assert (mine.id, mine.name, mine.shipped) == ("knapp-bundig", "Knapp & bündig", False)
    assert store.save_as(mine, mine.name).id == "knapp-bundig-2"
    assert store.save_as(concise, "Concise").id == "concise-2"
    assert store.save_as(concise, "名前").id == "preset"
    changed = replace(mine, system_prompt="Be brief.")
    store.save(changed)
    assert store.by_id()["knapp-bundig"] == changed
    store.remove(changed)
    assert "knapp-bundig" not in store.by_id()


def test_a_shipped_preset_stays_as_it_is(store: PresetStore) -> None:
    concise = store.by_id()["concise"]
    with pytest.raises(Problem, match="comes with Cellar"):
        store.save(replace(concise, system_prompt="x"))
    with pytest.raises(Problem, match="comes with Cellar"):
        store.remove(concise)
    with pytest.raises(Problem):
        store.remove(replace(concise, id="../../settings"))
    assert store.by_id()["concise"] == concise


def test_sharing(store: PresetStore, tmp_path: Path) -> None:
    support = store.by_id()["customer-support"]
    store.export_file(support, tmp_path / "shared.txt")
    taken = store.import_file(tmp_path / "shared.txt")
    assert taken == replace(support, id="customer-support-2", shipped=False)
    assert store.by_id()["customer-support-2"] == taken


@pytest.mark.parametrize("name", NAUGHTY)
def test_naughty_names_never_leave_the_folder(
    store: PresetStore, tmp_path: Path, name: str
) -> None:
    plain = store.by_id()["plain-assistant"]
    try:
        saved = store.save_as(plain, clean_text(name))
    except Problem as problem:
        assert not name.strip() or "one line" in problem.what  # noqa: PT017 - both are right
        return
    assert store.by_id()[saved.id] == saved
    assert {path.parent.name for path in tmp_path.rglob("*.toml")} == {"presets"}


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "does not say that it is a preset"),
    "no toml": (b"\x00\x01", "cannot be used"),
    "no text": (b"\xff\xfe", "UTF-8"),
    "deep": (HEAD.encode() + b"a = " + b"[" * 50_000, "nested too deeply"),
    "endless": (b"a" + b".a" * 100_000 + b" = 1", "more than 100 parts"),
    "quoted": (b"a" + b' . "a"' * 30_000 + b" = 1", "more than 100 parts"),
    "large": (HEAD.encode() + b"#" * 300_000, "more than 256 KB"),
    "newer": (b'format = "cellar-preset"\nversion = 2\nname = "x"', "newer Cellar"),
    "no name": (b'format = "cellar-preset"\nversion = 1\n', "no name"),
    "unknown": (HEAD.encode() + b"colour = 1", "“colour” is not known"),
    "type": (HEAD.encode() + b"pin_first = 1", "“pin_first” must be true or false"),
    "policy": (HEAD.encode() + b'context_policy = "x"', "“context_policy” cannot be “x”"),
    "sampling": (HEAD.encode() + b"[sampling]\ntop_p = 7", "Top-p cannot be 7"),
    "no parameter": (HEAD.encode() + b"[sampling]\nheat = 7", "no sampling parameter “heat”"),
    "nan": (HEAD.encode() + b"[sampling]\ntemperature = nan", "Temperature cannot be nan"),
    "layout": (HEAD.encode() + b"[layout]\nuser = 1", "“user” must be a text"),
    "form": (HEAD.encode() + b"fields = [1]", "“fields” must be tables"),
    "field": (HEAD.encode() + b'[[fields]]\nname = "A b"\nlabel = "x"', "no proper name"),
    "twins": (HEAD.encode() + b'[[fields]]\nname = "a"\nlabel = "x"\n' * 2, "the same name"),
    "many": (HEAD.encode() + b"[[fields]]\n" * 30, "more than 20 fields"),
    "lines": (HEAD.replace("Mine", r"a\nb").encode(), "one line"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_and_harms_nothing(
    store: PresetStore, tmp_path: Path, name: str
) -> None:
    data, words = BAD[name]
    folder = tmp_path / "data" / "presets"
    folder.mkdir(parents=True)
    (folder / "good.toml").write_text(HEAD)
    (folder / "bad.toml").write_bytes(data)
    found, problems = store.presets()
    assert [preset.id for preset in found if not preset.shipped] == ["good"]
    (problem,) = problems
    assert problem.what.startswith("“bad.toml”: ")
    assert words in problem.what
    assert problem.remedy
    with pytest.raises(Problem, match="cannot be used"):
        store.import_file(folder / "bad.toml")


def test_a_file_with_the_name_of_a_shipped_one(store: PresetStore, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "presets"
    folder.mkdir(parents=True)
    (folder / "concise.toml").write_text(HEAD)
    found, problems = store.presets()
    assert len(problems) == 1
    assert next(each for each in found if each.id == "concise").shipped


def test_folders_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "presets").write_text("a file")
    found, problems = PresetStore(tmp_path / "nothing", tmp_path / "presets").presets()
    assert (found, len(problems)) == ((), 1)
