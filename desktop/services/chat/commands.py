"""What the window asks of the chat service."""

from dataclasses import dataclass
from pathlib import Path

from desktop.domain.adapters import Strengths
from desktop.domain.conversation import ContextPolicy
from desktop.domain.layout import Layout
from desktop.domain.sampling import Values
from desktop.services.chat.draft_commands import (
    SaveDraft,
    SaveDraftAttachments,
    Send,
    WeighDraft,
)
from desktop.services.layouts.store import Choice


@dataclass(frozen=True, slots=True)
class Stop:
    """End the answer that is being written; what was written stays."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Answer the last message again in place of an answer that failed or was cut short."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the conversation."""


@dataclass(frozen=True, slots=True)
class UndoClear:
    """Bring back what the last Clear took, as long as nothing was said since."""


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """Hold the conversation with another model."""

    model_id: str


@dataclass(frozen=True, slots=True)
class ChooseDevice:
    """Run the model elsewhere."""

    device: str


@dataclass(frozen=True, slots=True)
class ChangeSampling:
    """Use these values, and the model's own for all others, from the next answer on."""

    changed: Values


@dataclass(frozen=True, slots=True)
class ChangeSystemPrompt:
    """Tell the model how to behave, from the next answer on."""

    text: str


@dataclass(frozen=True, slots=True)
class ChangeContext:
    """Do this when the conversation has grown too long, from the next answer on."""

    policy: ContextPolicy
    pin_first: bool


@dataclass(frozen=True, slots=True)
class ChangeAdapters:
    """Use these adapters at these strengths, and no others, from the next answer on."""

    strengths: Strengths


SettingsCommand = (
    ChooseModel
    | ChooseDevice
    | ChangeSampling
    | ChangeSystemPrompt
    | ChangeContext
    | ChangeAdapters
)


@dataclass(frozen=True, slots=True)
class NewChat:
    """Begin another conversation. A temporary one is never written to disk."""

    temporary: bool = False
    preset: str = ""  # the id of the preset to hold it with


@dataclass(frozen=True, slots=True)
class OpenChat:
    """Go to another conversation; with a message, to the branch that it is on."""

    chat_id: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class ListChats:
    """Tell the list of conversations anew, or that of the archived ones."""

    archived: bool = False


@dataclass(frozen=True, slots=True)
class RenameChat:
    """Give a conversation a title that no rule replaces."""

    chat_id: str
    title: str


@dataclass(frozen=True, slots=True)
class PinChat:
    """Keep a conversation at the top of the list, or no longer."""

    chat_id: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class ArchiveChat:
    """Put a conversation away, or take it back."""

    chat_id: str
    archived: bool


@dataclass(frozen=True, slots=True)
class DuplicateChat:
    """Make a copy with all branches, and go to it."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class DeleteChat:
    """Take a conversation away; UndeleteChat brings it back until the program ends."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class UndeleteChat:
    """Bring back a conversation that was deleted."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class DeleteAllChats:
    """Take every conversation away, those of the archive too; the history service erases them."""


@dataclass(frozen=True, slots=True)
class PurgeChats:
    """Delete all deleted conversations for good, from the index and the backups too."""


ListCommand = (
    ListChats
    | RenameChat
    | PinChat
    | ArchiveChat
    | DuplicateChat
    | DeleteChat
    | UndeleteChat
    | DeleteAllChats
    | PurgeChats
)


@dataclass(frozen=True, slots=True)
class LoadPassage:
    """Read messages of the branch in view, to be shown. Beyond its end: the last ones."""

    start: int  # place in the branch of the first one
    count: int


@dataclass(frozen=True, slots=True)
class Regenerate:
    """Write another answer beside this one, with the values in effect now."""

    message_id: str


@dataclass(frozen=True, slots=True)
class MakeAgain:
    """Write this answer again exactly: its model, device, sampling values and seed."""

    message_id: str


@dataclass(frozen=True, slots=True)
class EditMessage:
    """Say something else in place of a message of the user's: a branch beside the old one."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ContinueAnswer:
    """Go on with an answer that was cut short, where it ends."""

    message_id: str


