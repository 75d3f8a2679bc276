"""A prompt's layout as data: what stands around the system text and the turns of a dialogue."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.conversation import Role

Turn = tuple[str, str]  # role and text


class SystemPlace(StrEnum):
    """Where the system text goes."""

    FIRST = "first"  # before the dialogue
    QUESTION = "question"  # inside the first question
    NONE = "none"  # nowhere: the model never saw one, so it is left out


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around the system text and the turns, and where an answer ends.

    The first four make a dialogue of names, such as “Customer: …” and “Agent: …”. The others are
    for models that were trained with a form of their own.
    """

    user: str = "User: "
    assistant: str = "Assistant: "
    separator: str = "\n"  # between turns
    after_system: str = "\n\n"  # between the system text and the first turn
    begin: str = ""  # before everything
    before_system: str = ""
    after_user: str = ""
    after_assistant: str = ""
    answer: str | None = None  # what a prompt ends with; None: `assistant`, its last space left out
    system: SystemPlace = SystemPlace.FIRST
    stop: tuple[str, ...] = ()  # texts that an answer ends before, beside the next user's name
    stop_tokens: tuple[str, ...] = ()  # tokens that an answer ends with, where the model has them
    control: tuple[str, ...] = ()  # texts that only the layout may write, tokens among them
    window: int = 0  # the model reads so many turns, the question among them; 0: all
    trimmed: bool = False  # turns lose the space around them
    keeps_tokens: bool = False  # answers are read again as the very tokens that were written

    @property
    def opener(self) -> str:
        """What a prompt ends with."""
        return self.assistant.rstrip() if self.answer is None else self.answer

    @property
    def left_to_answer(self) -> str:
        """What of the text before an answer the model writes itself: mostly a space."""
        return self.assistant.removeprefix(self.opener) if self._opens else ""

    @property
    def _opens(self) -> bool:
        return self.assistant.startswith(self.opener)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a prompt, and whose it is."""

    text: str
    said: bool = False  # by a user, a model or a system prompt: not the layout's own
    answer: bool = False  # a whole answer of the model's


def prompt_parts(layout: Layout, turns: Sequence[Turn]) -> list[Part]:
    """The turns in pieces that end where the answer begins.

    The space after the answer's name is left to the answer: tokens of words begin with theirs.
    """
    parts = dialogue_parts(layout, turns)
    joint = layout.separator if _spoken(turns) else ""
    return [*parts, Part(joint), Part(layout.opener)]


def continued_parts(layout: Layout, turns: Sequence[Turn]) -> list[Part]:
    """The turns in pieces that end where the last one, an answer, was broken off.

    A space at its end is left to what follows, as in `prompt_parts`.
    """
    begun = turns[-1][1].rstrip(" ")
    parts = prompt_parts(layout, turns[:-1])
    return [*parts, Part(layout.left_to_answer), Part(begun, said=True)] if begun else parts


def dialogue_parts(layout: Layout, turns: Sequence[Turn]) -> list[Part]:
    """The system texts, then the turns in the window, each with what stands around it."""
    forged = _forged(layout)
    turns = seen(layout, turns)
    systems = [text for role, text in turns if role not in _SPEAKERS and text]
    spoken = _spoken(turns)
    said = Part("\n\n".join(systems), said=True)
    system = [Part(layout.before_system), said, Part(layout.after_system)] if systems else []
    first = next((i for i, (role, _) in enumerate(spoken) if role == Role.USER.value), -1)
    inside = layout.system is SystemPlace.QUESTION and first >= 0
    parts = [Part(layout.begin), *([] if inside else system)]
    for number, (role, text) in enumerate(spoken):
        parts += [Part(layout.separator)] if number else []
        here = system if inside and number == first else []
        parts += _turn(layout, role, _harmless(text, forged), here)
    return [part for part in parts if part.text or part.said]


def _turn(layout: Layout, role: str, text: str, system: list[Part]) -> list[Part]:
    if layout.trimmed:
        text = text.rstrip() if system else text.strip()
    if role == Role.USER.value:
        return [Part(layout.user), *system, Part(text, said=True), Part(layout.after_user)]
    before, after = Part(layout.assistant), Part(layout.after_assistant)
    return [before, Part(text, said=True, answer=True), after]


def prompt_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The turns as one text that ends where the answer begins."""
    return _joined(prompt_parts(layout, turns))


def continued_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The turns as one text that ends where the last one, an answer, was broken off."""
    return _joined(continued_parts(layout, turns))


def completion_text(layout: Layout, answer: str) -> str:
    """What follows `prompt_text` when this is the answer, the end of the turn included."""
    return f"{layout.left_to_answer}{answer}{layout.after_assistant}{layout.separator}"


def dialogue_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The system texts, then the turns one after the other."""
    return _joined(dialogue_parts(layout, turns))


def stop_texts(layout: Layout) -> tuple[str, ...]:
    """Where an answer in this layout ends: before the next question."""
    name = layout.user.rstrip()
    by_name = name and not any(token in name for token in layout.control)
    between = layout.separator or layout.after_assistant[-1:]
    named = (f"{between}{name}",) if by_name else ()
    return tuple(dict.fromkeys((*named, *layout.stop)))


def left_out(layout: Layout, roles: Sequence[str]) -> tuple[int, ...]:
    """The indices of turns that the layout has no place for, however much would fit."""
    spoken = [index for index, role in enumerate(roles) if role in _SPEAKERS]
    gone = set(spoken[: -layout.window] if layout.window else ())
    if layout.system is SystemPlace.NONE:
        gone |= set(range(len(roles))) - set(spoken)
    return tuple(sorted(gone))


def seen(layout: Layout, turns: Sequence[Turn]) -> list[Turn]:
    """The turns that the layout has a place for."""
    gone = set(left_out(layout, [role for role, _ in turns]))
    return [turn for index, turn in enumerate(turns) if index not in gone]


_SPEAKERS = (Role.USER.value, Role.ASSISTANT.value)


def _spoken(turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn[0] in _SPEAKERS]


def _joined(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts)


def _forged(layout: Layout) -> re.Pattern[str] | None:
    """Finds lines in a message that look like the beginning of a turn."""
    names = dict.fromkeys(_names(layout))
    if not names:
        return None
    return re.compile(rf"^[ \t]*(?:{'|'.join(map(re.escape, names))})", re.MULTILINE)


def _names(layout: Layout) -> Iterator[str]:
    for name in (layout.user.strip(), layout.assistant.strip()):
        if name and not any(token in name for token in layout.control):
            yield name


def _harmless(text: str, forged: re.Pattern[str] | None) -> str:
    """The text with such a line's name broken up before its last character."""
    return forged.sub(lambda found: f"{found[0][:-1]} {found[0][-1]}", text) if forged else text
