"""What the window asks of the reader of files."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """Read files that are to be attached. Those that hold exported chats are told apart."""

    paths: tuple[Path, ...]
    find_chats: bool = False


@dataclass(frozen=True, slots=True)
class Quit:
    """End the service."""


AttachingCommand = ReadFiles | Quit
