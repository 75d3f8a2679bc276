"""What of a conversation the model is given to read."""

from collections.abc import Sequence

from desktop.domain.conversation import Message, Role


def visible(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages without the exchanges that came to nothing.

    A question whose answer failed or was stopped before its first word is left out with it, so
    that one message that is too long does not spoil all that follow. The last message stays.
    """
    kept: list[Message] = []
    for message in messages:
        if message.role is Role.ASSISTANT and not message.text:
            while kept and kept[-1].role is Role.USER:
                kept.pop()
        else:
            kept.append(message)
    return tuple(kept)


def turns(messages: Sequence[Message], system_prompt: str) -> tuple[tuple[str, str], ...]:
    """Role and text of each turn to be sent, the system prompt first when there is one.

    Neighbours of the same role are joined: many chat templates refuse them.
    """
    result: list[tuple[str, str]] = []
    if system_prompt.strip():
        result.append((Role.SYSTEM.value, system_prompt))
    for message in visible(messages):
        if result and result[-1][0] == message.role.value:
            result[-1] = (message.role.value, f"{result[-1][1]}\n\n{message.text}")
        else:
            result.append((message.role.value, message.text))
    return tuple(result)
