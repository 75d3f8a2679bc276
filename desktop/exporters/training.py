"""Training data: JSON Lines of {"messages": […]} or of {"prompt": …, "completion": …}.

Only the branch in view counts, and of it only what was answered: an answer that was cut, stopped
or failed is nothing to learn from, though what follows it may be.
"""

import json
from collections.abc import Iterable, Iterator

from desktop.domain import context
from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, Role, State
from desktop.domain.layout import Layout, completion_text, prompt_text
from desktop.domain.presets import Preset
from desktop.exporters.common import Options, branch


def write_messages(chats: Iterable[Whole], options: Options) -> Iterator[str]:
    """A line for each conversation, up to its last complete answer."""
    for chat in chats:
        messages = branch(chat)
        last = max((n for n, each in enumerate(messages) if _complete(each)), default=-1)
        if last >= 0:
            turns = context.turns(messages[: last + 1], options.system_text(chat))
            yield _line({"messages": [{"role": role, "content": text} for role, text in turns]})


def write_prompts(chats: Iterable[Whole], options: Options) -> Iterator[str]:
    """A line for each complete answer: the prompt is the whole dialogue before it.

    The prompt is, to the letter, what a model is given in the layout of the preset.
    """
    for chat in chats:
        layout = _layout(chat, options)
        messages = branch(chat)
        system = options.system_text(chat)
        for number, message in enumerate(messages):
            if number and _complete(message):
                turns = context.turns(messages[:number], system)
                yield _line(
                    {
                        "prompt": prompt_text(layout, turns),
                        "completion": completion_text(layout, message.text),
                    }
                )


def _complete(message: Message) -> bool:
    return message.role is Role.ASSISTANT and message.state is State.STOP and bool(message.text)


def _layout(chat: Whole, options: Options) -> Layout:
    candidates: list[Preset | None] = [
        options.preset_of(chat),
        options.presets.get(options.layout_of),
    ]
    return next((each.layout for each in candidates if each and each.layout), Layout())


def _line(body: dict[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False) + "\n"
