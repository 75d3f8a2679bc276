"""Between the chat service and the presets of the settings panel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from desktop.domain.conversation import Conversation, ConversationSettings
from desktop.domain.presets import Preset, fields_of
from desktop.domain.sampling import Values
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.notices import Notice
from desktop.ui.i18n import tr
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.widgets.banner import WARNING

UNDO, USE = "undo", "use"
NOTE_S = 8  # seconds that a note stays which needs no answer
PLAIN = "plain-assistant"  # what a chat without a preset is held with


class PresetPresenter(QObject):
    """Lives in the window's thread. Other notices than its own are none of its business."""

    def __init__(
        self,
        panel: SamplingPanel,
        settle: Callable[[], None],
        post: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        """`settle` hands on what the user has changed and nobody was told of yet."""
        super().__init__(parent)
        self._settle = settle
        self._panel = panel
        self._picker, self._form = panel.presets, panel.form
        self._post = post
        self._presets: dict[str, Preset] = {}
        self._conversation = Conversation()
        self._defaults: Values = {}
        self._imported = ""
        self._handlers: dict[type, Callable[..., None]] = {
            notices.Opened: self._opened,
            notices.DefaultsChanged: self._defaults_changed,
            notices.PresetsListed: self._listed,
            notices.PresetDeleted: self._deleted,
            notices.PresetImported: self._took_over,
            notices.PresetExported: self._exported,
        }
        self._connect()
        post(commands.ListPresets())

    @Slot(object)
    def take(self, notice: Notice) -> None:
        """Show what the chat service tells of presets."""
        handler = self._handlers.get(type(notice))
        if handler:
            handler(notice)

    def _connect(self) -> None:
        self._picker.preset_chosen.connect(self._choose)
        self._picker.save_asked.connect(self._save)
        self._picker.delete_asked.connect(self._delete)
        self._picker.import_asked.connect(self._import)
        self._picker.export_asked.connect(self._export)
        self._picker.note_answered.connect(self._answer)
        self._form.form_changed.connect(self._fill)
        self._panel.sampling_changed.connect(self._refresh)
        self._panel.system_prompt_changed.connect(self._refresh)

    # what the user does

    def _choose(self, preset_id: str) -> None:
        self._settle()
        self._picker.note.dismiss()
        self._post(commands.UsePreset(preset_id, self._form.values()))

    def _fill(self, form: dict[str, str]) -> None:
        settings = replace(self._conversation.settings, form=form)
        self._conversation = replace(self._conversation, settings=settings)
        self._post(commands.FillForm(form))

    def _save(self, name: str) -> None:
        self._settle()
        self._post(commands.SavePreset(name))

    def _delete(self, preset_id: str) -> None:
        self._post(commands.DeletePreset(preset_id))

    def _import(self, path: Path) -> None:
        self._post(commands.ImportPreset(path))

    def _export(self, preset_id: str, path: Path) -> None:
        self._post(commands.ExportPreset(preset_id, path))

    def _answer(self, action: str) -> None:
        if action == UNDO:
            self._post(commands.UndoDeletePreset())
        elif action == USE:
            self._choose(self._imported)

    # what the service tells

    def _opened(self, notice: notices.Opened) -> None:
        same = notice.conversation.id == self._conversation.id
        self._conversation = notice.conversation
        self._show_form(typing=same and self._form.typing)
        self._refresh()

    def _defaults_changed(self, notice: notices.DefaultsChanged) -> None:
        self._defaults = notice.defaults
        self._refresh()

    def _listed(self, notice: notices.PresetsListed) -> None:
        self._presets = {preset.id: preset for preset in notice.presets}
        self._picker.set_presets(notice.presets)
        self._show_form(typing=self._form.typing)
        self._refresh()
        if notice.problems:
            first = notice.problems[0]
            self._picker.note.show_message(f"{first.what} {first.remedy}".strip(), kind=WARNING)

    def _deleted(self, notice: notices.PresetDeleted) -> None:
        text = tr("“{name}” is deleted.", name=notice.name)
        self._picker.note.show_message(text, [(UNDO, tr("Undo"))])

    def _took_over(self, notice: notices.PresetImported) -> None:
        self._imported = notice.preset
        text = tr("“{name}” is among the presets now.", name=notice.name)
        self._picker.note.show_message(text, [(USE, tr("Use it"))])

    def _exported(self, notice: notices.PresetExported) -> None:
        text = tr("“{name}” is in {file}.", name=notice.name, file=notice.file)
        self._picker.note.show_message(text, timeout_s=NOTE_S)

    # helpers

    def _show_form(self, *, typing: bool) -> None:
        """Ask for what the preset in use wants; what is being typed is newer than what is told."""
        settings = self._conversation.settings
        preset = self._presets.get(settings.preset)
        self._form.set_fields(fields_of(settings, preset) if self._presets else ())
        if not typing:
            self._form.set_values(settings.form)

    def _refresh(self) -> None:
        settings = self._conversation.settings
        preset = self._presets.get(settings.preset or PLAIN)
        changed = preset is not None and self._differs(preset, settings)
        shown = preset.id if preset and (settings.preset or not changed) else ""
        self._picker.set_current(shown, changed=changed)

    def _differs(self, preset: Preset, settings: ConversationSettings) -> bool:
        """True when the chat is held otherwise than the preset says, changes in the panel too."""
        values = self._panel.values()
        wanted = {**values, **self._defaults, **preset.sampling}
        return (
            any(values[name] != wanted[name] for name in values)
            or self._panel.system_prompt().strip() != preset.system_prompt.strip()
            or bool(settings.preset and _policy(settings) != _policy(preset))
        )


def _policy(of: ConversationSettings | Preset) -> tuple[str, bool]:
    return of.context_policy, of.pin_first
