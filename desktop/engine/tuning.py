"""Finds the settings of OpenVINO that make a model fastest on a device, and no less accurate.

How accuracy is checked: the model reads a fixed text, and the log-probability that it gives to
each token is compared with what the most exact setting gives (32-bit floats, 32-bit cache, and no
rounding of activations). A setting is accurate when its mean difference is not above that of
OpenVINO's defaults. Where there is no time for that reference, or the back-end gives no such
probabilities, only settings that use a finer number format than the defaults, or the same one,
count as accurate.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import openvino
import psutil

from desktop.domain.errors import Problem
from desktop.domain.events import Tried, Tuned
from desktop.domain.tuning import (
    CACHE,
    CORES,
    HYPER_THREADING,
    PRECISION,
    THREADS,
    TypicalTurn,
    accurate,
    best,
    turn_seconds,
)
from desktop.domain.words import tr
from desktop.engine import devices
from desktop.engine.protocol import Tune
from desktop.engine.trial import (
    MANY_ROUNDS,
    MUCH_TIME_S,
    ROUNDS,
    Outcome,
    PagedTrial,
    PlainTrial,
    Subject,
    Trial,
    check_memory,
)

log = logging.getLogger(__name__)

Properties = dict[str, str]

EXACT: Properties = {PRECISION: "f32", CACHE: "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
FINENESS = {"u4": 0, "i4": 0, "u8": 1, "i8": 1, "bf16": 2, "f16": 2, "f32": 3}
SAFELY_LONGER = 1.1  # a trial may take a little longer than the longest before it
EXACT_LONGER = 1.2  # what is exact is slower


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides which settings are worth a try."""

    device: str
    precision: str  # that OpenVINO takes by default
    cache: str
    cores: int = 0  # of a CPU; 0 on other devices
    threads: int = 0

    @property
    def hybrid(self) -> bool:
        """True when only some of the cores have two threads."""
        return self.cores < self.threads < 2 * self.cores


def tune(command: Tune, report: Callable[[Tried], None]) -> Tuned:
    """Try settings within the command's budget. Raises Problem when there is no memory for it."""
    device = devices.resolve(command.device)
    folder = Path(command.folder)
    check_memory(folder)
    subject = Subject(folder, device, command.cache_folder)
    npu = device.split(".")[0] == "NPU"
    rounds = MANY_ROUNDS if command.budget_s >= MUCH_TIME_S else ROUNDS
    paged = command.paged and not npu
    trial: Trial = (
        PagedTrial(subject, rounds) if paged else PlainTrial(subject, rounds, sdpa=not npu)
    )
    search = Search(trial, TypicalTurn(command.reading, command.writing), command.budget_s, report)
    if npu:  # it has no choice of precision
        return search.run([])
    machine = look(device)
    return search.run(precisions(machine), threadings(machine), machine)


def look(device: str) -> Machine:
    """The machine as OpenVINO and the system describe it."""
    core = openvino.Core()

    def default(name: str, otherwise: str) -> str:
        try:
            value = core.get_property(device, name)
        except RuntimeError:  # an older driver does not know it
            return otherwise
        return _short(value) or otherwise

    precision, cache = default(PRECISION, "f32"), default(CACHE, "u8")
    if device != "CPU":
        return Machine(device, precision, cache)
    threads = psutil.cpu_count() or 1
    return Machine(device, precision, cache, psutil.cpu_count(logical=False) or threads, threads)


def precisions(machine: Machine) -> list[Properties]:
    """Number formats that are at least as fine as the defaults, the most promising first."""
    finer_cache = {} if FINENESS.get(machine.cache, 0) >= FINENESS["f16"] else {CACHE: "f16"}
    finer_floats = {} if machine.precision == "f32" else {PRECISION: "f32"}
    wanted = [{**finer_floats, **finer_cache}, finer_cache, finer_floats]
    return [one for place, one in enumerate(wanted) if one and one not in wanted[:place]]


def threadings(machine: Machine) -> list[Properties]:
    """Numbers and kinds of threads that OpenVINO does not take by itself."""
    found: list[Properties] = []
    if machine.hybrid:
        found.append({CORES: "PCORE_ONLY"})
    if machine.threads > machine.cores:
        found.append({THREADS: str(machine.threads), HYPER_THREADING: "YES"})
    return found


