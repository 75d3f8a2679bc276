"""The layout for models that come without a template."""

from collections.abc import Iterable, Mapping

STOP_TEXTS = ("\nUser:",)  # where an answer in this layout should end
_SPEAKERS = {"user": "User", "assistant": "Assistant"}


def laid_out(messages: Iterable[Mapping[str, str]], *, generation_prompt: bool) -> str:
    """The system text, then a line for each turn; the last line is for the answer."""
    systems, lines = [], []
    for message in messages:
        speaker = _SPEAKERS.get(message["role"])
        if speaker:
            lines.append(f"{speaker}: {message['content']}")
        else:
            systems.append(message["content"])
    if generation_prompt:
        lines.append("Assistant:")
    return "\n\n".join(filter(None, [*systems, "\n".join(lines)]))
