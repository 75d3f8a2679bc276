"""One trial of a setting: load the model with it, then time it and see how exact it is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import openvino_genai
import psutil
from openvino import Tensor
from openvino_genai import ContinuousBatchingPipeline, GenerationConfig

from desktop.domain.errors import Problem
from desktop.domain.tuning import MEMORY_FACTOR
from desktop.domain.wording import megabytes
from desktop.domain.words import tr

READ_AT_ONCE = 256  # prompt tokens a step
WARM_UP = 32  # tokens
HISTORY = 512  # tokens, before the answer whose speed is measured: a conversation on its way
SCORED = 256  # tokens of the fixed text whose log-probabilities are compared
WRITTEN = 24  # tokens of an answer
LONGEST_S = 1.0  # of reading or writing: a slow machine is measured on less
FEWEST_WRITTEN = 4  # tokens
ROUNDS = 2  # the best of them counts, as other programs can only make one slower
MANY_ROUNDS = 5
MUCH_TIME_S = 30.0  # a budget that allows for many rounds

# Broken into sentences of several kinds, so that its tokens are neither all sure nor all strange.
TEXT = """The cellar was dug before the house was built. Its walls are of red sandstone, two feet \
thick, and even in August the air in it stays at eleven degrees. Question: why does a room below \
the ground stay cool? Answer: because the soil around it changes its temperature only slowly.

1. Count the bottles on each shelf. 2. Write down the year and the place. 3. Turn every tenth one.

