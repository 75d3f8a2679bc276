"""How long to wait for what, and when to try again."""

import email.utils
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from desktop.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds."""

    connect_s: float = 10.0
    stall_s: float = 20.0  # without a byte; then the connection is made anew
    listing_s: float = 15.0  # for the list of files; nothing is lost when that fails
    give_up_s: float = 180.0  # without a byte, over all tries and the pauses that a server wishes
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0


class Again(Exception):
    """What went wrong may go well in a moment. `wish`: the pause that the server asks for."""

    def __init__(self, problem: Problem, wish: float = 0.0) -> None:
        super().__init__(problem.what)
        self.problem = problem
        self.wish = wish


class Tries:
    """The tries of one thing, since it last got on."""

    def __init__(self, patience: Patience, give_up_s: float) -> None:
        self._patience = patience
        self._give_up_s = give_up_s
        self.got_on()

    def got_on(self) -> None:
        """All is well again: the next pause is a short one."""
        self._number = 0
        self._since = time.monotonic()

    def pause(self, failure: Again) -> float:
        """Seconds until the next try. Raises the failure's Problem when it is time to give up."""
        limits = self._patience
        longest = min(limits.first_pause_s * 2.0**self._number, limits.longest_pause_s)
        self._number = min(self._number + 1, 30)
        # Random, so that all who were cut off together do not come back together.
        pause = max(longest * random.uniform(0.5, 1.0), failure.wish)  # noqa: S311
        if time.monotonic() - self._since + pause > self._give_up_s:
            raise failure.problem
        return pause


def seconds_of(retry_after: str) -> float:
    """What a Retry-After header asks for: seconds or a date. 0 for anything else."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
