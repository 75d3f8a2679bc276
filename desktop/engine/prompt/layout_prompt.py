"""Prompts in a layout of names, such as “Customer: …”, in the place of the model's template."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop.domain.conversation import Role
from desktop.domain.events import Done, Reading, Token
from desktop.domain.layout import Layout, continued_text, prompt_text, stop_texts
from desktop.domain.sampling import Value
from desktop.engine.prompt.neutral import guard_against
from desktop.engine.prompt.reasoning import parted
from desktop.engine.protocol import Turn


def layout_text(
    layout: Layout,
    turns: Sequence[Turn],
    control_tokens: tuple[str, ...],
    *,
    continues: bool = False,
) -> str:
    """The exact text that the model reads, with no control token in it.

    With `continues` it ends inside the last turn, which is an answer, its reasoning included.
    The layout may be a stranger's as well as the messages, so the text is guarded as a whole.
    """
    spoken = [(turn.role, _without_reasoning(turn)) for turn in turns]
    if is_continued(turns, continues):
        spoken[-1] = (turns[-1].role, turns[-1].content)
        text = continued_text(layout, spoken)
    else:
        text = prompt_text(layout, spoken)
    return guard_against(control_tokens).broken_up(text)


def leaves_space(turns: Sequence[Turn], *, continues: bool = False) -> bool:
    """True when a space that belongs before the answer's first word is left to the answer."""
    return not is_continued(turns, continues) or turns[-1].content[-1:] in ("", " ")


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


def is_continued(turns: Sequence[Turn], continues: bool) -> bool:
    """True when there is an answer to go on with."""
    return continues and bool(turns) and turns[-1].role == Role.ASSISTANT.value


def _without_reasoning(turn: Turn) -> str:
    return parted(turn.content)[1] if turn.role == Role.ASSISTANT.value else turn.content
