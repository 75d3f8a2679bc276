"""What the reader of files tells the window."""

from dataclasses import dataclass
from pathlib import Path

from desktop.domain.attachments import Attachment
from desktop.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class FilesRead:
    """One ReadFiles is done."""

    attachments: tuple[Attachment, ...] = ()
    chats: tuple[Path, ...] = ()  # files of exported conversations
    problems: tuple[Problem, ...] = ()  # one for each file that was not read
