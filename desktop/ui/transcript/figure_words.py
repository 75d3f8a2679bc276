"""What an answer took and what it was made with, in words."""

from PySide6.QtCore import QLocale

from desktop.domain.conversation import Statistics
from desktop.domain.wording import duration
from desktop.ui.i18n import mark, tr, trn

SEVERAL = 1.05  # tokens accepted a step, on average, from which on it is worth telling
PROPERTIES = {  # OpenVINO's names, in words
    "INFERENCE_PRECISION_HINT": mark("Precision"),
    "INFERENCE_NUM_THREADS": mark("Threads"),
    "KV_CACHE_PRECISION": mark("Cache precision"),
}


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
