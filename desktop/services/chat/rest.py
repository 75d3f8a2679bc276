"""The time in which nobody waits for the engine: who is told of it, and how long it has been."""

import time
from collections.abc import Callable

from desktop.domain.model import Model
from desktop.services.chat.idle_work import IdleWork, NoIdleWork

MINUTE_S = 60.0


class Rest:
    """Begins when a model is loaded and no answer is due; what the user does begins it anew."""

    def __init__(
        self,
        minutes: int,  # until the model should be let go; 0: never
        work: IdleWork | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = minutes * MINUTE_S
        self._work = work or NoIdleWork()
        self._clock = clock
        self._resting: bool | None = None
        self._since = 0.0

    def limit(self, minutes: int) -> None:
        """Let the model go after another time. 0: never."""
        self._limit = minutes * MINUTE_S

    def note(self, model: Model | None, device: str, *, asked: bool) -> None:
        """How it is now. `model` is the loaded one while no answer is due; `asked`: by the user."""
        resting = model is not None
        changed = resting is not self._resting
        self._resting = resting
        if changed or asked or not resting:
            self._since = self._clock()
        if not changed:
            return
        if model is None:
            self._work.busy()
        else:
            self._work.ready(model, device)

    @property
    def left(self) -> float | None:
        """Seconds until the model should be let go; None: it should not."""
        if not self._resting or not self._limit:
            return None
        return max(0.0, self._since + self._limit - self._clock())
