"""The messages that were sent, to be taken up again."""

MOST = 50
LONGEST = 20_000  # characters; a pasted file is not worth keeping twice


class SentHistory:
    """Walks back through what was sent and forward again to what was being written."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._place = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Remember a message as the latest one."""
        if text and len(text) <= LONGEST:
            self._sent = [*(sent for sent in self._sent if sent != text), text][-MOST:]
        self.rest()

    def rest(self) -> None:
        """Start the next walk from the end."""
        self._place = len(self._sent)

    def older(self, current: str) -> str | None:
        """The message before; None at the first. `current` is what the field holds."""
        if self._place == 0:
            return None
        if self._place == len(self._sent):
            self._draft = current
        self._place -= 1
        return self._sent[self._place]

    def newer(self) -> str | None:
        """The message after, at the end what was being written; None beyond it."""
        if self._place >= len(self._sent):
            return None
        self._place += 1
        return self._draft if self._place == len(self._sent) else self._sent[self._place]
