"""What the transcript shows of one message."""

from dataclasses import dataclass

from desktop.domain.conversation import Role, State
from desktop.ui.i18n import tr


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its source text, how far it is, and what is said below it."""

    id: str
    role: Role
    text: str
    state: State = State.STOP
    note: str = ""  # statistics, in small muted text
    problem: str = ""  # what went wrong, and what to do
    actions: tuple[tuple[str, str], ...] = ()  # (action id, label), shown as links

    @property
    def speaker(self) -> str:
        """The name over the message."""
        return {
            Role.USER: tr("You"),
            Role.ASSISTANT: tr("Cellar"),
            Role.SYSTEM: tr("Instructions"),
        }[self.role]

    @property
    def ending(self) -> str:
        """How the message ended, in words; empty when it ended well or goes on."""
        if self.problem:
            return self.problem
        return {
            State.LENGTH: tr("Cut at the maximum number of tokens."),
            State.STOPPED: tr("Stopped."),
            State.FAILED: tr("The answer could not be finished."),
            State.INTERRUPTED: tr("Interrupted: the program ended while this was written."),
        }.get(self.state, "")

    @property
    def writing(self) -> bool:
        """True while the answer grows."""
        return self.state is State.WRITING

    @property
    def failed(self) -> bool:
        """True when something went wrong, as opposed to being ended on purpose."""
        return self.state is State.FAILED or (bool(self.problem) and self.state is not State.STOP)
