"""What the window asks about the message that is being written."""

from dataclasses import dataclass

from desktop.domain.attachments import Attachment


@dataclass(frozen=True, slots=True)
class Send:
    """Say something, and have it answered."""

    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep what is written in the composer and not sent yet."""

    text: str


@dataclass(frozen=True, slots=True)
class SaveDraftAttachments:
    """Keep the files and pasted texts that are to go with what is written in the composer."""

    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class WeighDraft:
    """Tell how many tokens this has that is not sent, when the engine has time.

    Only the last question is answered.
    """

    text: str
    attachments: tuple[Attachment, ...] = ()
