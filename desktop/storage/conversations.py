"""The conversations: saved with each message, read along the branch in view."""

import itertools
import logging
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.attachments import Attachment
from desktop.domain.chats import Hit, Removed, Summary, TitleOrigin, View, Whole
from desktop.domain.conversation import Conversation, Message, clean_text, now
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.storage import backups, branches, importing, index, listing, saving, search
from desktop.storage.codec import list_json
from desktop.storage.database import Database
from desktop.storage.importing import Added

_LAST = 200  # messages that are read when a conversation is opened

_log = logging.getLogger(__name__)


class ConversationStore:
    """What was said, for the one thread that opened the database. Every method raises Problem."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def is_temporary(self) -> bool:
        """True when nothing outlives the program."""
        return self._database.path is None

    # one conversation

    def latest(self) -> Conversation | None:
        """The conversation that was written to last."""
        with self._database.reading(tr("read your latest chat")) as connection:
            return branches.read(connection, branches.LATEST)

    def get(self, id: str) -> Conversation | None:
        """The conversation with this id, with every message of the branch in view."""
        with self._database.reading(tr("read this chat")) as connection:
            return branches.read(connection, branches.BY_ID, id)

    def open(self, id: str, last: int = _LAST) -> View | None:
        """The conversation with the last messages of the branch in view: quick at any length."""
        with self._database.reading(tr("read this chat")) as connection:
            return branches.read_view(connection, branches.BY_ID, id, last=last)

    def open_latest(self, last: int = _LAST) -> View | None:
        """The conversation that was written to last, as `open` reads it."""
        with self._database.reading(tr("read your latest chat")) as connection:
            return branches.read_view(connection, branches.LATEST, last=last)

    def messages(self, conversation_id: str, ids: Sequence[str]) -> tuple[Message, ...]:
        """These messages, in this order, such as a piece of `View.path`."""
        with self._database.reading(tr("read this chat")) as connection:
            return branches.messages(connection, conversation_id, ids)

    def whole(self, id: str) -> Whole | None:
        """Everything about a conversation, every branch of it."""
        with self._database.reading(tr("read this chat")) as connection:
            return branches.whole(connection, id)

    def save_conversation(self, conversation: Conversation) -> None:
        """Save title and settings, not the messages."""
        with self._database.writing(tr("save this chat")) as connection:
            saving.save_conversation(connection, conversation)

    def save_messages(
        self, conversation_id: str, messages: Sequence[Message], head_id: str
    ) -> None:
        """Save messages, new or known, and the end of the branch in view: all or nothing.

        Raises ValueError for a message that belongs to another conversation.
        """
        with self._database.writing(tr("save your message")) as connection:
            saving.save_messages(connection, conversation_id, messages, head_id)

    def save_draft(self, id: str, text: str) -> None:
        """Keep what was written and not sent."""
        with self._database.writing(tr("save your draft")) as connection:
            listing.change(connection, id, {"draft": clean_text(text)})

    def save_draft_attachments(self, id: str, attachments: Sequence[Attachment]) -> None:
        """Keep the files and pasted texts that are to go with it."""
        with self._database.writing(tr("save your draft")) as connection:
            listing.change(connection, id, {"draft_attachments": list_json(attachments)})

    def add(self, whole: Whole) -> str:
        """Add a conversation that was imported. Returns its id: a new one when it was taken."""
        with self._database.writing(tr("add this chat")) as connection:
            if saving.is_taken(connection, whole):
                whole = whole.renewed()
            saving.insert_whole(connection, whole)
            return whole.conversation.id

    def add_all(self, chats: Iterable[Whole]) -> Added:
        """Add the conversations of a file, all or none. What iterating raises, undoes all."""
        with self._database.writing(tr("import these chats")) as connection:
            return importing.add_all(connection, chats)

    def add_part(self, chats: Iterable[Whole]) -> Added:
        """Add a part of a file: nobody sees it before `show_parts`."""
        with self._database.writing(tr("import these chats")) as connection:
            added = importing.add_all(connection, chats)
            listing.set_arriving(connection, added.ids, arriving=True)
            return added

    def fitted(self, chat: Whole) -> tuple[Whole | None, Added]:
        """For one that is too long to be added at once: `add_part` its beginning, `add_messages`.

        Returns it as it can be added, None when it is there, and what that comes to.
        """
        with self._database.reading(tr("import these chats")) as connection:
            return importing.fitted(connection, chat)

    def add_messages(self, id: str, messages: Sequence[Message], start: int) -> None:
        """Add messages that are new to the file, from this place of the conversation on."""
        with self._database.writing(tr("import these chats")) as connection:
            saving.insert_messages(connection, id, messages, itertools.count(start))

    def show_parts(self, ids: Collection[str]) -> None:
        """Show what `add_part` has added, now that all is there."""
        with self._database.writing(tr("import these chats")) as connection:
            listing.set_arriving(connection, ids, arriving=False)

    def duplicate(self, id: str, title: str) -> str | None:
        """Copy a conversation with all its branches. Returns the id of the copy."""
        original = self.whole(id)
        if original is None:
            return None
        copy = replace(
            original.renewed(), updated_at=now(), pinned=False, draft="", draft_attachments=()
        )
        return self.add(replace(copy, conversation=replace(copy.conversation, title=title)))

    # the list

    def summaries(
        self, archived: bool = False, limit: int = 200, after: Summary | None = None
    ) -> tuple[Summary, ...]:
        """The pinned conversations, then the others, newest first: those after `after`."""
        with self._database.reading(tr("list your chats")) as connection:
            return listing.summaries(connection, archived, limit, after)

    def summary(self, id: str) -> Summary | None:
        """One row of the list."""
        with self._database.reading(tr("list your chats")) as connection:
            return listing.summary(connection, id)

    def rename(self, id: str, title: str, origin: TitleOrigin = TitleOrigin.USER) -> None:
        """Give another title."""
        with self._database.writing(tr("rename this chat")) as connection:
            listing.rename(connection, id, title, origin)

    def pin(self, id: str, pinned: bool) -> None:
        """Keep at the top of the list, or not."""
        with self._database.writing(tr("pin this chat")) as connection:
            listing.change(connection, id, {"pinned": pinned})

    def archive(self, id: str, archived: bool) -> None:
        """Move to the archive, or back."""
        with self._database.writing(tr("archive this chat")) as connection:
            listing.change(connection, id, {"archived": archived})

    def delete(self, id: str) -> None:
        """Delete for now: nobody sees it, and `undelete` brings it back until `purge`."""
        with self._database.writing(tr("delete this chat")) as connection:
            listing.hide(connection, id, True)

    def delete_all(self) -> int:
        """Delete every conversation for now; returns how many."""
        with self._database.writing(tr("delete your chats")) as connection:
            return listing.hide_all(connection)

    def undelete(self, id: str) -> None:
        """Take `delete` back."""
        with self._database.writing(tr("bring this chat back")) as connection:
            listing.hide(connection, id, False)

    def left_over(self, before: str) -> tuple[str, ...]:
        """For `purge`: what was deleted before this moment (ISO 8601), and parts never shown.

        Not to be asked while a file is being imported.
        """
        with self._database.reading(tr("look for deleted chats")) as connection:
            return tuple(listing.left_over(connection, before))

    def erase_some(self, ids: Collection[str]) -> None:
        """Take conversations out of the file, briefly; `purge` of the same ids ends it."""
        with backups.LOCK, self._database.writing(tr("delete these chats")) as connection:
            listing.erase(connection, ids)

    def purge(self, ids: Collection[str] | None = None) -> int:
        """Erase these conversations, or all that are deleted for now, from every file.

        Returns how many.
        """
        with backups.LOCK:
            with self._database.writing(tr("delete this chat")) as connection:
                gone = listing.hidden(connection) if ids is None else list(ids)
                listing.erase(connection, gone)
            if gone:
                self._leave_no_traces()
                backups.forget_conversations(self._copies(), gone)
        return len(gone)

    # branches

    def choose_branch(self, conversation_id: str, message_id: str) -> str:
        """Put a message in view, and what was last in view after it. Returns the new head."""
        with self._database.writing(tr("show this answer")) as connection:
            return branches.choose(connection, conversation_id, message_id)

    def delete_branch(self, conversation_id: str, message_id: str) -> Removed | None:
        """Delete a message and all that follow it, for good but for what is returned."""
        with backups.LOCK:
            with self._database.writing(tr("delete these messages")) as connection:
                removed = branches.remove(connection, conversation_id, message_id)
            if removed is not None:
                self._leave_no_traces()
                ids = [message.id for message in removed.messages]
                backups.forget_messages(self._copies(), ids)
        return removed

    def restore(self, removed: Removed) -> None:
        """Undo `delete_branch`."""
        with self._database.writing(tr("bring these messages back")) as connection:
            branches.put_back(connection, removed)

    def delete_messages(self, conversation_id: str, ids: Iterable[str]) -> None:
        """Delete messages for good, from the backups too. What follows them moves up."""
        with backups.LOCK:
            with self._database.writing(tr("delete these messages")) as connection:
                gone = branches.cut_out(connection, conversation_id, set(ids))
            if gone:
                self._leave_no_traces()
                backups.forget_messages(self._copies(), gone)

    # finding

    def search(self, text: str, limit: int = 50) -> tuple[Hit, ...]:
        """Titles and messages that hold every word of the text, the best first."""
        sought = clean_text(text)
        with self._database.reading(tr("search your chats")) as connection:
            try:
                return search.find(connection, sought, limit)
            except sqlite3.Error as error:
                if not index.is_damaged(error):
                    raise
        _log.warning("the search index was damaged, and is made anew")
        with self._database.writing(tr("search your chats")) as connection:
            index.rebuild(connection)
            return search.find(connection, sought, limit)

    def find_in(self, conversation_id: str, text: str) -> dict[str, int]:
        """The messages in view of a conversation that hold this text anywhere."""
        with self._database.reading(tr("search this chat")) as connection:
            return branches.find_in(connection, conversation_id, clean_text(text))

    # the file

    def mark_interrupted(self) -> int:
        """Mark every answer that was being written when the program ended; returns how many."""
        with self._database.writing(tr("look after interrupted answers")) as connection:
            return saving.mark_interrupted(connection)

    def close(self) -> None:
        """Close the file, for another window to open it."""
        self._database.close()

    def _leave_no_traces(self) -> None:
        try:
            with self._database.writing(tr("clear the search index")) as connection:
                index.leave_no_traces(connection)
            self._database.empty_log()
        except Problem as problem:
            # The messages are deleted; the log is overwritten later, or emptied at the end.
            _log.warning("traces of deleted messages were not removed: %s", problem.what)

    def _copies(self) -> list[Path]:
        path, folder = self._database.path, self._database.backups
        return [] if path is None or folder is None else backups.copies_of(path, folder)
