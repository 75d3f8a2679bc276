"""Several answers to one prompt, of which the likeliest is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openvino import Tensor
from openvino_genai import GenerationConfig, GenerationFinishReason

from desktop.domain.conversation import State
from desktop.engine.stepper import Stepper
from desktop.engine.text_stream import TextStream


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the answers, without what comes after a stop text."""

    ids: list[int]
    score: float  # the mean log-probability of its tokens
    state: State


def candidates(
    stepper: Stepper,
    ids: Tensor,
    config: GenerationConfig,
    new_stream: Callable[[], TextStream],
    stopped: Callable[[], bool],
) -> Iterator[int | Candidate]:
    """Write all answers together: a 0 after each step, and at the end the candidates.

    The library hands out several sequences only when all are complete, or let go.
    """
    config.logprobs = 1
    handle = stepper.add(ids, config)
    by_user = False
    try:
        while stepper.busy and not (by_user := stopped()):
            stepper.step()
            yield 0
        if by_user:  # what there is of each can be read once it is let go
            stepper.let_go(handle)
        outputs = list(handle.read().values()) if handle.can_read() else []
    finally:
        stepper.let_go(handle)
    for output in outputs:
        state = State.STOPPED if by_user else state_of(output.finish_reason)
        yield _candidate(output.generated_ids, output.generated_log_probs, state, new_stream())


def likeliest(found: Sequence[Candidate]) -> Candidate:
    """The candidate of the highest mean log-probability: long answers are not at a disadvantage."""
    return max(found, key=lambda candidate: candidate.score)


def state_of(reason: GenerationFinishReason) -> State:
    """How an answer ended, by the library's word."""
    return State.LENGTH if reason == GenerationFinishReason.LENGTH else State.STOP


def _candidate(
    ids: list[int], log_probs: Sequence[float], state: State, stream: TextStream
) -> Candidate:
    kept = 0
    while kept < len(ids) and not stream.stopped:
        stream.push(ids[kept : kept + 1])
        kept += 1
    score = sum(log_probs[:kept]) / kept if kept else float("-inf")
    return Candidate(ids[:kept], score, State.STOP if stream.stopped else state)
