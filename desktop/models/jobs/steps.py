"""One percentage for a job of several steps, which only grows."""

from collections.abc import Callable, Mapping

from desktop.domain.events import Stage

Report = Callable[[Stage], None]


class Steps:
    """Reports where a job is. `shares` has its steps in order, with the time each takes."""

    def __init__(self, report: Report, shares: Mapping[str, int]) -> None:
        self._report = report
        self._shares = shares
        self._total = sum(shares.values())
        self._name = ""
        self._reported = Stage("")

    def begin(self, name: str) -> None:
        """The named step begins; those before it are done."""
        self._name = name
        self.part(0, 1)

    def part(self, done: float, total: float) -> None:
        """So much of the step is done. Reported only when the percentage changes."""
        names = list(self._shares)
        before = sum(self._shares[name] for name in names[: names.index(self._name)])
        within = self._shares[self._name] * min(max(done / total, 0.0), 1.0) if total else 0.0
        percent = int(100 * (before + within) / self._total)
        stage = Stage(self._name, max(percent, self._reported.done), 100)
        if stage != self._reported:
            self._reported = stage
            self._report(stage)
