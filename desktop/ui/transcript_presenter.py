"""What the chat service tells of the messages, brought into the transcript."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.conversation import Message, Role, State
from desktop.domain.tree import Fork
from desktop.services.chat import notices
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.message_entry import entry_of, full_entry, tools_of
from desktop.ui.transcript.view import TranscriptView

FLUSH_MS = 33  # at most 30 updates a second
READING_AFTER_MS = 300  # a prompt that is read sooner needs no bar


class TranscriptPresenter(QObject):
    """Holds the messages as the service has them."""

    earlier_wanted = Signal()

    def __init__(self, view: TranscriptView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._messages: list[Message] = []
        self._forks: Mapping[str, Fork] = {}
        self._made: dict[str, tuple[object, Entry]] = {}  # by message: of what, and its entry
        self._earlier = 0  # messages before the first one shown
        self._earlier_asked = False
        view.near_top.connect(self._want_earlier)
        self._grown: dict[str, str] = {}
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self.flush)
        self._reading: notices.AnswerReading | None = None  # the last that was told
        self._patience = QTimer(self, singleShot=True, interval=READING_AFTER_MS)
        self._patience.timeout.connect(self._show_reading)
        self._begun = ""  # id of the answer that has its first words
        self._full: notices.ContextFull | None = None

    @property
    def writing(self) -> bool:
        """True while an answer is being written."""
        return any(message.state is State.WRITING for message in self._messages[-1:])

    @property
    def last_fork(self) -> str:
        """The last message that has other versions; empty for none."""
        ids = (message.id for message in reversed(self._messages))
        return next((id_ for id_ in ids if id_ in self._forks), "")

    def last(self, role: Role | None = None) -> str:
        """The last message, or that of a speaker; empty for none."""
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
        """Show another conversation, from its end; or another branch, where one was reading."""
        self._messages = list(notice.conversation.messages)
        self._forks = notice.forks
        self._earlier = notice.earlier
        self._earlier_asked = False
        self._grown.clear()
        if not notice.same:
            self._made.clear()
        self._end_reading()
        entries = [self._entry(each) for each in self._messages]
        self._view.set_entries(entries, hold=notice.same, earlier=notice.earlier)
        if any(each.id == notice.message_id for each in self._messages):
            self._view.show_entry(notice.message_id)
        elif not notice.same:
            self._view.scroll_to_end()

    def clear(self) -> None:
        """Show nothing."""
        self._messages, self._forks, self._earlier = [], {}, 0
        self._grown.clear()
        self._end_reading()
        self._view.clear()

    def show_earlier(self, notice: notices.EarlierLoaded) -> None:
        """Show messages before the first one."""
        self._earlier = notice.earlier
        self._earlier_asked = False
        self._messages[:0] = notice.messages
        entries = [self._entry(message) for message in notice.messages]
        self._view.prepend_entries(entries, earlier=notice.earlier)

    def earlier_failed(self) -> None:
        """Something was refused; if it was this, it may be asked for again."""
        self._earlier_asked = False

    def set_forks(self, notice: notices.ForksChanged) -> None:
        """Show which messages have other versions now."""
        before, self._forks = self._forks, notice.forks
        changed = {id_ for id_ in {*before, *notice.forks} if self.fork_of(id_) != before.get(id_)}
        for message in self._messages:
            if message.id in changed:
                self._view.update_entry(self._entry(message))

    def add(self, message: Message) -> None:
        """Show one more message."""
        before = self._messages[-1:]
        self._messages.append(message)
        for one in before:  # what can be done about the last one can no longer be done
            self._view.update_entry(self._entry(one))
        self._view.add_entry(self._entry(message))

    def remove_from(self, message_id: str) -> None:
        """Take a message away, and all after it."""
        ids = [message.id for message in self._messages]
        del self._messages[ids.index(message_id) :]
        self._view.remove_from(message_id)

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
            self._view.append_text(message_id, text)

    def end(self, message: Message) -> bool:
        """Show an answer as it will stay; True for the last of the conversation."""
        self._end_reading()
        self.flush()
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
        what = (message, last, fork, full)
        if (made := self._made.get(message.id)) and made[0] == what:
            return made[1]
        if full and full.message_id == message.id:
            entry = full_entry(message, full.needed, full.available)
        else:
            entry = entry_of(message, last=last, fork=fork)
        self._made[message.id] = (what, entry)
        return entry

    def _is_last(self, message: Message) -> bool:
        return bool(self._messages) and self._messages[-1].id == message.id

    def _go_on(self, message_id: str) -> None:
        """An answer that had ended grows again: it is being continued."""
        for index, message in enumerate(self._messages[-1:], len(self._messages) - 1):
            if message.id == message_id and message.state is not State.WRITING:
                self._messages[index] = replace(message, state=State.WRITING, problem="")
                self._view.update_entry(self._entry(self._messages[index]))

    def _want_earlier(self) -> None:
        if self._earlier and not self._earlier_asked:
            self._earlier_asked = True
            self.earlier_wanted.emit()

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
