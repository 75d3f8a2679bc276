"""What may be done in the background while nobody waits for an answer."""

from typing import Protocol

from desktop.domain.model import Model


class IdleWork(Protocol):
    """Called in the chat service's thread; must return at once."""

    def busy(self) -> None:
        """The user asked something, or a load begins: end what is being done."""

    def ready(self, model: Model, device: str) -> None:
        """The model is loaded there, and no answer is due. Told again after each answer."""


class NoIdleWork:
    """Does nothing."""

    def busy(self) -> None:
        """There is nothing to end."""

    def ready(self, model: Model, device: str) -> None:
        """There is nothing to begin."""
