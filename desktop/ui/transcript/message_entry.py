"""From a message of the conversation to what the transcript shows of it."""

from PySide6.QtCore import QLocale

from desktop.domain.conversation import Message, Role, State, Statistics
from desktop.ui.i18n import tr
from desktop.ui.transcript.entry import Entry

RETRY = "retry"
CUT_SHORT = (State.FAILED, State.INTERRUPTED, State.STOPPED, State.LENGTH)


def entry_of(message: Message, *, last: bool = False) -> Entry:
    """The entry of a message. Only the last one can be answered again."""
    again = last and message.role is Role.ASSISTANT and message.state in CUT_SHORT
    return Entry(
        id=message.id,
        role=message.role,
        text=message.text,
        state=message.state,
        note=note_of(message.statistics) if message.statistics else "",
        problem=message.problem,
        actions=((RETRY, tr("Try again")),) if again else (),
    )


def note_of(statistics: Statistics) -> str:
    """The line under an answer: how long, how fast, how soon, and with which seed."""
    locale = QLocale()
    parts = [tr("{count} tokens", count=locale.toString(statistics.generated_tokens))]
    if statistics.tokens_per_s > 0:
        speed = locale.toString(statistics.tokens_per_s, "f", 0)
        parts.append(tr("{speed} tokens/s", speed=speed))
    if statistics.ttft_ms > 0:
        seconds = locale.toString(statistics.ttft_ms / 1000, "f", 2)
        parts.append(tr("first after {seconds} s", seconds=seconds))
    seed = statistics.sampling.get("seed")
    if seed is not None and statistics.sampling.get("temperature"):
        parts.append(tr("seed {seed}", seed=seed))
    return " · ".join(parts)
