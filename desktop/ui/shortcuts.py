"""Every shortcut of the window, declared once: what makes them and what lists them reads this."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.ui.i18n import tr

CHATS, CHAT, MESSAGE, WRITING, WINDOW = "chats", "chat", "message", "writing", "window"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys in Qt's portable spelling, what they do, and among what they are listed."""

    id: str
    keys: str
    label: str  # English; `words` has it in the user's language
    group: str

    @property
    def words(self) -> str:
        """What it does, in the user's language."""
        return tr(self.label)

    @property
    def shown(self) -> str:
        """The keys as they are named on this system."""
        return QKeySequence(self.keys).toString(QKeySequence.SequenceFormat.NativeText)


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("new_chat", "Ctrl+N", "New chat", CHATS),
    Shortcut("new_temporary_chat", "Ctrl+Shift+N", "New temporary chat", CHATS),
    Shortcut("search", "Ctrl+K", "Search all chats", CHATS),
    Shortcut("next_chat", "Ctrl+PgDown", "Next chat", CHATS),
    Shortcut("previous_chat", "Ctrl+PgUp", "Previous chat", CHATS),
    Shortcut("rename_chat", "F2", "Rename the chat", CHATS),
    Shortcut("delete_chat", "Ctrl+Shift+Backspace", "Delete the chat", CHATS),
    Shortcut("find", "Ctrl+F", "Find in this chat", CHAT),
    Shortcut("find_next", "F3", "Next match", CHAT),
    Shortcut("find_previous", "Shift+F3", "Previous match", CHAT),
    Shortcut("clear", "Ctrl+Shift+L", "Clear the conversation", CHAT),
    Shortcut("copy_answer", "Ctrl+Shift+C", "Copy the last answer", MESSAGE),
    Shortcut("regenerate", "Ctrl+R", "Write the last answer anew", MESSAGE),
    Shortcut("make_again", "Ctrl+Shift+R", "Make the last answer again exactly", MESSAGE),
    Shortcut("continue_answer", "Ctrl+Shift+Return", "Continue the last answer", MESSAGE),
    Shortcut("edit_message", "Ctrl+E", "Edit your last message", MESSAGE),
    Shortcut("previous_branch", "Alt+Left", "Previous version", MESSAGE),
    Shortcut("next_branch", "Alt+Right", "Next version", MESSAGE),
    Shortcut("delete_message", "Ctrl+Shift+Del", "Delete the message and what follows", MESSAGE),
    Shortcut("undo_delete", "Ctrl+Shift+T", "Bring back what was deleted", MESSAGE),
    Shortcut("previous_message", "Alt+Up", "To the message above, to act on it", MESSAGE),
    Shortcut("next_message", "Alt+Down", "To the message below", MESSAGE),
    Shortcut("send", "Return", "Send", WRITING),
    Shortcut("new_line", "Shift+Return", "Start a new line", WRITING),
    Shortcut("stop", "Esc", "Stop the answer", WRITING),
    Shortcut("older_message", "Ctrl+Up", "Take up an older message of yours", WRITING),
    Shortcut("newer_message", "Ctrl+Down", "Back to the newer one", WRITING),
    Shortcut("sidebar", "Ctrl+B", "Show or hide the list of chats", WINDOW),
    Shortcut("settings_panel", "Ctrl+Shift+S", "Show or hide the settings of this chat", WINDOW),
    Shortcut("models", "Ctrl+Shift+M", "Models", WINDOW),
    Shortcut("devices", "Ctrl+Shift+D", "Devices and speed", WINDOW),
    Shortcut("shortcuts", "Ctrl+/", "All shortcuts", WINDOW),
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
    found = (each for each in SHORTCUTS if QKeySequence(each.keys) == QKeySequence(pressed))
    return any(each.group != WRITING and each.id not in _OF_FIELDS for each in found)


def bind(
    id: str,
    widget: QWidget,
    do: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> QShortcut:
    """Have the keys do this in the widget's window; with another context, only inside it."""
    made = QShortcut(keys(id), widget)
    made.setContext(context)
    made.setObjectName(f"shortcut_{id}")
    made.activated.connect(do)
    return made
