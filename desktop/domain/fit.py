"""Whether a model of the catalogue fits this computer, how fast it would be, and which is best."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.catalogue import WEIGHTS, Entry, Source, SourceKind, best_source
from desktop.domain.sizes import (
    conversion_memory,
    needs,
    read_for_a_token,
    room_needed,
    weights_size,
)
from desktop.domain.wording import megabytes
from desktop.domain.words import either, tr

SYSTEM = 1_500_000_000  # bytes of memory that the system itself never gives back
SPARE_MEMORY = 1_000_000_000  # bytes that other programs should keep
SPARE_DISK = 1_000_000_000  # bytes that should stay free after an installation

# Making a token reads all weights once, at this share of the speed at which memory is copied, and
# spends this much on each layer besides. Fitted to models of 0.13 and 0.6 billion parameters in
# three formats on one machine with two cores, which it meets within a third. Other processors,
# hints, and whatever else is running may well halve or double it.
EFFICIENCY = 0.8
LAYER_S = 0.00018
USUAL_CONTEXT = 1024  # tokens of the conversation that speeds are told for

SHORTEST_CONTEXT = 4096  # tokens; with less, a conversation is soon forgotten
ENOUGH = 8.0  # tokens a second: somewhat faster than people read
ENOUGH_THINKING = 16.0  # as much again is thought before a word of the answer comes


class Verdict(StrEnum):
    """Whether a model fits this computer."""

    FITS = "fits"
    TIGHT = "tight"
    NO = "no"


SEVERITY = (Verdict.FITS, Verdict.TIGHT, Verdict.NO)


@dataclass(frozen=True, slots=True)
class Machine:
    """What this computer has. Sizes in bytes."""

    memory_total: int
    memory_available: int  # without pushing other programs out
    disk_free: int  # where the models are
    devices: tuple[str, ...] = ("CPU",)
    bandwidth_bytes_per_s: float = 0.0  # of memory, read and written, when copying; 0: not known
    cores: int = 1


@dataclass(frozen=True, slots=True)
class Fit:
    """What is to be said of a model in one weight format on this computer."""

    verdict: Verdict
    reason: str  # a sentence with the numbers
    tokens_per_s: float  # a rough estimate; 0: not known


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The model to offer first."""

    entry: Entry
    weights: str
    source: Source


def advise(entry: Entry, weights: str, machine: Machine, *, convertible: bool = False) -> Fit:
    """Whether the model fits, and roughly how fast it would be."""
    source = best_source(entry, weights, convertible=convertible)
    verdict, reason = _judge(entry, weights, machine, source)
    return Fit(verdict, reason, speed(entry, weights, machine))


def speed(entry: Entry, weights: str, machine: Machine) -> float:
    """Tokens a second to expect on CPU or a GPU that shares its memory; 0: not known."""
    if machine.bandwidth_bytes_per_s <= 0:
        return 0.0
    bytes_read = read_for_a_token(entry, weights, min(USUAL_CONTEXT, entry.context_length))
    reading = bytes_read / (EFFICIENCY * machine.bandwidth_bytes_per_s)
    return 1 / (reading + LAYER_S * entry.architecture.layers)


def best(entries: Iterable[Entry], machine: Machine) -> Recommendation | None:
    """The largest model for conversation that fits well, is fast enough and free in every way."""
    found = [made for entry in entries if (made := _recommendable(entry, machine))]
    return max(found, key=lambda made: (made.entry.parameters, made.entry.id), default=None)


def _judge(
    entry: Entry, weights: str, machine: Machine, source: Source | None
) -> tuple[Verdict, str]:
    if entry.unsupported:
        return Verdict.NO, tr(entry.unsupported)
    if not set(entry.devices) & {device.partition(".")[0] for device in machine.devices}:
        return Verdict.NO, tr(
            "It runs on {devices}, which this computer lacks.", devices=either(entry.devices)
        )
    converting = 0
    if source is not None and source.kind is SourceKind.PYTORCH:
        converting = conversion_memory(weights_size(entry, source.weights))
    room = room_needed(entry, weights, source)
    return judge(needs(entry, weights).memory, room, machine, converting)


def judge(memory: int, room: int, machine: Machine, converting: int = 0) -> tuple[Verdict, str]:
    """Whether so many bytes of memory and of disk are there, and a sentence with the numbers.

    `converting`: bytes of memory that making it takes, before it runs.
    """
    judged = (
        _judge_memory(memory, machine, tr("It needs {size} of memory", size=megabytes(memory))),
        _judge_memory(
            converting,
            machine,
            tr("Converting it needs {size} of memory", size=megabytes(converting)),
        ),
        _judge_disk(room, machine.disk_free),
    )
    return max(judged, key=lambda each: SEVERITY.index(each[0]))  # the first, where they agree


def _judge_memory(need: int, machine: Machine, needed: str) -> tuple[Verdict, str]:
    free = megabytes(machine.memory_available)
    if need + SYSTEM > machine.memory_total and need:
        total = megabytes(machine.memory_total)
        return Verdict.NO, tr(
            "{needed}; this computer has {total} for everything.", needed=needed, total=total
        )
    if need + SPARE_MEMORY > machine.memory_available and need:
        return Verdict.TIGHT, tr(
            "{needed}; {free} are free. Close other programs.", needed=needed, free=free
        )
    return Verdict.FITS, tr("{needed}; {free} are free.", needed=needed, free=free)


def _judge_disk(need: int, free: int) -> tuple[Verdict, str]:
    needed, left = megabytes(need), megabytes(free)
    if need > free:
        return Verdict.NO, tr(
            "It needs {needed} of disk; {left} are free.", needed=needed, left=left
        )
    if need + SPARE_DISK > free:
        return Verdict.TIGHT, tr(
            "It needs {needed} of disk, nearly all of the {left} that are free.",
            needed=needed,
            left=left,
        )
    return Verdict.FITS, tr("It needs {needed} of disk; {left} are free.", needed=needed, left=left)


def _recommendable(entry: Entry, machine: Machine) -> Recommendation | None:
    """The smallest weights of a model that may be recommended, if there are any."""
    if entry.starter or entry.speciality or entry.licence.gated or not entry.licence.permissive:
        return None
    if entry.context_length < SHORTEST_CONTEXT:
        return None
    enough = ENOUGH_THINKING if entry.thinking else ENOUGH
    for weights in WEIGHTS:
        source = best_source(entry, weights)
        if source is None or not source.checked or source.gated:
            continue
        fit = advise(entry, weights, machine)
        if fit.verdict is Verdict.FITS and fit.tokens_per_s >= enough:
            return Recommendation(entry, weights, source)
    return None
