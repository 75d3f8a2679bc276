"""Prompts in a layout of names, such as “Customer: …”, in the place of the model's template."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop.domain.conversation import Role
from desktop.domain.events import Done, Reading, Token
from desktop.domain.layout import Layout, prompt_text, stop_texts
from desktop.domain.sampling import Value
from desktop.engine.prompt.neutral import guard_against
from desktop.engine.prompt.reasoning import parted
from desktop.engine.protocol import Turn


def layout_text(layout: Layout, turns: Sequence[Turn], control_tokens: tuple[str, ...]) -> str:
    """The exact text that the model reads, with no control token in it.

    The layout may be a stranger's as well as the messages, so the text is guarded as a whole.
    """
    spoken = [(turn.role, _without_reasoning(turn)) for turn in turns]
    return guard_against(control_tokens).broken_up(prompt_text(layout, spoken))


def stops_with(layout: Layout, asked: Value) -> tuple[str, ...]:
    """Where an answer ends: at the texts that were asked for, and before the next question."""
    texts = asked if isinstance(asked, tuple) else ()
    return tuple(dict.fromkeys((*texts, *stop_texts(layout))))


def begun_at_text(events: Iterable[Reading | Token | Done]) -> Iterator[Reading | Token | Done]:
    """An answer without the space between the name before it and its first word."""
    begun = False
    for event in events:
        match event:
            case Token(request_id, text):
                piece = text if begun else text.lstrip()
                begun = begun or bool(piece)
                if piece:
                    yield Token(request_id, piece)
            case Done():
                yield replace(event, text=event.text.lstrip())
            case _:
                yield event


def _without_reasoning(turn: Turn) -> str:
    return parted(turn.content)[1] if turn.role == Role.ASSISTANT.value else turn.content
