"""Plain text: the branch in view, the speaker's name on a line before each message."""

from collections.abc import Iterable, Iterator

from desktop.domain.chats import Whole
from desktop.domain.words import tr
from desktop.exporters.common import Options, ending, moment, shown, speaker, title

_LONGEST_LINE = 72


def write(chats: Iterable[Whole], options: Options) -> Iterator[str]:
    """The pieces of the document."""
    for number, chat in enumerate(chats):
        if number:
            yield "\n\n"
        name = title(chat)
        yield f"{name}\n{'=' * min(len(name), _LONGEST_LINE)}\n"
        if chat.created_at:
            yield f"{moment(chat.created_at)}\n"
        if system := options.system_text(chat):
            yield f"\n{tr('System prompt')}:\n{system}\n"
        for message in shown(chat):
            yield f"\n{speaker(message)}:\n"
            if message.text:
                yield f"{message.text}\n"
            if how := ending(message):
                yield f"({how})\n"
