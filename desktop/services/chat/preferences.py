"""What the user decided for all chats."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.conversation import ContextPolicy


@dataclass(frozen=True, slots=True)
class Preferences:
    """What holds where a conversation has not chosen."""

    model: str = ""
    device: str = "CPU"
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    model_titles: Callable[[], bool] = lambda: False  # the model names new chats
