"""Prompts in a layout of data, such as “Customer: …”, in the place of the model's template."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from desktop.domain.conversation import Role
from desktop.domain.events import Done, Reading, Token
from desktop.domain.layout import (
    Layout,
    Part,
    continued_parts,
    dialogue_parts,
    prompt_parts,
    stop_texts,
)
from desktop.domain.sampling import Value
from desktop.engine.prompt.neutral import Guard, guard_against
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.prompt.reasoning import parted
from desktop.engine.protocol import Turn


def layout_text(
    layout: Layout,
    turns: Sequence[Turn],
    control_tokens: tuple[str, ...],
    *,
    continues: bool = False,
    generation_prompt: bool = True,
) -> Prompt:
    """The exact prompt. No control token is in it but those that the layout declares its own.

    With `continues` it ends inside the last turn, which is an answer, its reasoning included.
    The layout may be a stranger's as well as the messages, so the text is guarded as a whole.
    """
    spoken = [(turn.role, _without_reasoning(turn)) for turn in turns]
    if is_continued(turns, continues):
        spoken[-1] = (turns[-1].role, turns[-1].content)
        parts = continued_parts(layout, spoken)
    elif generation_prompt:
        parts = prompt_parts(layout, spoken)
    else:
        parts = dialogue_parts(layout, spoken)
    parts = _guarded(parts, guard_against((*control_tokens, *layout.control)))
    others = tuple(token for token in control_tokens if token not in layout.control)
    text = "".join(part.text for part in parts)
    safe = guard_against(others).broken_up(text)
    prompt = Prompt(safe).ending(layout.stop_tokens, stop_texts(layout))
    if layout.keeps_tokens and safe == text:
        return prompt.in_pieces(*_pieces(parts))
    return prompt


def _guarded(parts: Sequence[Part], guard: Guard) -> list[Part]:
    """What was said, without control tokens, and without a share in one of the layout's."""
    safe = _said(parts, guard.broken_up)
    expected = guard.counts(_joined(_said(safe, guard.stand_in)))
    if guard.counts(_joined(safe)) <= expected:
        return safe
    return _said(parts, guard.broken_at_edges)


def _said(parts: Sequence[Part], change: Callable[[str], str]) -> list[Part]:
    return [replace(part, text=change(part.text)) if part.said else part for part in parts]


def _joined(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts)


def _pieces(parts: Sequence[Part]) -> tuple[tuple[str, ...], frozenset[int]]:
    """As few pieces as there can be, with each answer one of its own."""
    pieces: list[str] = []
    answers: set[int] = set()
    for is_answer, run in groupby(parts, key=lambda part: part.answer):
        if is_answer:
            answers.add(len(pieces))
        pieces.append(_joined(list(run)))
    return tuple(pieces), frozenset(answers)


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
    if turn.role != Role.ASSISTANT.value:
        return turn.content
    reasoning, answer = parted(turn.content)
    return answer.lstrip("\n") if reasoning else answer
