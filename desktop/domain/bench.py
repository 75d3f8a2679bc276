"""What a comparison of engines measured, and what follows from it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.events import Tuned
from desktop.domain.tuning import TypicalTurn, setting_text, turn_seconds
from desktop.domain.words import listed, mark, number, tr

CLEARLY = 1.05  # a ratio above which one is called faster than the other


class Contestant(StrEnum):
    """Who runs the model."""

    CELLAR = "cellar"  # through its own process, as a user has it
    LIBRARY = "library"  # bare LLMPipeline at its defaults
    LIBRARY_TUNED = "library-tuned"  # bare LLMPipeline with Cellar's settings
    OPTIMUM = "optimum-intel"
    LLAMA_CPP = "llama.cpp"


@dataclass(frozen=True, slots=True)
class Work:
    """How much is run. Numbers of tokens, and of rounds in which each contestant has a turn."""

    rounds: int = 5
    prompt: int = 512
    answer: int = 128
    history: int = 1024  # of the conversation that is asked its tenth question
    history_rounds: int = 3  # of the rounds, those with a conversation


QUICK = Work(rounds=1, prompt=128, answer=16, history=256, history_rounds=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one contestant came to in one round. Times in milliseconds; 0: not measured."""

    prompt_tokens: int
    answer_tokens: int
    cold_ms: float  # to the first token of a prompt that is new
    decode: float  # tokens a second after the first
    warm_ms: float = 0.0  # to the first token of the same prompt again
    history_tokens: int = 0
    history_ms: float = 0.0  # to the first token after nine exchanges that are new
    tenth_ms: float = 0.0  # to the first token of the next question in that conversation
    text: str = ""

    @property
    def prefill(self) -> float:
        """Prompt tokens a second."""
        return 1000 * self.prompt_tokens / self.cold_ms if self.cold_ms else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """One contestant on one device, round by round."""

    contestant: Contestant
    samples: tuple[Sample, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)  # OpenVINO's, where not its defaults
    peak_memory: int = 0  # bytes, of its process; 0: not known
    why_not: str = ""  # a sentence, where it could not take part

    def median(self, figure: str) -> float:
        """The median over the rounds that have the figure; 0 when none has."""
        return statistics.median(self._values(figure) or (0.0,))

    def _values(self, figure: str) -> list[float]:
        return [value for sample in self.samples if (value := float(getattr(sample, figure)))]

    def seconds(self, turn: TypicalTurn) -> float:
        """How long such a turn takes; 0 when it was not measured."""
        reading, writing = self.median("prefill"), self.median("decode")
        return turn_seconds(reading, writing, turn) if reading and writing else 0.0


def ratio(one: Result, other: Result, figure: str) -> float:
    """The median over the rounds of one to the other: a machine that slows down slows both."""
    pairs = [
        (float(getattr(mine, figure)), float(getattr(its, figure)))
        for mine, its in zip(one.samples, other.samples, strict=False)
    ]
    return statistics.median([mine / its for mine, its in pairs if mine and its] or [0.0])


def same_texts(one: Result, other: Result) -> int:
    """The number of rounds in which both wrote the same answer."""
    pairs = zip(one.samples, other.samples, strict=False)
    return sum(mine.text == its.text for mine, its in pairs)


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """All contestants on one device. `why_not`: Cellar's engine could not load the model there."""

    device: str
    results: tuple[Result, ...] = ()
    tuned: Tuned | None = None  # how Cellar's settings were found, where they were
    in_turn: bool = False  # memory did not suffice for all at once
    why_not: str = ""

    def of(self, contestant: Contestant) -> Result:
        """What one contestant came to."""
        found = (result for result in self.results if result.contestant is contestant)
        return next(found, Result(contestant, why_not=self.why_not))

    @property
    def others(self) -> tuple[Result, ...]:
        """Those that Cellar is compared with and that took part."""
        return tuple(r for r in self.results if r.samples and r.contestant is not Contestant.CELLAR)


@dataclass(frozen=True, slots=True)
class Report:
    """One model on the devices of this computer."""

    model: str  # its id
    name: str
    weights: str  # the format they are in
    weights_size: int  # bytes that are read for a token
    bandwidth: float  # bytes a second of this computer's memory; 0: not known
    work: Work
    turn: TypicalTurn  # what a device is judged by: reading and writing pull apart
    devices: tuple[DeviceReport, ...]

    def bandwidth_share(self, result: Result) -> float:
        """What reading the weights took of the memory's speed while it wrote; 0: not known."""
        if self.bandwidth <= 0:
            return 0.0
        return self.weights_size * result.median("decode") / self.bandwidth

    @property
    def recommendation(self) -> str:
        """A sentence or two from the measurement; empty when nothing was measured."""
        cellars = [(device, device.of(Contestant.CELLAR)) for device in self.devices]
        timed = [(r.seconds(self.turn), device, r) for device, r in cellars]
        ranked = sorted((each for each in timed if each[0]), key=lambda each: each[0])
        if not ranked:
            return ""
        (seconds, device, best), *others = ranked
        slower = listed(
            tr("{device} {seconds} s", device=other.device, seconds=number(longer, 1))
            for longer, other, _ in others
        )
        text = tr(
            "Use {device} with {setting}: a turn of {reading} tokens read and {writing} written"
            " takes {time}.",
            device=device.device,
            setting=setting_text(best.properties),
            reading=number(self.turn.reading),
            writing=number(self.turn.writing),
            time=tr("{seconds} s", seconds=number(seconds, 1)) + (f" ({slower})" if slower else ""),
        )
        return " ".join(filter(None, (text, self._warning(best, device.others))))

    def _warning(self, best: Result, others: Sequence[Result]) -> str:
        """What the measurement says against Cellar, if anything."""
        timed = [(s, other) for other in others if (s := other.seconds(self.turn))]
        seconds, quickest = min(timed, key=lambda each: each[0], default=(0.0, best))
        if best.seconds(self.turn) <= CLEARLY * seconds or quickest is best:
            return ""
        text = tr(
            "{name} took {seconds} s here.",
            name=tr(NAMES[quickest.contestant]),
            seconds=number(seconds, 1),
        )
        if quickest.contestant is Contestant.LIBRARY and best.properties:
            text += " " + tr("Measure the settings again: cellar bench --tune.")
        return text


NAMES: dict[Contestant, str] = {
    Contestant.CELLAR: "Cellar",
    Contestant.LIBRARY: mark("OpenVINO GenAI alone"),
    Contestant.LIBRARY_TUNED: mark("the same, Cellar's settings"),
    Contestant.OPTIMUM: "optimum-intel",
    Contestant.LLAMA_CPP: "llama.cpp",
}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a comparison is."""

    device: str
    what: str  # such as “loading”, “round 2 of 5”
    contestant: Contestant | None = None
    done: int = 0
    total: int = 0