def shelves(bottles: list[str], per_shelf: int = 12) -> int:
    return -(-len(bottles) // per_shelf)

In 1887 the owner paid 340 francs for a press that came by train from Lyon, in three crates. Er \
schrieb ihrem Bruder, dass die Ernte gut sei. "If it rains before Sunday," she said, "we shall \
lose half of it; if it does not, we shall have more than we can sell." Nobody believed her, but \
she was right. The sum of 17 and 25 is 42, and the square root of 144 is 12. """


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial found. Speeds in tokens a second."""

    seconds: float  # that it took, loading included
    exact_seconds: float = 0.0  # of these, until it was known how exact the setting is
    reading: float = 0.0
    writing: float = 0.0
    log_probs: tuple[float, ...] = ()  # of the fixed text's tokens; none: not to be had


class Trial(Protocol):
    """Runs the model with one setting."""

    def __call__(self, properties: Mapping[str, str], *, timed: bool) -> Outcome:
        """Load, then measure; untimed only says how exact it is. Raises RuntimeError."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Which model is tried, and where."""

    folder: Path
    device: str
    cache_folder: str = ""

    def options(self, properties: Mapping[str, str]) -> dict[str, object]:
        """OpenVINO's options, the folder for compiled models among them where it is of use."""
        keeps = bool(self.cache_folder) and self.device != "CPU"
        return {**properties, **({"CACHE_DIR": self.cache_folder} if keeps else {})}


def check_memory(folder: Path) -> None:
    """Raise Problem when there is no room for a second copy of a model."""
    size = sum(file.stat().st_size for file in folder.glob("*.bin"))
    needed, free = int(size * MEMORY_FACTOR), psutil.virtual_memory().available
    if needed > free:
        raise Problem(
            tr(
                "Measuring needs a second copy of the model: {needed} of memory, and {free}"
                " are free.",
                needed=megabytes(needed),
                free=megabytes(free),
            ),
            tr("Close other programs and measure again."),
        )


class PagedTrial:
    """The paged-attention back-end (CPU, GPU), step by step as answers are made."""

    def __init__(self, subject: Subject, rounds: int) -> None:
        self._subject = subject
        self._rounds = rounds

    def __call__(self, properties: Mapping[str, str], *, timed: bool) -> Outcome:
        """Load, score the fixed text, then read and write it."""
        started = time.perf_counter()
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.enable_prefix_caching = False  # each round reads everything
        scheduler.max_num_batched_tokens = READ_AT_ONCE
        scheduler.cache_size = 1  # GB
        subject = self._subject
        pipeline = ContinuousBatchingPipeline(
            str(subject.folder), scheduler, subject.device, subject.options(properties)
        )
        ids = _ids(pipeline.get_tokenizer())
        _run(pipeline, ids.first(WARM_UP), _config(1))
        scored = _run(pipeline, ids.first(SCORED), _scoring())
        exact_after = time.perf_counter() - started
        reading = writing = 0.0
        if timed:
            read = ids.first(max(WARM_UP, min(HISTORY, int(scored.reading * LONGEST_S))))
            rounds = [_run(pipeline, read, _config(WRITTEN)) for _ in range(self._rounds)]
            reading = max(one.reading for one in rounds)
            writing = max(one.writing for one in rounds)
        return Outcome(
            time.perf_counter() - started,
            exact_after,
            reading,
            writing,
            scored.log_probs[1:SCORED],  # the first token of a text has no probability
        )


class PlainTrial:
    """`LLMPipeline`: for the NPU, and for models that are wrong on the paged back-end."""

    def __init__(self, subject: Subject, rounds: int, *, sdpa: bool) -> None:
        self._subject = subject
        self._rounds = rounds
        self._own = {"ATTENTION_BACKEND": "SDPA"} if sdpa else {}

    def __call__(self, properties: Mapping[str, str], *, timed: bool) -> Outcome:
        """Load, then read and write; this pipeline gives no probabilities of a prompt."""
        started = time.perf_counter()
        subject = self._subject
        pipeline = openvino_genai.LLMPipeline(
            str(subject.folder), subject.device, **subject.options({**properties, **self._own})
        )
        prompt = _ids(pipeline.get_tokenizer()).first(SCORED)
        reading = writing = 0.0
        pipeline.generate(prompt, _config(2))
        for _ in range(self._rounds if timed else 0):
            figures = pipeline.generate(prompt, _config(WRITTEN)).perf_metrics
            reading = max(reading, prompt.shape[1] / max(figures.get_ttft().mean / 1000, 1e-6))
            writing = max(writing, figures.get_throughput().mean)
        return Outcome(time.perf_counter() - started, reading=reading, writing=writing)


@dataclass(frozen=True, slots=True)
class _Run:
    reading: float  # tokens a second, of the prompt
    writing: float
    log_probs: tuple[float, ...]


def _run(pipeline: ContinuousBatchingPipeline, ids: Tensor, config: GenerationConfig) -> _Run:
    started = time.perf_counter()
    handle = pipeline.add_request(0, ids, config)
    first = last = 0.0
    after_first = 0
    log_probs: list[float] = []
    while pipeline.has_non_finished_requests():
        pipeline.step()
        if not handle.can_read():
            continue
        last = time.perf_counter()
        (output,) = handle.read().values()
        log_probs += output.generated_log_probs
        if first:
            after_first += len(output.generated_ids)
        first = first or last
        if after_first >= FEWEST_WRITTEN and last - first > LONGEST_S:
            break
    handle.cancel()
    while pipeline.has_non_finished_requests():
        pipeline.step()
    spent = max(last - first, 1e-6)
    return _Run(ids.shape[1] / (first - started), after_first / spent, tuple(log_probs))


def _config(tokens: int) -> GenerationConfig:
    config = GenerationConfig()
    config.max_new_tokens = tokens
    config.ignore_eos = True
    return config


def _scoring() -> GenerationConfig:
    """Has the log-probability of each token of the prompt come back."""
    config = _config(1)
    config.echo = True
    config.logprobs = 1
    return config


class _Tokens:
    """Tokens of which the first so many can be had."""

    def __init__(self, ids: Tensor) -> None:
        self._ids = ids

    def first(self, count: int) -> Tensor:
        """The beginning, as a prompt."""
        return Tensor(self._ids.data[:, :count].copy())


def _ids(tokenizer: openvino_genai.Tokenizer) -> _Tokens:
    """The fixed text, over and over, as tokens."""
    text = TEXT
    while (ids := tokenizer.encode(text, add_special_tokens=False).input_ids).shape[1] < HISTORY:
        text += TEXT
    return _Tokens(ids)
