"""What the transcript shows of one message."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QLocale

from desktop.domain.attachments import Attachment
from desktop.domain.conversation import Role, State, Statistics
from desktop.domain.thinking import answer_of
from desktop.ui.i18n import mark, tr
from desktop.ui.transcript.figure_words import figures_of

ENDINGS = {  # other than that all was said
    State.LENGTH: mark("Cut at the maximum number of tokens."),
    State.STOPPED: mark("Stopped."),
    State.FAILED: mark("The answer could not be finished."),
    State.INTERRUPTED: mark("Interrupted: the program ended while this was written."),
}
SPEAKERS = {
    Role.USER: mark("You"),
    Role.ASSISTANT: mark("Cellar"),
    Role.SYSTEM: mark("Instructions"),
}


@dataclass(frozen=True)  # with room for the figures once they are put in words
class Entry:
    """One message: its source text, how far it is, and what is said below it."""

    id: str
    role: Role
    text: str
    state: State = State.STOP
    note: str = ""  # the figures in short, in small muted text
    statistics: Statistics | None = None  # what it took, and what it was made with
    problem: str = ""  # what went wrong, and what to do
    actions: tuple[tuple[str, str], ...] = ()  # (action id, label), shown as links
    reading: tuple[int, int] = (0, 0)  # tokens read of tokens to read, before the first word
    tools: tuple[str, ...] = ()  # what one can do with it, of those in tools.py
    version: int = 1  # which of those that were written in its place
    versions: int = 1
    attachments: tuple[Attachment, ...] = ()  # beside the text, in which they are not
    opened: bool = False  # it begins in the middle of a thought
    thinking_ms: float = 0.0  # what the thought before the answer took, where it is known
    last: bool = False  # what can be done with the last message is always shown

    @property
    def answer(self) -> str:
        """What is said, without the thought before it."""
        if self.role is not Role.ASSISTANT:
            return self.text
        return answer_of(self.text, opened=self.opened)

    @property
    def speaker(self) -> str:
        """The name over the message."""
        return tr(SPEAKERS[self.role])

    @property
    def ending(self) -> str:
        """How the message ended, in words; empty when it ended well or goes on."""
        if self.problem:
            return self.problem
        return tr(ENDINGS[self.state]) if self.state in ENDINGS else ""

    @property
    def writing(self) -> bool:
        """True while the answer grows."""
        return self.state is State.WRITING

    @property
    def reading_words(self) -> str:
        """How far the model is in reading the prompt; empty when it is not told."""
        done, total = self.reading
        if not total or not self.writing or self.text:
            return ""
        locale = QLocale()
        return tr(
            "Reading {done} of {total} tokens",
            done=locale.toString(done),
            total=locale.toString(total),
        )

    @cached_property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """All figures: what each is, and how much. Put in words when they are first wanted."""
        return figures_of(self.statistics) if self.statistics else ()

    @property
    def figures_text(self) -> str:
        """All figures, one a line."""
        return "\n".join(f"{name}: {value}" for name, value in self.figures)

    @property
    def failed(self) -> bool:
        """True when something went wrong, as opposed to being ended on purpose."""
        return self.state is State.FAILED or (bool(self.problem) and self.state is not State.STOP)
