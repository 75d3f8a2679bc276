"""The messages that were sent, to be taken up again."""

from typing import NamedTuple

from desktop.domain.attachments import Attachment

MOST = 50
LONGEST = 20_000  # characters; a pasted file is not worth keeping twice
WITH_ATTACHMENTS = 3  # the last messages, whose attachments are kept too


class Sent(NamedTuple):
    """A message as it was in the composer."""

    text: str
    attachments: tuple[Attachment, ...] = ()


class SentHistory:
    """Walks back through what was sent and forward again to what was being written."""

    def __init__(self) -> None:
        self._sent: list[Sent] = []
        self._place = 0
        self._draft = Sent("")

    def add(self, sent: Sent) -> None:
        """Remember a message as the latest one."""
        if (sent.text or sent.attachments) and len(sent.text) <= LONGEST:
            others = [each for each in self._sent if each.text != sent.text]
            older, newer = others[: 1 - WITH_ATTACHMENTS], others[1 - WITH_ATTACHMENTS :]
            texts = [Sent(each.text) for each in older if each.text]
            self._sent = [*texts, *newer, sent][-MOST:]
        self.rest()

    def rest(self) -> None:
        """Start the next walk from the end."""
        self._place = len(self._sent)

    def older(self, current: Sent) -> Sent | None:
        """The message before; None at the first. `current` is what is being written."""
        if self._place == 0:
            return None
        if self._place == len(self._sent):
            self._draft = current
        self._place -= 1
        return self._sent[self._place]

    def newer(self) -> Sent | None:
        """The message after, at the end what was being written; None beyond it."""
        if self._place >= len(self._sent):
            return None
        self._place += 1
        return self._draft if self._place == len(self._sent) else self._sent[self._place]
