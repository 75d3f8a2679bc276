"""A comparison with other ways to run a model, in a thread of its own."""

import logging
import threading
from collections.abc import Callable

from desktop.domain.bench import Report, Step, Work
from desktop.domain.errors import Problem
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.services.bench.service import Bench
from desktop.services.devices.notices import Compared, Comparing
from desktop.services.jobs import Cancelled

log = logging.getLogger(__name__)

ROUNDS = Work(rounds=3, history_rounds=1)  # a user waits for it


class Comparison:
    """One at a time. What it has to say comes to `tell`, in its own thread."""

    def __init__(
        self, make_bench: Callable[[], Bench], tell: Callable[[Comparing | Compared], None]
    ) -> None:
        self._make_bench = make_bench
        self._tell = tell
        self._bench: Bench | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """True from the start to the last word."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, model: Model, device: str) -> None:
        """Begin, unless one is at work."""
        if self.running:
            return
        self._bench = self._make_bench()
        self._thread = threading.Thread(
            target=self._run, args=(self._bench, model, device), name="comparison", daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        """End it soon."""
        if self._bench is not None:
            self._bench.cancel()

    def close(self) -> None:
        """End it, and wait until its processes are gone."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _run(self, bench: Bench, model: Model, device: str) -> None:
        def on_step(step: Step) -> None:
            self._tell(Comparing(step))

        report: Report | None = None
        problem = Problem("")
        try:
            report = bench.run(model, (device,), on_step, ROUNDS)
        except Cancelled:
            log.info("the comparison was cancelled")
        except Problem as error:
            problem = error
        except Exception:
            log.exception("the comparison failed")
            problem = Problem(tr("The comparison failed."), tr("The log has the details."))
        self._tell(Compared(report, problem.what, problem.remedy))
