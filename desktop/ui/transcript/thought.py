"""What a model thinks before it answers: parted from the answer, folded into one line."""

from time import monotonic

from desktop.domain.thinking import Parted, may_begin, parted, thought_words
from desktop.domain.wording import duration
from desktop.ui.i18n import tr
from desktop.ui.transcript.entry import Entry

GLIMPSE = 160  # characters of what is being thought, beside the line


class Thought:
    """The time that a thought takes before our eyes, and the words of the line it folds into."""

    def __init__(self) -> None:
        self._began = 0.0  # when the first word of the answer was seen
        self._took = 0.0
        self._was_open = False
        self._noted: tuple[object, ...] = ()
        self.words = ""
        self.glimpse = ""

    def note(self, entry: Entry, found: Parted, *, renew: bool = False) -> None:
        """Take note of another state of the message.

        What is told of a thought that goes on changes calmly: only with `renew`.
        """
        now = monotonic()
        if entry.writing and entry.text and not self._began:
            self._began = now
        thinking = entry.writing and found.thinking
        if thinking or (self._was_open and found.closed):
            self._took = now - self._began
        self._was_open = thinking
        noted = (entry.writing, found.thinks, found.closed, entry.thinking_ms)
        if renew or noted != self._noted:
            self._noted = noted
            self.words = self._words(entry, found)
            self.glimpse = _last_line(found.thought) if thinking else ""

    def _words(self, entry: Entry, found: Parted) -> str:
        if not found.thinks:
            return ""
        seconds = entry.thinking_ms / 1000 or self._took
        time = duration(seconds) if seconds else ""
        if entry.writing and found.thinking:
            return tr("Thinking … {duration}", duration=time) if seconds >= 1 else tr("Thinking …")
        return thought_words(found, seconds)


def parts_of(text: str, *, growing: bool, opened: bool) -> Parted:
    """A message in its two parts; one that may be about to begin a thought says nothing yet."""
    if growing and may_begin(text):
        return Parted(False, "", "", False)
    return parted(text, opened=opened)


def _last_line(thought: str) -> str:
    """The last line that is finished, so that what is shown does not change with every word."""
    lines = [line.strip() for line in thought[-4_000:].split("\n")[:-1] if line.strip()]
    return lines[-1][:GLIMPSE] if lines else ""
