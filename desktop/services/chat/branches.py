"""What is done with the tree of a conversation: switching, deleting, emptying, reading back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from desktop.domain.chats import Removed, TitleOrigin, View, Whole
from desktop.domain.conversation import Conversation, Message
from desktop.domain.errors import Problem
from desktop.services.chat.dialogue import Branch, Dialogue
from desktop.services.chat.notices import BranchDeleted, Cleared, EarlierLoaded, Notice
from desktop.services.chat.recorder import Recorder, Store

LAST = 200  # messages that are read at once
MOST = 3000  # messages that the model is given, the newest ones
STEP = 1000  # by which that moves on, so that prompts begin alike for long
NOT_SAVED = Problem(
    "Some of this chat could not be saved yet, so its branches stay as they are.",
    "Free some space on the disk and try again.",
)


class TreeStore(Store, Protocol):
    """What is needed of the conversations on disk."""

    def open(self, id: str, last: int = LAST) -> View | None:
        """A conversation with the last messages of the branch in view."""

    def messages(self, conversation_id: str, ids: Sequence[str]) -> tuple[Message, ...]:
        """These messages."""

    def whole(self, id: str) -> Whole | None:
        """Everything about a conversation."""

    def choose_branch(self, conversation_id: str, message_id: str) -> str:
        """Put a message in view."""

    def delete_branch(self, conversation_id: str, message_id: str) -> Removed | None:
        """Delete a message and all that follow it."""

    def restore(self, removed: Removed) -> None:
        """Undo that."""

    def close(self) -> None:
        """Let the database go."""


@dataclass(frozen=True, slots=True)
class _Cleared:
    """A conversation that was emptied."""

    conversation: Conversation
    branch: Branch
    messages: tuple[Message, ...]  # of all branches

    @property
    def length(self) -> int:
        """Messages that were in view."""
        return len(self.branch.before) + len(self.conversation.messages)


class Branches:
    """Of the conversations in one store. What was deleted last can be brought back."""

    def __init__(self, store: TreeStore, recorder: Recorder) -> None:
        self.store = store
        self.recorder = recorder
        self._undo: dict[str, _Cleared | Removed] = {}
        self._read: tuple[tuple[str, ...], tuple[Message, ...]] = ((), ())

    def adopt(self, dialogue: Dialogue) -> Dialogue:
        """Look after the tree of a conversation."""
        id_ = dialogue.conversation.id
        dialogue.on_new_words = lambda: self.forget(id_)
        return dialogue

    def forget(self, chat_id: str) -> None:
        """What was deleted of a conversation stays deleted."""
        self._undo.pop(chat_id, None)

    def undoable(self, chat_id: str) -> bool:
        """True while something that was deleted of a conversation can be brought back."""
        return chat_id in self._undo

    def choose(self, dialogue: Dialogue, message_id: str) -> None:
        """Show the branch of a message."""
        self.need_saved(dialogue)
        self.store.choose_branch(dialogue.conversation.id, message_id)
        self._show(dialogue, message_id)

    def reach(self, dialogue: Dialogue, message_id: str) -> bool:
        """Have a message among those that were read, in whatever branch it is."""
        if dialogue.conversation.message(message_id) is not None:
            return True
        self.need_saved(dialogue)
        if message_id not in dialogue.branch.before:
            self.store.choose_branch(dialogue.conversation.id, message_id)
            self.read(dialogue)
        before = dialogue.branch.before
        if message_id in before:
            beyond = len(before) - before.index(message_id)
            self.read(dialogue, len(dialogue.conversation.messages) + beyond + LAST // 4)
        return dialogue.conversation.message(message_id) is not None

    def delete(self, dialogue: Dialogue, message_id: str) -> Notice | None:
        """Delete a message and all that follows it, in every branch."""
        dialogue.stop()
        self.need_saved(dialogue)
        removed = self.store.delete_branch(dialogue.conversation.id, message_id)
        if removed is None:
            return None
        self._undo[dialogue.conversation.id] = removed
        self._show(dialogue)
        return BranchDeleted(len(removed.messages))

    def undo_delete(self, dialogue: Dialogue) -> None:
        """Bring back what `delete` took."""
        removed = self._undo.get(dialogue.conversation.id)
        if isinstance(removed, Removed):
            self.store.restore(removed)
            self.forget(dialogue.conversation.id)
            self._show(dialogue, removed.messages[0].id)

    def clear(self, dialogue: Dialogue) -> Notice:
        """Empty the conversation, until something is said in a way that can be undone."""
        dialogue.stop()
        was, id_ = dialogue.conversation, dialogue.conversation.id
        known = self._undo.get(id_)
        if not (was.messages or dialogue.branch.before):
            return Cleared(known.length if isinstance(known, _Cleared) else 0)
        cleared = _Cleared(was, dialogue.branch, self._every_message(dialogue))
        self._undo[id_] = cleared
        named = dialogue.title_origin is TitleOrigin.USER
        emptied = replace(was, messages=(), title=was.title if named else "")
        dialogue.take(emptied, Branch())
        dialogue.changed = True
        self.recorder.delete(emptied, cleared.messages)
        return Cleared(cleared.length)

    def undo_clear(self, dialogue: Dialogue) -> None:
        """Bring back what `clear` took."""
        cleared = self._undo.get(dialogue.conversation.id)
        if not isinstance(cleared, _Cleared):
            return
        self.forget(dialogue.conversation.id)
        before = cleared.conversation
        restored = replace(dialogue.conversation, messages=before.messages, title=before.title)
        dialogue.take(restored, cleared.branch)
        dialogue.changed = True
        self.recorder.save(restored, *cleared.messages)
        dialogue.show(same=True)

    def load_earlier(self, dialogue: Dialogue) -> Notice | None:
        """Read more of the messages before the first one that was read."""
        before = dialogue.branch.before
        if not before:
            return None
        messages = self.store.messages(dialogue.conversation.id, before[-LAST:])
        branch = replace(dialogue.branch, before=before[:-LAST])
        known = dialogue.conversation
        dialogue.take(replace(known, messages=(*messages, *known.messages)), branch)
        return EarlierLoaded(messages, len(branch.before))

    def read(self, dialogue: Dialogue, last: int = LAST) -> None:
        """Take the conversation from the disk."""
        view = self.store.open(dialogue.conversation.id, last)
        if view is not None:
            dialogue.take(view.conversation, branch_of(view))

    def earlier(
        self, chat_id: str, before: tuple[str, ...], said: int, *, pin_first: bool
    ) -> tuple[Message, ...]:
        """The messages before the `said` newest ones that the model is given too."""
        length = len(before) + said
        start = -(-(length - MOST) // STEP) * STEP if length > MOST else 0
        ids = (*(before[: min(2, start)] if pin_first else ()), *before[start:])
        if ids != self._read[0]:
            self._read = (ids, self.store.messages(chat_id, ids)) if ids else ((), ())
        return self._read[1]

    def _show(self, dialogue: Dialogue, message_id: str = "") -> None:
        self.read(dialogue)
        if message_id:
            self.reach(dialogue, message_id)
        dialogue.changed = True
        dialogue.show(same=True, message_id=message_id)

    def need_saved(self, dialogue: Dialogue) -> None:
        """Have all of a conversation on disk. Raises Problem."""
        if dialogue.due is not None:
            self.recorder.save(dialogue.conversation, dialogue.due.message)
        if not self.recorder.finish():
            raise NOT_SAVED

    def _every_message(self, dialogue: Dialogue) -> tuple[Message, ...]:
        whole = self.store.whole(dialogue.conversation.id)
        stored = whole.conversation.messages if whole else ()
        found = {each.id: each for each in (*stored, *dialogue.conversation.messages)}
        return tuple(found.values())


def branch_of(view: View) -> Branch:
    """What was read of a tree."""
    return Branch(view.path[: view.earlier], view.forks)
