"""The rounds of a comparison: every contestant in each, the first one another each time."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.domain.bench import Contestant, Result, Sample, Step, Work
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.services.bench.contestants import CellarRunner, Prompt, Runner
from desktop.services.bench.workload import Prompts, Workload

OnStep = Callable[[Step], None]

LONG_ROUND_S = 60.0  # when the first round took longer,
FEW_ROUNDS = 3  # this many are enough


class Field:
    """All contestants on one device, and what they came to."""

    def __init__(self, cellar: CellarRunner, work: Work) -> None:
        self._cellar = cellar
        self._work = work
        self.runners: dict[Contestant, Runner] = {Contestant.CELLAR: cellar}
        self._why_not: dict[Contestant, str] = {}
        self._samples: dict[Contestant, list[Sample]] = {Contestant.CELLAR: []}
        self._peaks: dict[Contestant, int] = {}
        self.in_turn = False  # one is loaded at a time

    def add(self, others: dict[Contestant, Runner | str]) -> None:
        """Let others take part; a text says why one cannot."""
        for contestant, runner in others.items():
            if isinstance(runner, str):
                self._why_not[contestant] = runner
            else:
                self.runners[contestant] = runner
                self._samples[contestant] = []

    def race(self, device: str, on_step: OnStep) -> None:
        """All rounds. Raises Problem, when Cellar itself fails, or Cancelled."""
        workload = Workload(self._work, self._cellar.context_length, self._cellar.count)
        prompts = [self._written(workload.prompts(n)) for n in range(self._work.rounds)]
        if not self.in_turn:
            for contestant in tuple(self.runners):
                on_step(Step(device, tr("loading"), contestant))
                self._try(contestant, lambda runner: runner.open())
        rounds, number = len(prompts), 0
        talks = min(self._work.history_rounds, rounds)
        while number < rounds:
            started = time.monotonic()
            step = Step(
                device,
                tr("round {number} of {total}", number=number + 1, total=rounds),
                done=number,
                total=rounds,
            )
            self._round(number, prompts[number], (self._answer, self._again), step, on_step)
            number += 1
            if number == 1 and time.monotonic() - started > LONG_ROUND_S:
                rounds = min(rounds, FEW_ROUNDS)
        for number in range(min(talks, rounds)):
            step = Step(
                device,
                tr("conversation {number} of {total}", number=number + 1, total=talks),
                done=number,
                total=talks,
            )
            self._round(number, prompts[number], (self._converse,), step, on_step)

    def results(self) -> tuple[Result, ...]:
        """What all came to, in the order in which they are declared."""
        return tuple(
            Result(
                contestant,
                samples=tuple(self._samples.get(contestant, ())),
                peak_memory=self._peaks.get(contestant, 0),
                why_not=self._why_not.get(contestant, ""),
            )
            for contestant in Contestant
            if contestant in self._samples or contestant in self._why_not
        )

    def close(self) -> None:
        """End every process."""
        for runner in self.runners.values():
            runner.close()

    def _round(
        self,
        number: int,
        prompts: "_Texts",
        parts: "tuple[_Part, ...]",
        step: Step,
        on_step: OnStep,
    ) -> None:
        """All do one part before any does the next: what is compared is close in time."""
        order = list(self.runners)
        turn = number % len(order)
        order = order[turn:] + order[:turn]
        for together in (parts,) if self.in_turn else ((part,) for part in parts):
            for contestant in order:
                on_step(replace(step, contestant=contestant))
                self._take_turn(contestant, number, prompts, together)

    def _take_turn(
        self, contestant: Contestant, number: int, prompts: "_Texts", parts: "tuple[_Part, ...]"
    ) -> None:
        if self.in_turn:
            self._try(contestant, lambda runner: runner.open())
        for part in parts:
            self._try(contestant, functools.partial(part, contestant, number, prompts))
        runner = self.runners.get(contestant)
        if runner is None:
            return
        self._peaks[contestant] = max(self._peaks.get(contestant, 0), runner.peak_memory())
        if self.in_turn:
            runner.close()

    def _answer(self, contestant: Contestant, _: int, prompts: "_Texts", runner: Runner) -> None:
        answer = runner.run(prompts.single, self._work.answer)
        self._samples[contestant].append(
            Sample(
                prompt_tokens=answer.prompt_tokens,
                answer_tokens=answer.answer_tokens,
                cold_ms=answer.first_ms,
                decode=answer.decode,
                text=answer.text,
            )
        )

    def _again(
        self, contestant: Contestant, number: int, prompts: "_Texts", runner: Runner
    ) -> None:
        again = runner.run(prompts.single, 1)
        samples = self._samples[contestant]
        samples[number] = replace(samples[number], warm_ms=again.first_ms)

    def _converse(
        self, contestant: Contestant, number: int, prompts: "_Texts", runner: Runner
    ) -> None:
        ninth = runner.run(prompts.ninth, 1)
        tenth = runner.run(prompts.tenth, 1)
        samples = self._samples[contestant]
        samples[number] = replace(
            samples[number],
            history_tokens=ninth.prompt_tokens,
            history_ms=ninth.first_ms,
            tenth_ms=tenth.first_ms,
        )

    def _try(self, contestant: Contestant, act: Callable[[Runner], None]) -> None:
        """One that fails takes no further part; without Cellar there is nothing to compare."""
        runner = self.runners.get(contestant)
        if runner is None:
            return
        try:
            act(runner)
        except Problem as problem:
            if contestant is Contestant.CELLAR:
                raise
            self._why_not[contestant] = str(problem)
            self._samples[contestant] = []
            self.runners.pop(contestant).close()

    def _written(self, prompts: Prompts) -> "_Texts":
        write = self._cellar.prompt
        return _Texts(write(prompts.single), write(prompts.ninth), write(prompts.tenth))


@dataclass(frozen=True, slots=True)
class _Texts:
    """The prompts of a round, for Cellar and for the bare libraries."""

    single: Prompt
    ninth: Prompt
    tenth: Prompt


_Part = Callable[[Contestant, int, _Texts, Runner], None]
