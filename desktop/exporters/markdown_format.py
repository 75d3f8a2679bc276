"""Markdown: the branch in view, a heading for each message."""

import re
from collections.abc import Iterable, Iterator

from desktop.domain.chats import Whole
from desktop.domain.words import tr
from desktop.exporters.common import Options, ending, moment, shown, speaker, thought_of, title

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$", re.MULTILINE)
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def write(chats: Iterable[Whole], options: Options) -> Iterator[str]:
    """The pieces of the document."""
    for number, chat in enumerate(chats):
        if number:
            yield "\n---\n\n"
        yield f"# {_plain(title(chat))}\n"
        if chat.created_at:
            yield f"\n*{moment(chat.created_at)}*\n"
        if system := options.system_text(chat):
            yield f"\n## {tr('System prompt')}\n\n{closed(system)}\n"
        for message in shown(chat):
            yield f"\n## {_plain(speaker(message))}\n\n"
            if message.text:
                line, thought, said = thought_of(message)
                yield _folded(line, thought) if line else ""
                yield f"{closed(said)}\n" if said else ""
            if how := ending(message):
                yield f"\n*({_plain(how)})*\n"


def _folded(line: str, thought: str) -> str:
    """A thought, which most readers of Markdown fold; as text it is set apart as well."""
    thought = closed(thought).replace("</details>", "&lt;/details>")
    return f"<details>\n<summary>{line}</summary>\n\n{thought}\n\n</details>\n\n"


def closed(text: str) -> str:
    """The text, with an end to a block of code that would else swallow what follows."""
    fence = ""
    for found in _FENCE.finditer(text):
        marks, rest = found[1], found[2]
        if not fence:
            fence = marks if "`" not in rest or marks[0] == "~" else ""
        elif marks.startswith(fence) and not rest.strip():
            fence = ""
    return f"{text}\n{fence}" if fence else text


def _plain(text: str) -> str:
    """A title or name that says nothing in Markdown but itself."""
    return _MARKS.sub(r"\\\1", text)
