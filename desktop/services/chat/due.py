"""An answer that is due: asked for, being written, or stopped and not yet let go of."""

import time
from dataclasses import dataclass, field, replace
from itertools import count
from uuid import uuid4

from desktop.domain import events
from desktop.domain.conversation import Conversation, Message, Role, State, Statistics
from desktop.domain.model import Model
from desktop.services.chat.notices import ContextUsed
from desktop.services.chat.request import Request
from desktop.services.chat.thought_clock import ThoughtClock

HANG_S = 5.0  # an engine that has not taken a Stop by then is hung


@dataclass(slots=True)
class Due:
    """`message` grows; what it had before it was continued is in `begun`."""

    message: Message
    said: tuple[Message, ...]  # what it answers, or goes on with
    before: tuple[str, ...]  # ids of the messages before those
    begun: Message | None = None
    again: Statistics | None = None  # of the answer that is to be made again exactly
    request: Request | None = None  # that the engine has
    told: ContextUsed | None = None  # of the request
    stopped_at: float = 0.0
    request_id: str = ""
    number: int = field(default_factory=count().__next__)  # in the order of asking
    thought: ThoughtClock = field(init=False)

    def __post_init__(self) -> None:
        self.thought = ThoughtClock()
        if self.begun:
            figures = self.begun.statistics
            opened = figures is not None and figures.thinking_ms > 0
            self.thought = ThoughtClock(self.begun.text, opened=opened)
        self.request_id = f"{self.message.id}-{uuid4().hex}" if self.begun else self.message.id

    def fitted(self, request: Request, event: events.Fitted) -> ContextUsed:
        """What is told of the request, now that the engine has made a prompt of it."""
        if event.thinks and self.begun is None:
            self.thought.opened = True
        thinks = self.message.id if self.thought.opened else ""
        self.told = replace(request.told(event), thinks=thinks)
        return self.told

    def stop(self, stopped: Message) -> None:
        """Nothing more is wanted of it."""
        self.message, self.stopped_at = stopped, time.monotonic()

    @property
    def hung(self) -> bool:
        """True when the engine did not take a Stop in time."""
        return time.monotonic() - self.stopped_at > HANG_S

    def ended(self, text: str, state: State, statistics: Statistics, model: Model) -> Message:
        """The message as it stays; `text` is what the engine wrote of it."""
        before = self.begun.text if self.begun else ""
        self.thought.hear(before + text)
        return replace(
            self.message,
            text=before + text,
            state=state,
            statistics=self.made_with(statistics, model),
        )

    def made_with(self, statistics: Statistics, model: Model) -> Statistics:
        """The engine's figures with what it does not know of the model and of the beginning."""
        thinking_ms = round(self.thought.ms, 1)
        told = replace(statistics, model=model.id, weights=model.weights, thinking_ms=thinking_ms)
        if self.request is not None:
            told = self.request.noted_in(told)
        earlier = self.begun.statistics if self.begun else None
        return joined(earlier, told) if earlier else told


def empty_answer(parent_id: str) -> Message:
    """An answer before its first word."""
    return Message(Role.ASSISTANT, "", parent_id=parent_id, state=State.WRITING)


def interrupted(conversation: Conversation, due: Due | None) -> tuple[Message, ...]:
    """The answers of which no more will come, as in a copy that was made in the middle."""
    return tuple(
        replace(message, state=State.INTERRUPTED)
        for message in conversation.messages
        if message.state is State.WRITING and not (due and due.message.id == message.id)
    )


def joined(first: Statistics, then: Statistics) -> Statistics:
    """The figures of an answer that was written in two pieces; it began as `first` says."""
    tokens = first.generated_tokens + then.generated_tokens
    pieces = [(s.generated_tokens, s.tokens_per_s) for s in (first, then) if s.tokens_per_s > 0]
    seconds = sum(count / speed for count, speed in pieces)
    counted = sum(count for count, _ in pieces)
    limits = [s.sampling.get("max_new_tokens") for s in (first, then)]
    whole = sum(limit for limit in limits if isinstance(limit, int))
    return replace(
        first,
        generated_tokens=tokens,
        steps=first.steps + then.steps,
        thinking_ms=first.thinking_ms + then.thinking_ms,
        tokens_per_s=round(counted / seconds, 2) if seconds else 0.0,
        sampling={**first.sampling, "max_new_tokens": whole} if whole else first.sampling,
    )
