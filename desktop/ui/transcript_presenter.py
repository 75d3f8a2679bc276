"""What the chat service tells of the messages, brought into the transcript."""

import math
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.conversation import Message, Role, State
from desktop.domain.tree import Fork
from desktop.services.chat import notices
from desktop.ui.passage_asker import KEPT, PassageAsker, nearby
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.message_entry import entry_of, full_entry, tools_of
from desktop.ui.transcript.view import TranscriptView

FLUSH_MS = 33  # at most 30 updates a second
READING_AFTER_MS = 300  # a prompt that is read sooner needs no bar


class TranscriptPresenter(QObject):
    """Holds the messages as the service has them."""

    passage_wanted = Signal(int, int)  # place of the first message in the branch, and how many

    def __init__(self, view: TranscriptView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._messages: list[Message] = []
        self._forks: Mapping[str, Fork] = {}
        self._made: dict[str, tuple[object, Entry]] = {}  # by message: of what, and its entry
        self._later = 0  # messages after the last one shown
        self._unseen_answer = ""  # id of the one that is being written after those shown
        self._asker = PassageAsker(view, self)
        self._asker.wanted.connect(self.passage_wanted)
        self._grown: dict[str, str] = {}
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self.flush)
        self._reading: notices.AnswerReading | None = None  # the last that was told
        self._patience = QTimer(self, singleShot=True, interval=READING_AFTER_MS)
        self._patience.timeout.connect(self._show_reading)
        self._begun = ""  # id of the answer that has its first words
        self._full: notices.ContextFull | None = None
        self._thinks = ""  # id of the answer that begins in the middle of a thought

    @property
    def writing(self) -> bool:
        """True while an answer is being written."""
        if self._later:
            return bool(self._unseen_answer)
        return any(message.state is State.WRITING for message in self._messages[-1:])

    @property
    def last_fork(self) -> str:
        """The last message that has other versions; empty for none."""
        ids = (message.id for message in reversed(self._messages))
        return next((id_ for id_ in ids if id_ in self._forks), "")

    def last(self, role: Role | None = None) -> str:
        """The last message, or that of a speaker; empty for none, or while it is not loaded."""
        if self._later:
            return ""
        said = (each.id for each in reversed(self._messages) if role in (None, each.role))
        return next(said, "")

    def tools_of(self, message_id: str) -> tuple[str, ...]:
        """What one can do with a message."""
        found = (tools_of(each) for each in self._messages if each.id == message_id)
        return next(found, ())

    def text_of(self, message_id: str) -> str:
        """What a message says."""
        return next((each.text for each in self._messages if each.id == message_id), "")

    def fork_of(self, message_id: str) -> Fork | None:
        """The versions of a message; None when it has only one."""
        return self._forks.get(message_id)

    def show(self, notice: notices.Opened) -> None:
        """Show another conversation, from its end; or another branch, where one was reading.

        What was cleared and is back is shown from its end, too.

        Where one goes to a message of a long one, only what is near it is taken up at once.
        """
        messages = notice.conversation.messages
        held = notice.same and bool(self._messages)
        ids = [message.id for message in messages]
        target = notice.message_id if notice.message_id in ids else ""
        far = target and (notice.earlier or notice.later)
        near = nearby(ids, target) if far else range(len(ids))
        earlier = notice.earlier + near.start
        self._messages = list(messages[near.start : near.stop])
        self._forks = notice.forks
        self._later = notice.later + len(ids) - near.stop
        self._unseen_answer = notice.answering if self._later else ""
        self._asker.reset()
        self._set_extent(earlier)
        self._grown.clear()
        if not notice.same:
            self._made.clear()
        self._end_reading()
        entries = [self._entry(each) for each in self._messages]
        self._view.set_entries(
            entries, hold=held, earlier=earlier, later=self._later, target=target
        )
        if not (target or held):
            self._view.scroll_to_end()

    def clear(self) -> None:
        """Show nothing."""
        self._messages, self._forks, self._later, self._unseen_answer = [], {}, 0, ""
        self._set_extent(0)
        self._asker.reset()
        self._grown.clear()
        self._end_reading()
        self._view.clear()

    def show_passage(self, notice: notices.PassageLoaded) -> None:
        """Show messages that go on from those shown, or those where one goes to."""
        self.flush()
        asked = self._asker.took()
        new = list(notice.messages)
        if asked is not None and asked.place is not None:
            self._replace(new, notice, asked.place)
        elif notice.earlier + len(new) == self._asker.earlier:
            self._prepend(new, notice.earlier)
        elif notice.earlier == self._asker.earlier + self._asker.shown:
            self._extend(new, notice.later)
        self._asker.go_on()

    def _replace(self, new: list[Message], notice: notices.PassageLoaded, place: float) -> None:
        self._messages, self._later = new, notice.later
        self._made.clear()
        entries = [self._entry(message) for message in new]
        self._set_extent(notice.earlier)
        self._note_last()
        self._view.show_passage(entries, place, earlier=notice.earlier, later=notice.later)

    def _prepend(self, new: list[Message], earlier: int) -> None:
        self._messages[:0] = new
        self._set_extent(earlier)
        self._view.prepend_entries([self._entry(message) for message in new], earlier=earlier)
        if (beyond := len(self._messages) - KEPT) > 0:
            if self.writing and not self._later:
                self._unseen_answer = self._messages[-1].id
            self._let_go(self._messages[-beyond:])
            del self._messages[-beyond:]
            self._later += beyond
            self._set_extent(earlier)
            self._view.trim_entries(last=beyond)

    def _extend(self, new: list[Message], later: int) -> None:
        self._messages += new
        self._later = later
        self._note_last()
        self._set_extent(self._asker.earlier)
        self._view.extend_entries([self._entry(message) for message in new], later=later)
        if (beyond := len(self._messages) - KEPT) > 0:
            self._let_go(self._messages[:beyond])
            del self._messages[:beyond]
            self._set_extent(self._asker.earlier + beyond)
            self._view.trim_entries(first=beyond)

    def _let_go(self, messages: list[Message]) -> None:
        for message in messages:
            self._made.pop(message.id, None)

    def _note_last(self) -> None:
        """Once the last message is shown, it says itself whether it is being written."""
        if not self._later:
            self._unseen_answer = ""

    def _set_extent(self, earlier: int) -> None:
        self._asker.set_extent(earlier, len(self._messages), self._later)

    def passage_failed(self) -> None:
        """Something was refused; if it was this, it may be asked for again."""
        self._asker.reset()

    def set_forks(self, notice: notices.ForksChanged) -> None:
        """Show which messages have other versions now."""
        before, self._forks = self._forks, notice.forks
        changed = {id_ for id_ in {*before, *notice.forks} if self.fork_of(id_) != before.get(id_)}
        for message in self._messages:
            if message.id in changed:
                self._view.update_entry(self._entry(message))

    def add(self, message: Message) -> None:
        """Show one more message."""
        if self._later:
            self._later += 1
            self._unseen_answer = message.id if message.state is State.WRITING else ""
            self._set_extent(self._asker.earlier)
            self._asker.go(math.inf)
            return
        before = self._messages[-1:]
        self._messages.append(message)
        self._set_extent(self._asker.earlier)
        for one in before:  # what can be done about the last one can no longer be done
            self._view.update_entry(self._entry(one))
        self._view.add_entry(self._entry(message))

    def remove_from(self, message_id: str) -> None:
        """Take a message away, and all after it."""
        ids = [message.id for message in self._messages]
        if message_id not in ids:  # far below those shown
            self._asker.go(math.inf)
            return
        del self._messages[ids.index(message_id) :]
        self._later, self._unseen_answer = 0, ""
        self._set_extent(self._asker.earlier)
        self._view.remove_from(message_id)

    def think(self, message_id: str) -> None:
        """An answer begins in the middle of a thought; empty for none."""
        self._thinks = message_id or self._thinks
        for message in self._messages[-1:]:
            if message.id == message_id:
                self._view.update_entry(self._entry(message))

    def read(self, notice: notices.AnswerReading) -> None:
        """Tell how far the prompt is read, once that takes a moment."""
        if notice.message_id == self._begun:
            return
        if self._reading is None or self._reading.message_id != notice.message_id:
            self._patience.start()
        self._reading = notice
        if not self._patience.isActive():
            self._show_reading()

    def grow(self, message_id: str, text: str) -> None:
        """Let an answer grow, soon."""
        self._end_reading()
        self._begun = message_id
        self._go_on(message_id)
        self._grown[message_id] = self._grown.get(message_id, "") + text
        if not self._flush.isActive():
            self._flush.start()

    def flush(self) -> None:
        """Let the answers grow now."""
        self._flush.stop()
        grown, self._grown = self._grown, {}
        for message_id, text in grown.items():
            if self._shows(message_id):
                self._view.append_text(message_id, text)

    def end(self, message: Message) -> bool:
        """Show an answer as it will stay; True for the last of the conversation."""
        self._end_reading()
        self._grown.pop(message.id, None)  # it is all in the message
        self.flush()
        if not self._shows(message.id):
            was_last = message.id == self._unseen_answer
            self._unseen_answer = "" if was_last else self._unseen_answer
            return was_last
        self._messages = [message if m.id == message.id else m for m in self._messages]
        self._view.update_entry(self._entry(message))
        return self._is_last(message)

    def ask(self, notice: notices.ContextFull) -> None:
        """Offer the ways on where the conversation does not fit."""
        self._full = notice
        for message in self._messages:
            if message.id == notice.message_id:
                self._view.update_entry(self._entry(message))

    def _entry(self, message: Message) -> Entry:
        last, fork = self._is_last(message), self.fork_of(message.id)
        full = self._full if last else None
        opened = message.id == self._thinks
        what = (message, last, fork, full, opened)
        if (made := self._made.get(message.id)) and made[0] == what:
            return made[1]
        if full and full.message_id == message.id:
            entry = full_entry(message, full.needed, full.available)
        else:
            entry = entry_of(message, last=last, fork=fork)
        if opened:
            entry = replace(entry, opened=True)
        self._made[message.id] = (what, entry)
        return entry

    def _is_last(self, message: Message) -> bool:
        return bool(self._messages) and not self._later and self._messages[-1].id == message.id

    def _shows(self, message_id: str) -> bool:
        return any(message.id == message_id for message in reversed(self._messages))

    def _go_on(self, message_id: str) -> None:
        """An answer that had ended grows again: it is being continued."""
        for index, message in enumerate(self._messages[-1:], len(self._messages) - 1):
            if message.id == message_id and message.state is not State.WRITING:
                self._messages[index] = replace(message, state=State.WRITING, problem="")
                self._view.update_entry(self._entry(self._messages[index]))

    def _show_reading(self) -> None:
        notice = self._reading
        if notice is None:
            return
        for message in self._messages[-1:]:
            if message.id == notice.message_id:
                told = (notice.done, notice.total)
                self._view.update_entry(replace(self._entry(message), reading=told))

    def _end_reading(self) -> None:
        self._patience.stop()
        self._reading = None
