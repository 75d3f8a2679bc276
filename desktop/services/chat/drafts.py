"""What is written in a conversation and not sent yet, and the message that becomes of it."""

from collections.abc import Sequence
from typing import Protocol

from desktop.domain.attachments import Attachment, attachment_of, composed, parted
from desktop.domain.conversation import Conversation, Message, Role, clean_text
from desktop.services.chat.recorder import Recorder


class Keeper(Protocol):
    """A conversation that may not be on disk yet."""

    conversation: Conversation
    kept: bool

    def keep(self) -> None:
        """Have it on disk."""


class Draft:
    """Kept with its conversation, which it brings to disk if nothing was said in it yet."""

    def __init__(self, recorder: Recorder, keeper: Keeper) -> None:
        self.text = ""
        self.attachments: tuple[Attachment, ...] = ()
        self._recorder = recorder
        self._keeper = keeper

    def __bool__(self) -> bool:
        return bool(self.text or self.attachments)

    def take(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """This is what is on disk."""
        self.text, self.attachments = text, attachments

    def write(self, text: str) -> None:
        """Keep a text."""
        self.text = clean_text(text)
        if self.text.strip():
            self._keeper.keep()
        if self._keeper.kept:
            self._recorder.save_draft(self._keeper.conversation, self.text)

    def attach(self, attachments: Sequence[Attachment]) -> None:
        """Keep what is to go with it."""
        self.attachments = _cleaned(attachments)
        if self.attachments:
            self._keeper.keep()
        if self._keeper.kept:
            self._recorder.save_draft_attachments(self._keeper.conversation, self.attachments)

    def clear(self) -> None:
        """It was sent."""
        if self.text:
            self.write("")
        if self.attachments:
            self.attach(())


def question_of(typed: str, attachments: Sequence[Attachment], parent_id: str) -> Message | None:
    """The user's message with these attachments; None where it says nothing."""
    text, quotations = composed(_cleaned(attachments), clean_text(typed))
    if not text.strip():
        return None
    return Message(Role.USER, text, parent_id=parent_id, attachments=quotations)


def edited(old: Message, typed: str) -> Message | None:
    """Something else said in the place of a message of the user's, with the same attachments."""
    attachments = parted(old.text, old.attachments).attachments
    made = question_of(typed, attachments, old.parent_id)
    return made if old.role is Role.USER else None


def _cleaned(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Without what no database, tokenizer or screen can hold."""
    return tuple(
        attachment_of(clean_text(each.name), clean_text(each.text)) for each in attachments
    )
