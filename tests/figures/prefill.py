"""An engine process driven by hand: Stop in the middle of a prompt, and prompt lookup."""

import queue
import random
import statistics
import time
from dataclasses import dataclass, field

from desktop.domain.events import Counted, Done, Ended, Event, Failed, Loaded, Reading
from desktop.domain.model import Model
from desktop.domain.sampling import Value, defaults
from desktop.engine.client import Child
from desktop.engine.protocol import CountTokens, Generate, Load, Stop, Turn
from desktop.program import Program

WITHIN_S = 120.0
TOKENS = 6000
AT = (0.05, 0.25, 0.45, 0.65, 0.8, 0.93)  # how much of the prompt is read when Stop is sent
ROUNDS = 3  # of prompt lookup, with and without in turn
WORDS = ("barrel", "lantern", "river", "harvest", "stone", "apple", "letter", "winter", "meadow")


@dataclass(frozen=True)
class Stops:
    """How long the engine went on after a Stop, in milliseconds."""

    tokens: int
    done_ms: list[float]  # until the answer had ended
    free_ms: list[float]  # until the engine answered the next question

    @property
    def worst(self) -> float:
        return max(self.free_ms)

    @property
    def median(self) -> float:
        return statistics.median(self.free_ms)


@dataclass(frozen=True)
class Lookup:
    """Prompt lookup: accepted tokens a step of writing (0: not told), and tokens a second."""

    per_step: float
    with_it: float
    without: float


@dataclass
class EngineAtHand:
    """One engine process and its events, each with the moment when it came."""

    program: Program
    model: Model
    prompt_lookup: bool = False
    child: Child = field(default_factory=lambda: Child("engine"))

    def __enter__(self) -> "EngineAtHand":
        self.events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        self.child.start(lambda event: self.events.put((time.perf_counter(), event)))
        self.child.send(
            Load(
                str(self.model.folder),
                "CPU",
                context_length=self.model.context_length,
                properties=self.program.load_choices.properties_of(self.model, "CPU"),
                prompt_lookup=self.prompt_lookup,
            )
        )
        self.until(Loaded)
        return self

    def __exit__(self, *_: object) -> None:
        self.child.end()

    def until(self, kind: type[Event]) -> tuple[float, Event]:
        """The next event of a kind."""
        while True:
            moment, event = self.events.get(timeout=WITHIN_S)
            if isinstance(event, kind):
                return moment, event
            if isinstance(event, (Failed, Ended)):
                raise RuntimeError(f"the engine: {event}")

    def ask(self, text: str, request_id: str, new_tokens: int) -> None:
        """Ask for a greedy answer."""
        values: dict[str, Value] = {"temperature": 0.0, "repetition_penalty": 1.0}
        values["max_new_tokens"] = new_tokens
        self.child.send(Generate(request_id, (Turn("user", text),), defaults() | values))


def noise(words: int, seed: int) -> str:
    """Text that no prefix cache knows."""
    chance = random.Random(seed)  # noqa: S311 - the same text each time is the point
    return " ".join(f"{chance.choice(WORDS)} {chance.randrange(10)}" for _ in range(words // 2))


def stops(program: Program, model: Model) -> Stops:
    """Stop at several places of a long prompt."""
    done_ms, free_ms = [], []
    with EngineAtHand(program, model) as engine:
        engine.child.send(CountTokens("count", (noise(1000, 0),)))
        _, counted = engine.until(Counted)
        assert isinstance(counted, Counted)
        words = int(1000 * TOKENS / counted.counts[0])
        for number, share in enumerate(AT):
            done, free = _stop_at(engine, noise(words, number + 1), share, f"stop-{number}")
            done_ms.append(done)
            free_ms.append(free)
    return Stops(TOKENS, done_ms, free_ms)


def _stop_at(engine: EngineAtHand, text: str, share: float, request_id: str) -> tuple[float, float]:
    engine.ask(text, request_id, 64)
    while True:
        _, event = engine.until(Reading)
        if isinstance(event, Reading) and event.done >= share * event.total:
            break
    started = time.perf_counter()
    engine.child.send(Stop(request_id))
    engine.child.send(CountTokens(f"{request_id}-free", ("free",)))
    done, _ = engine.until(Done)
    free, _ = engine.until(Counted)
    return 1000 * (done - started), 1000 * (free - started)


def lookup(program: Program, model: Model) -> Lookup:
    """An answer that repeats its prompt, with guessing and without, in turn."""
    per_step: list[float] = []
    speeds: dict[bool, list[float]] = {False: [], True: []}
    with EngineAtHand(program, model) as plain, EngineAtHand(program, model, True) as guessing:
        for number in range(ROUNDS):
            for engine in (plain, guessing):
                done = _repeat(engine, number)
                statistics_ = done.statistics
                speeds[engine.prompt_lookup].append(statistics_.tokens_per_s)
                if engine.prompt_lookup and statistics_.steps:
                    per_step.append(statistics_.generated_tokens / statistics_.steps)
    middle = statistics.median
    return Lookup(middle(per_step or [0.0]), middle(speeds[True]), middle(speeds[False]))


def _repeat(engine: EngineAtHand, number: int) -> Done:
    sentences = PARTS[number % len(PARTS) :] + PARTS[: number % len(PARTS)]
    text = "Repeat this text word for word, from the first to the last:\n\n" + " ".join(sentences)
    engine.ask(text, f"repeat-{number}", 160)
    _, done = engine.until(Done)
    assert isinstance(done, Done)
    return done


PARTS = (
    "The cellar below the old house has two rooms, and the second one is the cooler of them.",
    "In the first room there are seven barrels of oak, each with a number painted on its side.",
    "The master of the cellar counts them at dawn and writes what he finds into a green book.",
    "When the harvest is over, the neighbours come with lanterns to taste the new wine.",
    "Nobody knows who built the narrow stairs, but everybody knows how steep they are.",
)
