"""From a message of the conversation to what the transcript shows of it."""

from PySide6.QtCore import QLocale

from desktop.domain.attachments import parted
from desktop.domain.conversation import Message, Role, State
from desktop.domain.tree import Fork
from desktop.ui.i18n import tr
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.figure_words import note_of
from desktop.ui.transcript.tools import AGAIN, CONTINUE, COPY, DELETE, EDIT, REGENERATE

RETRY, DROP_OLDEST, LAST_EXCHANGE = "retry", "drop oldest", "last exchange"
CUT_SHORT = (State.FAILED, State.INTERRUPTED, State.STOPPED, State.LENGTH)


def entry_of(message: Message, *, last: bool = False, fork: Fork | None = None) -> Entry:
    """The entry of a message. Only the last one has the ways on beside its ending."""
    parts = parted(message.text, message.attachments)
    return Entry(
        id=message.id,
        role=message.role,
        text=parts.typed,
        attachments=parts.attachments,
        state=message.state,
        note=note_of(message.statistics) if message.statistics else "",
        statistics=message.statistics,
        problem=message.problem,
        actions=ways_on(message) if last else (),
        tools=tools_of(message),
        version=fork.position + 1 if fork else 1,
        versions=len(fork.siblings) if fork else 1,
        opened=message.statistics is not None and message.statistics.thinking_ms > 0,
        thinking_ms=message.statistics.thinking_ms if message.statistics else 0.0,
        last=last and message.role is Role.ASSISTANT,
    )


def ways_on(message: Message) -> tuple[tuple[str, str], ...]:
    """What can be done about an answer that was cut short, in words beside its ending."""
    if message.role is not Role.ASSISTANT or message.state not in CUT_SHORT:
        return ()
    again = (RETRY, tr("Try again"))
    return ((CONTINUE, tr("Continue")), again) if message.text.strip() else (again,)


def tools_of(message: Message) -> tuple[str, ...]:
    """What one can do with a message, in the order of the icons."""
    if message.role is Role.USER:
        return (COPY, EDIT, DELETE)
    if message.role is Role.SYSTEM:
        return (COPY,)
    if message.state is State.WRITING:
        return ()
    said = bool(message.text.strip())
    tools = {
        COPY: said,
        REGENERATE: True,
        CONTINUE: said and message.state in CUT_SHORT,
        AGAIN: message.statistics is not None,
        DELETE: True,
    }
    return tuple(tool for tool, possible in tools.items() if possible)


def full_entry(message: Message, needed: int, available: int) -> Entry:
    """The entry of an answer that waits for the user's choice: nothing went wrong with it."""
    locale = QLocale()
    return Entry(
        id=message.id,
        role=message.role,
        text=message.text,
        problem=tr(
            "This conversation needs {needed} tokens, and the model can read {available} at once."
            " What should it leave out?",
            needed=locale.toString(needed),
            available=locale.toString(available),
        ),
        actions=(
            (DROP_OLDEST, tr("Leave out the oldest turns")),
            (LAST_EXCHANGE, tr("Keep only the last exchange")),
        ),
    )
