"""The thread that reads files which are to go with a message."""

import logging
import queue
from collections.abc import Callable
from pathlib import Path

from desktop.domain.attachments import Attachment
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.services.attaching.commands import AttachingCommand, Quit, ReadFiles
from desktop.services.attaching.notices import FilesRead
from desktop.services.attaching.reading import holds_chats, read_attachment

log = logging.getLogger(__name__)

MOST = 20  # files at once


class AttachingService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(self, notify: Callable[[FilesRead], None]) -> None:
        self._notify = notify
        self._inbox: queue.SimpleQueue[AttachingCommand] = queue.SimpleQueue()

    def post(self, command: AttachingCommand) -> None:
        """Ask for something; the answer comes as a notice."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit. Each ReadFiles has exactly one answer."""
        while not isinstance(command := self._inbox.get(), Quit):
            try:
                self._notify(_read(command))
            except Exception as error:  # a bug must not end what comes after it
                log.exception("files were not read")
                what = tr("Something unexpected went wrong ({error}).", error=type(error).__name__)
                problem = Problem(what, tr("The log has the details. Try again."))
                self._notify(FilesRead(problems=(problem,)))


def _read(command: ReadFiles) -> FilesRead:
    attachments: list[Attachment] = []
    chats: list[Path] = []
    problems: list[Problem] = []
    for path in command.paths[:MOST]:
        try:
            if command.find_chats and holds_chats(path):
                chats.append(path)
            else:
                attachments.append(read_attachment(path))
        except Problem as problem:
            problems.append(problem)
    if len(command.paths) > MOST:
        problems.append(
            Problem(
                tr("Only the first {count} files were attached.", count=MOST),
                tr("Send the others with another message."),
            )
        )
    return FilesRead(tuple(attachments), tuple(chats), tuple(problems))
