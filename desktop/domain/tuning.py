"""Which of OpenVINO's settings is best for a model on a device, and how that is put in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.domain.events import Tried, Tuned
from desktop.domain.words import listed, mark, tr, trn

GAIN = 0.05  # of the defaults' time: what a change must save; less is noise
LENIENCE = 0.02  # of the defaults' deviation: what rounding in another order may add
MEMORY_FACTOR = 1.5  # of the size of the weights: what a second copy and its work take

PRECISION = "INFERENCE_PRECISION_HINT"
CACHE = "KV_CACHE_PRECISION"
THREADS = "INFERENCE_NUM_THREADS"
CORES = "SCHEDULING_CORE_TYPE"
HYPER_THREADING = "ENABLE_HYPER_THREADING"


@dataclass(frozen=True, slots=True)
class TypicalTurn:
    """What "best" is measured by: new prompt tokens that are read, answer tokens written."""

    reading: int
    writing: int


# A question to an ongoing conversation; and a long text that is pasted, with what is asked of it.
TYPICAL: dict[str, TypicalTurn] = {
    "chat": TypicalTurn(reading=200, writing=200),
    "reading": TypicalTurn(reading=4_000, writing=200),
}


def turn_seconds(reading: float, writing: float, turn: TypicalTurn) -> float:
    """Seconds of a typical turn at these speeds, in tokens a second."""
    return turn.reading / reading + turn.writing / writing


def accurate(deviation: float, of_defaults: float) -> bool:
    """True when a setting is no further from the exact model than the defaults are."""
    return deviation <= of_defaults * (1 + LENIENCE)


def best(tried: Sequence[Tried]) -> Tried:
    """The fastest of the accurate ones, where it saves enough; else the defaults, the first."""
    defaults = tried[0]
    fastest = min((one for one in tried if one.accurate), key=lambda one: one.turn_s)
    return fastest if fastest.turn_s <= defaults.turn_s * (1 - GAIN) else defaults


def judged_by(tuned: Tuned, turn: TypicalTurn) -> Tuned:
    """The same measurements, the best of them chosen by another typical turn."""
    tried = tuple(
        replace(one, turn_s=round(turn_seconds(one.reading, one.writing, turn), 3))
        for one in tuned.tried
    )
    return Tuned(best(tried), tried, tuned.complete)


def setting_text(properties: Mapping[str, str]) -> str:
    """A setting in words, such as “32-bit floats, 16-bit cache, 4 threads”."""
    if not properties:
        return tr("OpenVINO’s defaults")
    return listed(_word(name, value) for name, value in properties.items())


def _word(name: str, value: str) -> str:
    if name == THREADS:
        return trn("{count} thread", "{count} threads", int(value))
    word = _WORDS.get((name, value))
    return tr(word) if word else f"{name} {value}"


_WORDS = {
    (PRECISION, "f32"): mark("32-bit floats"),
    (PRECISION, "f16"): mark("16-bit floats"),
    (PRECISION, "bf16"): mark("16-bit brain floats"),
    (CACHE, "f32"): mark("32-bit cache"),
    (CACHE, "f16"): mark("16-bit cache"),
    (CACHE, "bf16"): mark("16-bit cache"),
    (CACHE, "u8"): mark("8-bit cache"),
    (CORES, "PCORE_ONLY"): mark("performance cores only"),
    (HYPER_THREADING, "YES"): mark("both threads of each core"),
}
