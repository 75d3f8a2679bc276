"""Every shortcut of the window, declared once: what makes them and what lists them reads this."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.ui.i18n import mark, tr

CHATS, CHAT, MESSAGE, WRITING, WINDOW = "chats", "chat", "message", "writing", "window"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys in Qt's portable spelling, what they do, and among what they are listed."""

    id: str
    keys: str
    label: str  # English; `words` has it in the user's language
    group: str
    also: str = ""  # other keys that do the same

    @property
    def words(self) -> str:
        """What it does, in the user's language."""
        return tr(self.label)

    @property
    def shown(self) -> str:
        """The keys as they are named on this system."""
        native = QKeySequence.SequenceFormat.NativeText
        return " · ".join(each.toString(native) for each in self.sequences)

    @property
    def sequences(self) -> list[QKeySequence]:
        """The keys, and the other ones that do the same."""
        return [QKeySequence(keys) for keys in (self.keys, self.also) if keys]


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("new_chat", "Ctrl+N", mark("New chat"), CHATS),
    Shortcut("new_temporary_chat", "Ctrl+Shift+N", mark("New temporary chat"), CHATS),
    Shortcut("search", "Ctrl+K", mark("Search all chats"), CHATS),
    Shortcut("next_chat", "Ctrl+PgDown", mark("Next chat"), CHATS),
    Shortcut("previous_chat", "Ctrl+PgUp", mark("Previous chat"), CHATS),
    Shortcut("rename_chat", "F2", mark("Rename the chat"), CHATS),
    Shortcut("delete_chat", "Ctrl+Shift+Backspace", mark("Delete the chat"), CHATS),
    Shortcut("find", "Ctrl+F", mark("Find in this chat"), CHAT),
    Shortcut("find_next", "F3", mark("Next match"), CHAT),
    Shortcut("find_previous", "Shift+F3", mark("Previous match"), CHAT),
    Shortcut("clear", "Ctrl+Shift+L", mark("Clear the conversation"), CHAT),
    Shortcut("copy_answer", "Ctrl+Shift+C", mark("Copy the last answer"), MESSAGE),
    Shortcut("regenerate", "Ctrl+R", mark("Write the last answer anew"), MESSAGE),
    Shortcut("make_again", "Ctrl+Shift+R", mark("Make the last answer again exactly"), MESSAGE),
    Shortcut("continue_answer", "Ctrl+Shift+Return", mark("Continue the last answer"), MESSAGE),
    Shortcut("edit_message", "Ctrl+E", mark("Edit your last message"), MESSAGE),
    Shortcut("previous_branch", "Alt+Left", mark("Previous version"), MESSAGE),
    Shortcut("next_branch", "Alt+Right", mark("Next version"), MESSAGE),
    Shortcut(
        "delete_message", "Ctrl+Shift+Del", mark("Delete the message and what follows"), MESSAGE
    ),
    Shortcut("undo_delete", "Ctrl+Shift+T", mark("Bring back what was deleted"), MESSAGE),
    Shortcut("previous_message", "Alt+Up", mark("To the message above, to act on it"), MESSAGE),
    Shortcut("next_message", "Alt+Down", mark("To the message below"), MESSAGE),
    Shortcut("send", "Return", mark("Send"), WRITING),
    Shortcut("new_line", "Shift+Return", mark("Start a new line"), WRITING),
    Shortcut("stop", "Esc", mark("Stop the answer"), WRITING),
    Shortcut("older_message", "Ctrl+Up", mark("Take up an older message of yours"), WRITING),
    Shortcut("newer_message", "Ctrl+Down", mark("Back to the newer one"), WRITING),
    Shortcut("attach", "Ctrl+Shift+A", mark("Attach files"), WRITING),
    Shortcut("sidebar", "Ctrl+B", mark("Show or hide the list of chats"), WINDOW),
    Shortcut(
        "settings_panel", "Ctrl+Shift+S", mark("Show or hide the settings of this chat"), WINDOW
    ),
    Shortcut("models", "Ctrl+Shift+M", mark("Models"), WINDOW),
    Shortcut("devices", "Ctrl+Shift+D", mark("Devices and speed"), WINDOW),
    Shortcut("larger_text", "Ctrl++", mark("Larger text"), WINDOW),
    Shortcut("smaller_text", "Ctrl+-", mark("Smaller text"), WINDOW),
    Shortcut("usual_text", "Ctrl+0", mark("Text of the usual size"), WINDOW),
    Shortcut("settings", "Ctrl+,", mark("Settings"), WINDOW),
    Shortcut("privacy", "Ctrl+Shift+P", mark("Privacy"), WINDOW),
    Shortcut("shortcuts", "Ctrl+/", mark("All shortcuts"), WINDOW, also="F1"),
)
_OF_FIELDS = ("previous_branch", "next_branch")  # where a text field has a use for them
_BY_ID = {shortcut.id: shortcut for shortcut in SHORTCUTS}


def shortcut(id: str) -> Shortcut:
    """A shortcut of the table. Raises KeyError."""
    return _BY_ID[id]


def keys(id: str) -> QKeySequence:
    """Its keys. Raises KeyError."""
    return QKeySequence(_BY_ID[id].keys)


def takes(pressed: QKeyCombination) -> bool:
    """True for keys that the window wants even while one writes."""
    found = (each for each in SHORTCUTS if QKeySequence(pressed) in each.sequences)
    return any(each.group != WRITING and each.id not in _OF_FIELDS for each in found)


def bind(
    id: str,
    widget: QWidget,
    do: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> QShortcut:
    """Have the keys do this in the widget's window; with another context, only inside it."""
    made = QShortcut(widget)
    made.setKeys(shortcut(id).sequences)
    made.setContext(context)
    made.setObjectName(f"shortcut_{id}")
    made.activated.connect(do)
    return made
