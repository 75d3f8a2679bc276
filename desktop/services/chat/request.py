"""What the engine is asked about a conversation, and what its answers mean for the messages."""

from dataclasses import dataclass, replace

from desktop.domain import context, events
from desktop.domain.conversation import ConversationSettings, Message, Statistics
from desktop.domain.layout import Layout
from desktop.domain.presets import Preset
from desktop.domain.sampling import Values
from desktop.engine.protocol import Fit, Generate, Turn
from desktop.services.chat.notices import ContextUsed


@dataclass(frozen=True, slots=True)
class Request:
    """A conversation as it is when the engine is asked."""

    messages: tuple[Message, ...]
    settings: ConversationSettings
    sampling: Values  # every parameter
    system_text: str = ""  # what stands before the dialogue
    preset: Preset | None = None  # that lays the prompt out; None: the model's own template
    continues: bool = False  # the last message is an answer to go on with
    layout: Layout | None = None  # of the model, where the preset has none

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What the model is to read."""
        turns = context.turns(self.messages, self.system_text)
        return tuple(Turn(role, text) for role, text in turns)

    def generate(self, request_id: str) -> Generate:
        """Answer the last message, or go on with it."""
        return Generate(
            request_id,
            self.turns,
            self.sampling,
            self.settings.context_policy,
            self.settings.pin_first,
            self._layout,
            self.continues,
        )

    def fit(self, request_id: str) -> Fit:
        """Tell what of the messages the model would see."""
        return Fit(
            request_id,
            self.turns,
            self.sampling,
            self.settings.context_policy,
            self.settings.pin_first,
            self._layout,
        )

    def told(self, fitted: events.Fitted) -> ContextUsed:
        """The engine's word for the window, with messages in the place of turns."""
        unseen = context.unseen_messages(self.messages, self.system_text, fitted.unseen)
        return ContextUsed(fitted.used, fitted.available, unseen)

    def noted_in(self, statistics: Statistics) -> Statistics:
        """The figures of the answer with what it was made from, so that it can be made again."""
        preset = self.preset.id if self.preset else ""
        return replace(statistics, system_text=self.system_text, preset=preset)

    @property
    def _layout(self) -> Layout | None:
        return (self.preset.layout if self.preset else None) or self.layout
