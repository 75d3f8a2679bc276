"""The presets of a chat: what becomes of its settings, of the files, and what the window hears."""

from pathlib import Path
from typing import TypeVar

import pytest

from desktop.domain.conversation import ContextPolicy, ConversationSettings
from desktop.domain.errors import Problem
from desktop.domain.presets import Preset, system_text_of
from desktop.paths import resources
from desktop.services.chat import commands, notices
from desktop.services.chat.notices import Notice
from desktop.services.chat.presets import PresetDesk
from desktop.services.presets.store import PresetStore, open_presets

N = TypeVar("N", bound=Notice)
PLAIN = ConversationSettings(model="m", device="GPU")
FORM = {"summary": "Anna asks again.", "information": "Order 7"}


class Bench:
    """A desk over the shipped presets, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Notice] = []
        self.store: PresetStore = open_presets(resources(), folder)
        self.desk = PresetDesk(self.store, self.told.append)

    def last(self, kind: type[N]) -> N:
        return [notice for notice in self.told if isinstance(notice, kind)][-1]

    def names(self) -> list[str]:
        return [preset.name for preset in self.last(notices.PresetsListed).presets]

    def preset(self, preset_id: str) -> Preset:
        found = self.desk.by_id(preset_id)
        assert found is not None
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_choosing_a_preset_changes_all_but_model_and_device(bench: Bench) -> None:
    used = bench.desk.handle(commands.UsePreset("customer-support", FORM), PLAIN)
    preset = bench.preset("customer-support")
    assert used == preset.applied_to(ConversationSettings(model="m", device="GPU", form=FORM))
    assert (used.model, used.device, used.preset) == ("m", "GPU", "customer-support")
    assert used.sampling["best_of"] == 3
    assert system_text_of(used, preset) == (
        f"{preset.system_prompt}\n\nSummary: Anna asks again.\n\nSpecific information: Order 7"
    )


def test_filling_in_the_form_leaves_changed_values_alone(bench: Bench) -> None:
    changed = ConversationSettings(preset="customer-support", sampling={"seed": 1})
    filled = bench.desk.handle(commands.FillForm({"summary": "a\0b"}), changed)
    assert filled.sampling == {"seed": 1}
    assert filled.form == {"summary": "a\ufffdb"}


def test_a_preset_that_is_gone_is_told(bench: Bench) -> None:
    assert bench.desk.by_id("gone") is None
    for command in (
        commands.UsePreset("gone", {}),
        commands.DeletePreset("gone"),
        commands.ExportPreset("gone", Path("x")),
    ):
        with pytest.raises(Problem, match="no longer there"):
            bench.desk.handle(command, PLAIN)


def test_saving_keeps_what_the_chat_is_held_with_and_uses_it(bench: Bench) -> None:
    used = bench.desk.handle(commands.UsePreset("customer-support", FORM), PLAIN)
    now = ConversationSettings(
        system_prompt="Be kind.",
        sampling={"temperature": 0.2},
        context_policy=ContextPolicy.ASK,
        preset=used.preset,
        form=FORM,
    )
    saved = bench.desk.handle(commands.SavePreset("  My\nshop "), now)
    made = bench.preset(saved.preset)
    support = bench.preset("customer-support")
    assert (made.id, made.name, made.shipped) == ("my-shop", "My shop", False)
    assert (made.layout, made.fields) == (support.layout, support.fields)
    assert made.applied_to(now) == saved
    assert "My shop" in bench.names()
    assert bench.store.by_id()["my-shop"] == made


def test_saving_under_the_name_of_an_own_preset_replaces_it(bench: Bench) -> None:
    for temperature in (0.2, 0.4):
        now = ConversationSettings(sampling={"temperature": temperature})
        bench.desk.handle(commands.SavePreset("Mine"), now)
    assert bench.names().count("Mine") == 1
    assert bench.preset("mine").sampling == {"temperature": 0.4}


def test_saving_under_the_name_of_a_shipped_preset_makes_another(bench: Bench) -> None:
    saved = bench.desk.handle(commands.SavePreset("Concise"), PLAIN)
    assert saved.preset == "concise-2"
    assert bench.preset("concise").shipped


def test_a_preset_without_a_name_is_not_saved(bench: Bench) -> None:
    with pytest.raises(Problem, match="no name"):
        bench.desk.handle(commands.SavePreset(" \n"), PLAIN)
    assert [each for each in bench.store.by_id().values() if not each.shipped] == []


def test_a_deleted_preset_comes_back_as_it_was(bench: Bench) -> None:
    bench.desk.handle(commands.SavePreset("Mine"), PLAIN)
    mine = bench.preset("mine")
    assert bench.desk.handle(commands.DeletePreset("mine"), PLAIN) == PLAIN
    assert bench.last(notices.PresetDeleted).name == "Mine"
    assert bench.desk.by_id("mine") is None
    assert "mine" not in bench.store.by_id()
    bench.desk.handle(commands.UndoDeletePreset(), PLAIN)
    assert bench.store.by_id()["mine"] == bench.preset("mine") == mine
    told = len(bench.told)
    bench.desk.handle(commands.UndoDeletePreset(), PLAIN)
    assert len(bench.told) == told


def test_a_deleted_preset_does_not_take_the_place_of_a_newer_one(bench: Bench) -> None:
    bench.desk.handle(commands.SavePreset("Mine"), PLAIN)
    bench.desk.handle(commands.DeletePreset("mine"), PLAIN)
    bench.desk.handle(commands.SavePreset("Mine"), ConversationSettings(system_prompt="New."))
    bench.desk.handle(commands.UndoDeletePreset(), PLAIN)
    assert bench.preset("mine").system_prompt == "New."
    assert bench.preset("mine-2").system_prompt == ""


def test_a_shipped_preset_stays(bench: Bench) -> None:
    with pytest.raises(Problem, match="comes with Cellar"):
        bench.desk.handle(commands.DeletePreset("concise"), PLAIN)
    assert bench.desk.by_id("concise")


def test_a_preset_goes_out_to_a_file_and_comes_in_again(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "shared.toml"
    bench.desk.handle(commands.ExportPreset("translator", path), PLAIN)
    assert bench.last(notices.PresetExported) == notices.PresetExported("Translator", path.name)
    assert bench.desk.handle(commands.ImportPreset(path), PLAIN) == PLAIN
    imported = bench.last(notices.PresetImported)
    assert (imported.preset, imported.name) == ("translator-2", "Translator")
    assert bench.preset("translator-2").fields == bench.preset("translator").fields


def test_files_that_are_no_presets_are_told_and_the_others_work(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "bad.toml").write_text("name = ", "utf-8")
    bench.desk.handle(commands.ListPresets(), PLAIN)
    listed = bench.last(notices.PresetsListed)
    assert "bad.toml" in listed.problems[0].what
    assert len(listed.presets) >= 6
    with pytest.raises(Problem):
        bench.desk.handle(commands.ImportPreset(tmp_path / "presets" / "bad.toml"), PLAIN)
