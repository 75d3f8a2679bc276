"""The conversations at hand: the one in view, and those whose answers are still written."""

from collections.abc import Callable, Iterator
from typing import Protocol

from desktop.domain.chats import Summary, TitleOrigin, View
from desktop.domain.conversation import Conversation, ConversationSettings, Message
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.engine.protocol import Command
from desktop.services.chat import notices
from desktop.services.chat.branches import LAST, Branches, TreeStore, branch_of
from desktop.services.chat.dialogue import Dialogue
from desktop.services.chat.notices import Notice
from desktop.services.chat.recorder import Recorder
from desktop.storage.opening import temporary_store


class ChatStore(TreeStore, Protocol):
    """What is needed of the conversations on disk to go from one to another."""

    def open_latest(self, last: int = LAST) -> View | None:
        """The conversation that was used last, with its last messages."""

    def summary(self, id: str) -> Summary | None:
        """One row of the list."""

    def delete(self, id: str) -> None:
        """Delete for now, and for good when the program is started again."""

    def rename(self, id: str, title: str, origin: TitleOrigin = TitleOrigin.USER) -> None:
        """Give another title."""

    def mark_interrupted(self) -> int:
        """Mark answers that were being written when the program ended."""


class Conversations:
    """Lives in the chat service's thread. One is always in view."""

    def __init__(
        self,
        store: ChatStore,
        send: Callable[[Command], None],
        notify: Callable[[Notice], None],
    ) -> None:
        self._store = store
        self._send = send
        self._notify = notify
        self._kept = Branches(store, Recorder(store, notify))
        self._fleeting: Branches | None = None  # of the temporary one in view
        self._behind: dict[str, Dialogue] = {}
        self._told_behind = ""
        self.secret_left = False  # the engine may remember a temporary one that is gone
        self.view = self._new(ConversationSettings(), self._kept)

    def __iter__(self) -> Iterator[Dialogue]:
        """The one in view, then those behind it."""
        return iter((self.view, *self._behind.values()))

    @property
    def branches(self) -> Branches:
        """The tree of the one in view."""
        return self._branches_of(self.view)

    @property
    def settings(self) -> ConversationSettings:
        """What the one in view is held with."""
        return self.view.conversation.settings

    def at_hand(self, chat_id: str) -> Dialogue | None:
        """The conversation, if it is in view or an answer is written in it."""
        return next((each for each in self if each.conversation.id == chat_id), None)

    def earlier(self, dialogue: Dialogue) -> tuple[Message, ...]:
        """The messages before those in memory that the model is given too."""
        known, due = dialogue.conversation, dialogue.due
        before, said = dialogue.branch.before, len(known.messages)
        if due is not None:
            before, said = due.before, len(due.said)
        pin_first = known.settings.pin_first
        branches = self._branches_of(dialogue)
        return branches.earlier(known.id, before, said, pin_first=pin_first)

    # going from one to another

    def open_last(self, settings: ConversationSettings, chat_id: str = "") -> list[Problem]:
        """Have this one in view, else the one that was used last, else a new one.

        Returns what stood in the way.
        """
        problems, last = [], None
        try:
            self._store.mark_interrupted()
        except Problem as problem:
            problems.append(problem)
        try:
            last = (self._store.open(chat_id) if chat_id else None) or self._store.open_latest()
        except Problem as problem:
            problems.append(problem)
        self._enter(self._taken(last) if last else self._new(settings, self._kept))
        return problems

    def begin(self, settings: ConversationSettings, *, temporary: bool = False) -> None:
        """Have a new one in view. It is on disk once something is said in it."""
        self._leave()
        if temporary:
            store = temporary_store()
            self._fleeting = Branches(store, Recorder(store, self._notify))
        self._enter(self._new(settings, self._fleeting or self._kept, temporary=temporary))

    def open(self, chat_id: str, message_id: str = "") -> None:
        """Have another one in view, with the branch of a message. Raises Problem."""
        if chat_id == self.view.conversation.id:
            if message_id and self.branches.reach(self.view, message_id):
                self.branches.show(self.view, message_id, same=True)
            return
        dialogue = self._behind.get(chat_id) or self._read(chat_id)
        if message_id and not self._kept.reach(dialogue, message_id):
            message_id = ""
        self._leave()
        self._behind.pop(chat_id, None)
        self._enter(dialogue, message_id)

    def forget(self, chat_id: str) -> None:
        """No longer have one at hand that is not in view, nor anything to save of it."""
        self._behind.pop(chat_id, None)
        self._kept.forget(chat_id)
        self._kept.recorder.forget(chat_id)

    def entitle(self, chat_id: str, title: str, origin: TitleOrigin) -> None:
        """Give a conversation a title. Raises Problem."""
        dialogue = self.at_hand(chat_id)
        if dialogue is None:
            self._store.rename(chat_id, title, origin)
            self._tell_changed(chat_id)
            return
        if not dialogue.temporary:
            dialogue.keep()
            self._store.rename(chat_id, title, origin)
        dialogue.entitle(title, origin)

    def title_origin(self, chat_id: str) -> TitleOrigin | None:
        """Who gave a conversation its title; None: it is not there. Raises Problem."""
        if dialogue := self.at_hand(chat_id):
            return dialogue.title_origin
        summary = self._store.summary(chat_id)
        return summary.title_origin if summary else None

    def stop(self) -> None:
        """End every answer; what was written stays."""
        for dialogue in self:
            dialogue.stop()

    def settle(self) -> None:
        """Tell what has changed in the list, and let go of those that are done."""
        for dialogue in tuple(self):
            if dialogue.changed:
                dialogue.changed = False
                if dialogue.kept and not dialogue.temporary:
                    self._tell_changed(dialogue.conversation.id)
        behind = {id_: each for id_, each in self._behind.items() if self._needed(each)}
        self._behind = behind
        writing = next((id_ for id_, each in behind.items() if each.due is not None), "")
        if writing != self._told_behind:
            self._told_behind = writing
            self._notify(notices.AnswerElsewhere(writing))

    def need_saved(self, chat_id: str) -> None:
        """Have all of a conversation on disk, an answer as far as it is written. Raises Problem."""
        if dialogue := self.at_hand(chat_id):
            self._branches_of(dialogue).need_saved(dialogue)

    def all_saved(self) -> bool:
        """Try once more to keep what could not be saved; True when all is on disk."""
        return self._kept.recorder.finish()

    def close(self) -> None:
        """End every answer, keep everything, let the database go."""
        self.stop()
        self.all_saved()
        self._store.close()

    def _leave(self) -> None:
        old = self.view
        old.in_view = False
        if old.temporary:
            old.stop()
            self.secret_left = self.secret_left or old.kept
            if self._fleeting is not None:
                self._fleeting.store.close()
            self._fleeting = None
        elif self._needed(old):
            self._behind[old.conversation.id] = old
        else:
            self._leave_blank()

    def _needed(self, dialogue: Dialogue) -> bool:
        """True while what is on disk is not all of it."""
        return dialogue.answering or self._kept.recorder.holds(dialogue.conversation.id)

    def _leave_blank(self) -> None:
        """A conversation without anything in it does not stay in the list."""
        view, id_ = self.view, self.view.conversation.id
        if view.blank and view.kept and not view.temporary and not self._kept.undoable(id_):
            try:
                self._store.delete(id_)
            except Problem:
                return  # it stays as an empty row
            self._notify(notices.ChatGone(id_))

    def _enter(self, dialogue: Dialogue, message_id: str = "") -> None:
        self.view = dialogue
        dialogue.in_view = True
        self.branches.show(dialogue, message_id)

    def _read(self, chat_id: str) -> Dialogue:
        view = self._store.open(chat_id)
        if view is None:
            raise _gone()
        return self._taken(view)

    def _taken(self, view: View) -> Dialogue:
        dialogue = self._made(view.conversation, self._kept)
        dialogue.kept = True
        dialogue.draft.take(view.draft, view.draft_attachments)
        dialogue.title_origin = view.title_origin
        dialogue.take(view.conversation, branch_of(view))
        return dialogue

    def _new(
        self, settings: ConversationSettings, branches: Branches, *, temporary: bool = False
    ) -> Dialogue:
        conversation = Conversation(settings=settings)
        return self._made(conversation, branches, temporary=temporary)

    def _made(
        self, conversation: Conversation, branches: Branches, *, temporary: bool = False
    ) -> Dialogue:
        made = Dialogue(
            conversation, branches.recorder, self._send, self._notify, temporary=temporary
        )
        return branches.adopt(made)

    def _branches_of(self, dialogue: Dialogue) -> Branches:
        return self._fleeting if dialogue.temporary and self._fleeting else self._kept

    def _tell_changed(self, chat_id: str) -> None:
        try:
            summary = self._store.summary(chat_id)
        except Problem:
            return  # the list stays as it is; what fails there is told by the recorder
        if summary is not None:
            self._notify(notices.ChatChanged(summary))


def _gone() -> Problem:
    return Problem(tr("This chat is no longer there."), tr("Choose another one."))
