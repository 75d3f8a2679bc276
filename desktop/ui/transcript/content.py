"""The transcript's content: which messages are shown, in which state, and how they come and go."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStyle, QWidget

from desktop.domain.conversation import Role
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript.area import SceneArea
from desktop.ui.transcript.editing import Editing
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.finding import Finder
from desktop.ui.transcript.flash import Flash
from desktop.ui.transcript.reach import bring, bring_match
from desktop.ui.transcript.scene import Scene
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.tools import spoken_position
from desktop.ui.widgets.announce import announce

DESCRIBED = 4_000  # characters of an answer for assistive tools


class TranscriptContent(SceneArea):
    """Messages, as they are and as they are being written, one of them perhaps being edited."""

    edited = Signal(str, str)  # entry id, what is to be said instead
    near_top = Signal()  # the reader has come near the first message

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(Scene(Style(theme, icons)), parent)
        self.setObjectName("transcript")
        self.setAccessibleName(tr("Conversation"))
        self.finder = Finder(self._scene.column, self)
        self.finder.found.connect(self._show_found)
        self.finder.reached.connect(self._reach_found)
        self._flash = Flash(self._scene, self.viewport().update, self)
        self._editing = Editing(self._scene, self.viewport(), self._arrange, self)
        self._editing.sent.connect(self.edited)
        self._dress_button()

    # What is shown

    def set_entries(self, entries: list[Entry], *, hold: bool = False, earlier: int = 0) -> None:
        """Show these messages; of another conversation, from its end.

        With `hold`, they are another branch of the same one: what is being read keeps its place.
        A line at the top says how many there are `earlier`.
        """
        shown = self._scene.column.items
        if not hold and not (shown and entries and shown[0].entry.id == entries[0].id):
            self._scene.follows_end = True
        self._glide.stop()
        self._scene.set_earlier(earlier)
        self._scene.set_entries(entries, hold=hold)
        self._editing.check()
        answers = [entry for entry in entries if entry.role is Role.ASSISTANT]
        self._describe(answers[-1].text if answers else "")
        self._changed()

    def prepend_entries(self, entries: list[Entry], *, earlier: int = 0) -> None:
        """Show messages before the first one; what is being read keeps its place."""
        self._scene.set_earlier(earlier)
        self._scene.prepend(entries)
        self._changed()

    def add_entry(self, entry: Entry) -> None:
        """Show one more message. After the user's own the view goes to the end."""
        if entry.role is Role.USER:
            self._scene.follows_end = True
        self._scene.add(entry)
        self._changed()

    def append_text(self, entry_id: str, text: str) -> None:
        """Let a message grow. Raises KeyError for an unknown one."""
        self._scene.append(entry_id, text)
        self._changed()

    def update_entry(self, entry: Entry) -> None:
        """Show another state of a message. Raises KeyError for an unknown one."""
        before = self._scene.item(entry.id).entry
        self._scene.update(entry)
        self._changed()
        if before.writing and not entry.writing:
            self._announce(entry)
        elif entry.reading_words and not before.reading_words:
            announce(self, entry.reading_words)
        elif entry.version != before.version:
            announce(self, spoken_position(entry))

    def remove_from(self, entry_id: str) -> None:
        """Take a message away, and all after it. Raises KeyError for an unknown one."""
        self._scene.truncate(entry_id)
        self._editing.check()
        self._changed()

    def set_unseen(self, ids: frozenset[str]) -> None:
        """Fade and mark the messages that the model no longer sees."""
        self._scene.set_unseen(ids)
        self._arrange()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written most of what can be done with messages has to wait."""
        self._scene.busy = busy
        self._editing.set_busy(busy)
        self.viewport().update()

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries([])

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take other colours."""
        self._scene.restyle(Style(theme, icons))
        self._editing.wear(self._scene.style)
        self._dress_button()
        self._arrange()

    def toPlainText(self) -> str:
        """All messages with their speakers, as they are written."""
        return self._scene.plain_text()

    def _dress_button(self) -> None:
        self._jump.setIcon(self._scene.style.icons.icon("arrow-to-end", 20))

    def _describe(self, answer: str) -> None:
        self.setAccessibleDescription(answer[:DESCRIBED])

    def _announce(self, entry: Entry) -> None:
        """Tell assistive tools that an answer is there."""
        self._describe(entry.text)
        parts = (entry.speaker, entry.text[:DESCRIBED], entry.ending)
        announce(self, "\n".join(part for part in parts if part))

    def _changed(self) -> None:
        self._arrange()
        self.finder.messages_changed()

    # Going to a message, editing one, finding words

    def show_entry(self, entry_id: str) -> None:
        """Go to a message and mark it for a moment. Raises KeyError for an unknown one."""
        self._glide.stop()
        bring(self._scene, entry_id)
        self._arrange()
        animated = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animate, None, self)
        self._flash.show(entry_id, animated=bool(animated))

    def edit(self, entry_id: str) -> None:
        """Put an editor in a message's place. Raises KeyError for an unknown one."""
        self._glide.stop()
        self._editing.begin(entry_id)

    def look_for(self, sought: str) -> None:
        """Find words from what is in view on; an empty text shows no matches any more."""
        self.finder.look_for(sought, max(0, self._scene.column.at(self._scene.top)))

    def look_back_from(self, sought: str, entry_id: str) -> None:
        """Find words, beginning with the last match in a message. Raises KeyError for none."""
        self.finder.look_for(sought, self._scene.index(entry_id), backwards=True)

    @property
    def entry_ids(self) -> frozenset[str]:
        """Of all messages that are shown."""
        return frozenset(item.entry.id for item in self._scene.column.items)

    def _show_found(self) -> None:
        self._scene.found = self.finder.result
        self.viewport().update()

    def _reach_found(self) -> None:
        self._scene.found = self.finder.result
        match = self.finder.result.current
        if match:
            self._glide.stop()
            bring_match(self._scene, match)
            self._arrange()

    # SceneArea

    def _arranged(self) -> None:
        self._editing.place()
        if self._scene.top < self._scene.size.height() and self._scene.column.items:
            self.near_top.emit()
