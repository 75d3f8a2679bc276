"""How the hub is reached, and whether it may be."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class Network:
    """How the hub is reached."""

    allowed: bool = True
    endpoint: str = ""  # of a mirror
    token: Callable[[], str] = lambda: ""

    def refuse_offline(self, what: str) -> None:
        """Raise Problem when the network must not be used; `what` begins the sentence."""
        if not self.allowed:
            raise Problem(
                f"{what}, and Cellar is offline.",
                "Start it without --offline, or add a model from a file.",
            )
