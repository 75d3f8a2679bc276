"""What is done with the tree of a conversation: switching, deleting, emptying, reading back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from desktop.domain.chats import Removed, TitleOrigin, View, Whole
from desktop.domain.conversation import Conversation, Message
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.services.chat.dialogue import Branch, Dialogue
from desktop.services.chat.notices import BranchDeleted, Cleared, Notice, PassageLoaded
from desktop.services.chat.recorder import Recorder, Store

LAST = 200  # messages that are read at once
MOST = 3000  # messages that the model is given, the newest ones
STEP = 1000  # by which that moves on, so that prompts begin alike for long


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
        """Have a message in the branch in view, in whatever branch it is."""
        if _knows(dialogue, message_id):
            return True
        self.need_saved(dialogue)
        self.store.choose_branch(dialogue.conversation.id, message_id)
        self.read(dialogue)
        return _knows(dialogue, message_id)

    def bring(self, dialogue: Dialogue, message_id: str) -> bool:
        """Have a message far up as the last that was read: something will take its place.

        False when that is not needed, or cannot be while an answer is written.
        """
        before = dialogue.branch.before
        if dialogue.due is not None or message_id not in before:
            return False
        self.need_saved(dialogue)
        way = before[: before.index(message_id) + 1]
        messages = self.store.messages(dialogue.conversation.id, way[-LAST:])
        branch = replace(dialogue.branch, before=way[:-LAST])
        dialogue.take(replace(dialogue.conversation, messages=messages), branch)
        return True

    def show(self, dialogue: Dialogue, message_id: str = "", *, same: bool = False) -> None:
        """Tell the window of the last messages, or of those around a message far up."""
        before = dialogue.branch.before
        around = None
        if message_id in before:
            start = max(0, before.index(message_id) - LAST // 4)
            around = self.passage(dialogue, start, LAST)
        dialogue.show(same=same, message_id=message_id, around=around)

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

    def passage(self, dialogue: Dialogue, start: int, count: int) -> PassageLoaded:
        """Read messages of the branch in view, for the window only."""
        before, said = dialogue.branch.before, dialogue.as_written
        total = len(before) + len(said)
        start = max(0, min(start, total - count))
        end = min(total, start + count)
        read = self.store.messages(dialogue.conversation.id, before[start:end])
        rest = said[max(0, start - len(before)) : max(0, end - len(before))]
        return PassageLoaded((*read, *rest), start, total - end)

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
        self.show(dialogue, message_id, same=True)

    def need_saved(self, dialogue: Dialogue) -> None:
        """Have all of a conversation on disk. Raises Problem."""
        if dialogue.due is not None:
            self.recorder.save(dialogue.conversation, dialogue.due.message)
        if not self.recorder.finish():
            raise not_saved()

    def _every_message(self, dialogue: Dialogue) -> tuple[Message, ...]:
        whole = self.store.whole(dialogue.conversation.id)
        stored = whole.conversation.messages if whole else ()
        found = {each.id: each for each in (*stored, *dialogue.conversation.messages)}
        return tuple(found.values())


def _knows(dialogue: Dialogue, message_id: str) -> bool:
    known = dialogue.conversation.message(message_id) is not None
    return known or message_id in dialogue.branch.before


def branch_of(view: View) -> Branch:
    """What was read of a tree."""
    return Branch(view.path[: view.earlier], view.forks)


def not_saved() -> Problem:
    """Why branches stay as they are for now."""
    return Problem(
        tr("Some of this chat could not be saved yet, so its branches stay as they are."),
        tr("Free some space on the disk and try again."),
    )
