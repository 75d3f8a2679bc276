"""From a message of the conversation to what the transcript shows of it."""

from PySide6.QtCore import QLocale

from desktop.domain.attachments import parted
from desktop.domain.conversation import Message, Role, State, Statistics
from desktop.domain.tree import Fork
from desktop.domain.wording import duration
from desktop.ui.i18n import mark, tr, trn
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.tools import AGAIN, CONTINUE, COPY, DELETE, EDIT, REGENERATE

RETRY, DROP_OLDEST, LAST_EXCHANGE = "retry", "drop oldest", "last exchange"
CUT_SHORT = (State.FAILED, State.INTERRUPTED, State.STOPPED, State.LENGTH)
SEVERAL = 1.05  # tokens accepted a step, on average, from which on it is worth telling
PROPERTIES = {  # OpenVINO's names, in words
    "INFERENCE_PRECISION_HINT": mark("Precision"),
    "INFERENCE_NUM_THREADS": mark("Threads"),
    "KV_CACHE_PRECISION": mark("Cache precision"),
}


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
        figures=figures_of(message.statistics) if message.statistics else (),
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


def note_of(statistics: Statistics) -> str:
    """The line under an answer: how fast, and how soon."""
    locale = QLocale()
    parts = []
    if statistics.tokens_per_s > 0:
        parts.append(
            tr("{speed} tok/s", speed=locale.toString(float(statistics.tokens_per_s), "f", 0))
        )
    else:
        parts.append(trn("{count} token", "{count} tokens", statistics.generated_tokens))
    if statistics.ttft_ms > 0:
        digits = 1 if statistics.ttft_ms >= 95 else 2
        seconds = locale.toString(statistics.ttft_ms / 1000, "f", digits)
        parts.append(tr("{seconds} s", seconds=seconds))
    return " · ".join(parts)


def figures_of(statistics: Statistics) -> tuple[tuple[str, str], ...]:
    """Everything about an answer: what it took, then what it was made with."""
    return (*_effort(statistics), *_making(statistics))


def _effort(statistics: Statistics) -> list[tuple[str, str]]:
    locale = QLocale()
    rows = []
    if statistics.tokens_per_s > 0:
        speed = locale.toString(float(statistics.tokens_per_s), "f", 1)
        rows.append((tr("Speed"), tr("{speed} tokens per second", speed=speed)))
    if statistics.ttft_ms > 0:
        seconds = locale.toString(statistics.ttft_ms / 1000, "f", 2)
        rows.append((tr("First token"), tr("after {seconds} s", seconds=seconds)))
    if statistics.thinking_ms > 0:
        rows.append((tr("Thought"), tr("for {time}", time=duration(statistics.thinking_ms / 1000))))
    prompt = locale.toString(statistics.prompt_tokens)
    words = trn("{count} token", "{count} tokens", statistics.prompt_tokens)
    if statistics.cached_tokens:
        cached = locale.toString(statistics.cached_tokens)
        words += ", " + tr("{cached} of {count} from cache", cached=cached, count=prompt)
    rows.append((tr("Prompt"), words))
    rows.append((tr("Answer"), trn("{count} token", "{count} tokens", statistics.generated_tokens)))
    if statistics.steps and statistics.generated_tokens > SEVERAL * statistics.steps:
        share = locale.toString(statistics.generated_tokens / statistics.steps, "f", 2)
        rows.append((tr("Accepted"), tr("{share} tokens per step", share=share)))
    return rows


def _making(statistics: Statistics) -> list[tuple[str, str]]:
    rows = []
    seed = statistics.sampling.get("seed")
    if seed is not None and statistics.sampling.get("temperature"):
        rows.append((tr("Seed"), str(seed)))
    rows += [
        (tr("Model"), statistics.model),
        (tr("Weights"), statistics.weights.upper()),
        (tr("Device"), statistics.device),
    ]
    for adapter_id, strength in statistics.adapters.items():
        words = tr("{name} at {strength}", name=adapter_id, strength=QLocale().toString(strength))
        rows.append((tr("Adapter"), words))
    for name, value in sorted(statistics.properties.items()):
        rows.append((tr(PROPERTIES.get(name, name)), value))
    return [row for row in rows if row[1]]