def at_least_as_fine(properties: Mapping[str, str], machine: Machine) -> bool:
    """True when no number format of a setting is coarser than that of the defaults."""
    defaults = {PRECISION: machine.precision, CACHE: machine.cache}
    return all(
        value == defaults[name] or FINENESS.get(value, -1) > FINENESS.get(defaults[name], 3)
        for name, value in properties.items()
        if name in defaults
    )


class Search:
    """Greedy: number formats first, then threads for the best of them."""

    def __init__(
        self,
        trial: Trial,
        turn: TypicalTurn,
        budget_s: float,
        report: Callable[[Tried], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._trial = trial
        self._turn = turn
        self._budget_s = budget_s
        self._report = report
        self._clock = clock
        self._started = clock()
        self._longest = 0.0  # seconds, of the trials so far
        self._longest_exact = 0.0
        self._machine = Machine("", "f32", "f32")
        self._found: list[tuple[Tried, tuple[float, ...]]] = []
        self._reference: tuple[float, ...] = ()

    def run(
        self,
        formats: Sequence[Properties],
        threads: Sequence[Properties] = (),
        machine: Machine | None = None,
    ) -> Tuned:
        """Try the defaults, then what there is time for. A setting that does not load is left."""
        self._machine = machine or self._machine
        self._try({})
        if not self._found:
            raise Problem(tr("The model could not be measured here."), tr("Choose another device."))
        complete = True
        for number, properties in enumerate(self._plan(formats, threads)):
            if not self._in_time(self._longest * SAFELY_LONGER):
                complete = False
                break
            self._try(properties)
            if number == 0 and self._found[0][1]:
                complete = self._refer()
        tried = self._judged()
        return Tuned(best(tried), tried, complete)

    def _plan(
        self, formats: Sequence[Properties], threads: Sequence[Properties]
    ) -> Iterator[Properties]:
        yield from formats
        winner = best(self._judged()).properties
        for extra in threads:
            yield winner | extra

    def _in_time(self, seconds: float) -> bool:
        return self._clock() - self._started + seconds <= self._budget_s

    def _refer(self) -> bool:
        """Find out what the most exact setting says. False: there is no time for it."""
        if not self._in_time(self._longest_exact * EXACT_LONGER):
            return False
        measured = self._measured(EXACT, timed=False)
        self._reference = measured.log_probs if measured else ()
        return True

    def _try(self, properties: Properties) -> None:
        measured = self._measured(properties, timed=True)
        if measured and measured.reading and measured.writing:
            seconds = turn_seconds(measured.reading, measured.writing, self._turn)
            tried = Tried(
                properties,
                round(measured.reading, 1),
                round(measured.writing, 1),
                round(seconds, 3),
            )
            self._found.append((tried, measured.log_probs))
            self._report(self._judged()[-1])

    def _measured(self, properties: Properties, *, timed: bool) -> Outcome | None:
        try:
            measured = self._trial(properties, timed=timed)
        except RuntimeError as error:  # OpenVINO's, for what this device does not support
            log.info("%s cannot be used here: %s", properties, type(error).__name__)
            return None
        finally:
            gc.collect()  # one copy of the weights at a time
        if timed:
            self._longest = max(self._longest, measured.seconds)
            self._longest_exact = max(self._longest_exact, measured.exact_seconds)
        return measured

    def _judged(self) -> tuple[Tried, ...]:
        """All that was tried, and whether each is accurate as far as is known by now."""
        deviations = [deviation(self._reference, log_probs) for _, log_probs in self._found]
        return tuple(
            replace(
                tried,
                deviation=round(one, 5),
                accurate=accurate(one, deviations[0])
                if self._reference
                else at_least_as_fine(tried.properties, self._machine),
            )
            for (tried, _), one in zip(self._found, deviations, strict=True)
        )


def deviation(reference: Sequence[float], log_probs: Sequence[float]) -> float:
    """The mean difference of two lists of log-probabilities; 0 where one is empty."""
    if not reference or not log_probs:
        return 0.0
    pairs = zip(reference, log_probs, strict=True)
    return sum(abs(one - other) for one, other in pairs) / len(reference)


def _short(value: object) -> str:
    """OpenVINO's type as its own settings spell it, such as `bf16`."""
    return value.to_string() if isinstance(value, openvino.Type) else str(value)
