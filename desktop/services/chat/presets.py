"""The presets of a chat: choosing one, filling in its form, keeping and sharing them."""

from collections.abc import Callable
from dataclasses import replace

from desktop.domain.conversation import ConversationSettings, clean_text
from desktop.domain.errors import Problem
from desktop.domain.presets import Preset
from desktop.domain.words import tr
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import PresetCommand
from desktop.services.chat.notices import Notice
from desktop.services.presets.store import PresetStore


class PresetDesk:
    """Lives in the chat service's thread. The files are read once, and after each change."""

    def __init__(self, store: PresetStore, notify: Callable[[Notice], None]) -> None:
        self._store = store
        self._notify = notify
        self._known: dict[str, Preset] | None = None
        self._deleted: Preset | None = None

    def by_id(self, preset_id: str) -> Preset | None:
        """The preset, unless it is gone, or nobody ever had it."""
        if self._known is None:
            self._known = self._store.by_id()
        return self._known.get(preset_id)

    def handle(self, command: PresetCommand, now: ConversationSettings) -> ConversationSettings:
        """Do it and tell; the settings that the conversation in view has afterwards.

        Raises Problem.
        """
        match command:
            case commands.ListPresets():
                self._tell()
            case commands.UsePreset(preset_id, form):
                return self._named(preset_id).applied_to(replace(now, form=_clean(form)))
            case commands.FillForm(form):
                return replace(now, form=_clean(form))
            case commands.SavePreset(name):
                return replace(now, preset=self._save(name, now).id)
            case commands.DeletePreset(preset_id):
                self._delete(self._named(preset_id))
            case commands.UndoDeletePreset():
                self._bring_back()
            case commands.ImportPreset(path):
                made = self._store.import_file(path)
                self._tell()
                self._notify(notices.PresetImported(made.id, made.name))
            case commands.ExportPreset(preset_id, path):
                preset = self._named(preset_id)
                self._store.export_file(preset, path)
                self._notify(notices.PresetExported(preset.name, path.name))
        return now

    def _tell(self) -> None:
        found, problems = self._store.presets()
        self._known = {preset.id: preset for preset in found}
        self._notify(notices.PresetsListed(found, problems))

    def _named(self, preset_id: str) -> Preset:
        preset = self.by_id(preset_id)
        if preset is None:
            raise Problem(tr("This preset is no longer there."), tr("Choose another one."))
        return preset

    def _save(self, name: str, now: ConversationSettings) -> Preset:
        """Keep what the conversation is held with; form and layout are those of its preset."""
        base = self.by_id(now.preset) or Preset("", "")
        name = " ".join(clean_text(name).split())
        made = replace(
            base,
            name=name,
            system_prompt=now.system_prompt,
            sampling=dict(now.sampling),
            context_policy=now.context_policy,
            pin_first=now.pin_first,
            shipped=False,
        )
        old = self._own_named(name)
        if old:
            made = replace(made, id=old.id)
            self._store.save(made)
        else:
            made = self._store.save_as(made, name)
        self._tell()
        return made

    def _own_named(self, name: str) -> Preset | None:
        """The user's preset of this name, which is then replaced."""
        found, _ = self._store.presets()
        return next((each for each in found if each.name == name and not each.shipped), None)

    def _delete(self, preset: Preset) -> None:
        self._store.remove(preset)
        self._deleted = preset
        self._tell()
        self._notify(notices.PresetDeleted(preset.name))

    def _bring_back(self) -> None:
        if self._deleted is None:
            return
        if self.by_id(self._deleted.id):  # another one has taken its place since
            self._store.save_as(self._deleted, self._deleted.name)
        else:
            self._store.save(self._deleted)
        self._deleted = None
        self._tell()


def _clean(form: dict[str, str]) -> dict[str, str]:
    return {name: clean_text(text) for name, text in form.items()}
