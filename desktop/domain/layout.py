"""A prompt as plain text with names before what is said, such as “Customer: …” and “Agent: …”."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.domain.conversation import Role

Turn = tuple[str, str]  # role and text


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around the system text and the turns."""

    user: str = "User: "
    assistant: str = "Assistant: "
    separator: str = "\n"  # between turns
    after_system: str = "\n\n"  # between the system text and the first turn


def prompt_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The turns as one text that ends where the answer begins.

    The space after the answer's name is left to the answer: tokens of words begin with theirs.
    """
    text = dialogue_text(layout, [*turns, (Role.ASSISTANT.value, "")])
    return text.removesuffix(_opening(layout))


def continued_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The turns as one text that ends where the last one, an answer, was broken off.

    A space at its end is left to what follows, as in `prompt_text`.
    """
    if not turns[-1][1].strip(" "):
        return prompt_text(layout, turns[:-1])
    return dialogue_text(layout, turns).rstrip(" ")


def completion_text(layout: Layout, answer: str) -> str:
    """What follows `prompt_text` when this is the answer, the end of the turn included."""
    return f"{_opening(layout)}{answer}{layout.separator}"


def dialogue_text(layout: Layout, turns: Sequence[Turn]) -> str:
    """The system texts, then the turns one after the other."""
    names = {Role.USER.value: layout.user, Role.ASSISTANT.value: layout.assistant}
    forged = _forged(layout)
    systems = [text for role, text in turns if role not in names and text]
    spoken = [names[role] + _harmless(text, forged) for role, text in turns if role in names]
    parts = ["\n\n".join(systems), layout.separator.join(spoken)]
    return layout.after_system.join(part for part in parts if part)


def stop_texts(layout: Layout) -> tuple[str, ...]:
    """Where an answer in this layout ends: before the next question."""
    name = layout.user.rstrip()
    return (f"{layout.separator}{name}",) if name else ()


def _opening(layout: Layout) -> str:
    """What of the answer's name is left to the answer."""
    return layout.assistant[len(layout.assistant.rstrip()) :]


def _forged(layout: Layout) -> re.Pattern[str] | None:
    """Finds lines in a message that look like the beginning of a turn."""
    names = [name.strip() for name in (layout.user, layout.assistant) if name.strip()]
    return re.compile(f"^(?={'|'.join(map(re.escape, names))})", re.MULTILINE) if names else None


def _harmless(text: str, forged: re.Pattern[str] | None) -> str:
    return forged.sub(" ", text) if forged else text
