"""The transcript's content: which messages are shown, in which state, and how they come and go."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from desktop.domain.conversation import Role
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.motion import moves
from desktop.ui.theme import Theme
from desktop.ui.transcript.area import SceneArea
from desktop.ui.transcript.editing import Editing
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.finding import Finder
from desktop.ui.transcript.flash import Flash
from desktop.ui.transcript.formulas import workshop
from desktop.ui.transcript.passage import extend, show_place, trim
from desktop.ui.transcript.reach import bring, bring_match
from desktop.ui.transcript.scene import Scene
from desktop.ui.transcript.speaking import Speech
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.texts import plain_text
from desktop.ui.transcript.ticking import ThoughtTicker
from desktop.ui.transcript.tools import spoken_position
from desktop.ui.widgets.announce import announce

DESCRIBED = 4_000  # characters of an answer for assistive tools


class TranscriptContent(SceneArea):
    """Messages, as they are and as they are being written, one of them perhaps being edited."""

    edited = Signal(str, str)  # entry id, what is to be said instead
    near_top = Signal()  # the reader has come near the first message
    near_end = Signal()  # or near the last one that is loaded, which is not the last of all

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
        self._speech: Speech | None = None  # of the answer that is being written
        workshop().ready.connect(self._draw_formulas)
        self._ticker = ThoughtTicker(self._scene, self._arrange, self)
        self._dress_button()

    # What is shown

    def set_entries(
        self,
        entries: list[Entry],
        *,
        hold: bool = False,
        earlier: int = 0,
        later: int = 0,
        target: str = "",
    ) -> None:
        """Show these messages; of another conversation, from its end.

        With `hold`, they are another branch of the same one: what is being read keeps its place.
        A line at the top says how many there are `earlier`; `later` ones are not loaded either.
        With a `target` the view goes to this message, as `show_entry` does, and nowhere else
        before.
        """
        self._scene.later = later
        if not hold:
            self._bar.forget()
        shown = self._scene.column.items
        if not hold and not (shown and entries and shown[0].entry.id == entries[0].id):
            self._scene.follows_end = True
        self._glide.stop()
        self._scene.set_earlier(earlier)
        self._scene.set_entries(entries, hold=hold and not target)
        self._editing.check()
        answers = [entry for entry in entries if entry.role is Role.ASSISTANT]
        self._describe(answers[-1].answer if answers else "")
        if target:
            self.show_entry(target)
            self.finder.messages_changed()
        else:
            self._changed()

    def show_passage(
        self, entries: list[Entry], place: float, *, earlier: int = 0, later: int = 0
    ) -> None:
        """Show other messages of the same conversation, and one by its place, as `show_place`."""
        self._glide.stop()
        self._scene.later = later
        self._scene.set_earlier(earlier)
        self._scene.set_entries(entries)
        self._editing.check()
        show_place(self._scene, place)
        self._changed()

    def prepend_entries(self, entries: list[Entry], *, earlier: int = 0) -> None:
        """Show messages before the first one; what is being read keeps its place."""
        self._scene.set_earlier(earlier)
        self._scene.prepend(entries)
        self._changed()

    def extend_entries(self, entries: list[Entry], *, later: int = 0) -> None:
        """Show messages after the last one, of those that were there before."""
        self._scene.later = later
        extend(self._scene, entries)
        self._changed()

    def trim_entries(self, first: int = 0, last: int = 0) -> None:
        """Let go of so many of the first messages and of the last ones."""
        self._scene.set_earlier(self._scene.earlier + first)
        self._scene.later += last
        trim(self._scene, first, last)
        self._editing.check()
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
        self._speak(entry_id)

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
        self._scene.later = 0
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
        return plain_text(self._scene)

    def _dress_button(self) -> None:
        self._jump.setIcon(self._scene.style.icons.icon("arrow-to-end", 20))

    def _describe(self, answer: str) -> None:
        self.setAccessibleDescription(answer[:DESCRIBED])

    def _speak(self, entry_id: str) -> None:
        """Tell assistive tools the sentences that are whole by now."""
        if not QAccessible.isActive():
            return
        if self._speech is None or self._speech.entry_id != entry_id:
            self._speech = Speech(entry_id)
        entry, first = self._scene.item(entry_id).entry, not self._speech.begun
        words = self._speech.grown(entry.answer)
        if words:
            announce(self, f"{entry.speaker}\n{words}" if first else words)

    def _announce(self, entry: Entry) -> None:
        """Tell assistive tools that an answer is there: what was not told of it, and its ending."""
        self._describe(entry.answer)
        speech, self._speech = self._speech, None
        if speech is None or speech.entry_id != entry.id:
            told = [entry.speaker, entry.answer[:DESCRIBED]]
        else:
            told = ["" if speech.begun else entry.speaker, speech.ended(entry.answer)]
        parts = (*told, entry.ending or tr("Answer complete"))
        announce(self, "\n".join(part for part in parts if part))

    @Slot()
    def _draw_formulas(self) -> None:
        """Show those that are typeset by now; what is at the top of the view stays there."""
        waiting = [piece for piece in self._scene.column.laid if piece.waits]
        for piece in waiting:
            piece.forget()
            piece.known = False
        if waiting:
            self._arrange()

    def _changed(self) -> None:
        self._arrange()
        self.finder.messages_changed()

    # Going to a message, editing one, finding words

    def show_entry(self, entry_id: str) -> None:
        """Go to a message and mark it for a moment. Raises KeyError for an unknown one."""
        self._glide.stop()
        bring(self._scene, entry_id)
        self._arrange()
        self._flash.show(entry_id, animated=moves(self))

    def edit(self, entry_id: str) -> None:
        """Put an editor in a message's place. Raises KeyError for an unknown one."""
        self._glide.stop()
        self._editing.begin(entry_id)

    def look_for(self, sought: str) -> None:
        """Find words from what is in view on; an empty text shows no matches any more."""
        self.finder.look_for(sought, max(0, self._scene.column.at(self._scene.top)))

    def look_from(self, sought: str, entry_id: str, *, backwards: bool) -> None:
        """Find words, beginning with the first match in a message or the last. Raises KeyError."""
        self.finder.look_for(sought, self._scene.index(entry_id), backwards=backwards)

    @property
    def extent(self) -> tuple[int, int]:
        """How many messages are not loaded, before those that are shown and after them."""
        return self._scene.earlier, self._scene.later

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
        self._ticker.check()
        if self._scene.top < self._scene.size.height() and self._scene.column.items:
            self.near_top.emit()
        if self._scene.later and self._scene.end - self._scene.top < self._scene.size.height():
            self.near_end.emit()