@dataclass(frozen=True, slots=True)
class ChooseBranch:
    """Show the branch of this message, as it was last seen."""

    message_id: str


@dataclass(frozen=True, slots=True)
class DeleteBranch:
    """Delete a message and all that follows it; UndoDeleteBranch brings it back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class UndoDeleteBranch:
    """Bring back the branch that was deleted last."""


@dataclass(frozen=True, slots=True)
class UsePreset:
    """Hold the conversation with a preset, its form filled in so."""

    preset: str
    form: dict[str, str]


@dataclass(frozen=True, slots=True)
class FillForm:
    """Fill in the form of the preset in use, and change nothing else."""

    form: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListPresets:
    """Tell the presets anew."""


@dataclass(frozen=True, slots=True)
class SavePreset:
    """Keep what the conversation is held with as a preset of the user's own, and use that.

    An own preset of the same name is replaced.
    """

    name: str


@dataclass(frozen=True, slots=True)
class DeletePreset:
    """Delete one of the user's own presets; UndoDeletePreset brings it back."""

    preset: str


@dataclass(frozen=True, slots=True)
class UndoDeletePreset:
    """Bring back the preset that was deleted last."""


@dataclass(frozen=True, slots=True)
class ImportPreset:
    """Take over a preset from a file that somebody shared."""

    path: Path


@dataclass(frozen=True, slots=True)
class ExportPreset:
    """Write a preset to a file, to be shared."""

    preset: str
    path: Path


PresetCommand = (
    UsePreset
    | FillForm
    | ListPresets
    | SavePreset
    | DeletePreset
    | UndoDeletePreset
    | ImportPreset
    | ExportPreset
)


@dataclass(frozen=True, slots=True)
class ListLayouts:
    """Tell the prompt layouts, and which one the model in view has."""


@dataclass(frozen=True, slots=True)
class ChooseLayout:
    """Ask the model in view in this layout from the next answer on; an empty choice: its own."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class PreviewLayout:
    """Tell the exact prompt of the conversation in view, with one more message at its end."""

    layout: Layout | None  # None: the model's own template
    next_message: str


LayoutCommand = ListLayouts | ChooseLayout | PreviewLayout


@dataclass(frozen=True, slots=True)
class RestoreBackup:
    """Go back to a backup of all conversations; the file of today is set aside."""

    name: str


@dataclass(frozen=True, slots=True)
class PrepareModel:
    """Try again to have a model ready."""


@dataclass(frozen=True, slots=True)
class RefreshModels:
    """Models came or went; go on with another one where the one in use is gone."""


@dataclass(frozen=True, slots=True)
class RepairModel:
    """Install the model that comes with the program again, in place of damaged files."""


@dataclass(frozen=True, slots=True)
class TakeSettings:
    """What a model is loaded with may have changed: load it anew, unless an answer is due."""

    idle_unload_minutes: int  # 0: never


@dataclass(frozen=True, slots=True)
class RefreshAdapters:
    """Adapters came or went; load the model anew if that is about those in use."""


EngineCommand = PrepareModel | RefreshModels | RepairModel | TakeSettings | RefreshAdapters


@dataclass(frozen=True, slots=True)
class Quit:
    """Keep everything, end the engine, end the service."""


ChatCommand = (
    NewChat
    | OpenChat
    | ListCommand
    | LoadPassage
    | Regenerate
    | MakeAgain
    | EditMessage
    | ContinueAnswer
    | ChooseBranch
    | DeleteBranch
    | UndoDeleteBranch
    | SaveDraft
    | SaveDraftAttachments
    | WeighDraft
    | PresetCommand
    | LayoutCommand
    | RestoreBackup
    | Send
    | Stop
    | Retry
    | Clear
    | UndoClear
    | SettingsCommand
    | EngineCommand
    | Quit
)
