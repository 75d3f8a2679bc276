"""How the hub is reached, and whether it may be."""

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.services.contacts import Door


@dataclass(frozen=True, slots=True)
class Network:
    """How the hub is reached."""

    endpoint: str = ""  # of a mirror
    token: Callable[[], str] = lambda: ""
    door: Door = field(default_factory=Door)

    def refuse_offline(self, what: str) -> None:
        """Raise Problem when the network must not be used; `what` begins the sentence."""
        if self.door.closed:
            raise Problem(tr("{what}, and Cellar is offline.", what=what), self.door.why_closed())
