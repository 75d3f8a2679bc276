"""HTML: one page that needs nothing else, runs nothing and loads nothing."""

from collections.abc import Callable, Iterable, Iterator
from html import escape

from desktop.domain.attachments import PASTED, parted
from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, Role
from desktop.domain.words import tr
from desktop.exporters.common import Options, ending, moment, shown, speaker, thought_of, title

_STYLE = """
:root { color-scheme: light dark; --text: #1d2129; --soft: #5c6470; --ground: #ffffff;
  --block: #f4f5f7; --line: #dfe2e7; --accent: #0b63c5; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ec; --soft: #9aa2ae;
  --ground: #16181c; --block: #22262c; --line: #363b43; --accent: #7ab4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 48rem; padding: 2.5rem 1.5rem; background: var(--ground);
  color: var(--text); font: 1rem/1.6 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
article + article { border-top: 1px solid var(--line); margin-top: 4rem; padding-top: 3rem; }
.facts, .ending { color: var(--soft); font-size: .875rem; margin: 0; }
section { margin-top: 2rem; overflow-wrap: anywhere; }
section > h2 { color: var(--soft); font-size: .875rem; font-weight: 600; margin: 0 0 .25rem; }
section.user, section.system { background: var(--block); border-radius: .75rem;
  padding: .75rem 1rem; }
.said > :first-child { margin-top: 0; }
.said > :last-child { margin-bottom: 0; }
.said h1, .said h2, .said h3, .said h4 { font-size: 1.1rem; margin: 1.25rem 0 .5rem; }
.written { white-space: pre-wrap; }
a { color: var(--accent); }
pre, code { background: var(--block); border-radius: .375rem;
  font: .9em/1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; }
code { padding: .1em .3em; }
pre { border: 1px solid var(--line); overflow-x: auto; padding: .75rem 1rem; }
pre code { background: none; padding: 0; }
summary { cursor: pointer; font-weight: 600; }
blockquote { border-left: 3px solid var(--line); color: var(--soft); margin: 1rem 0;
  padding-left: 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .35rem .65rem; text-align: left; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5rem 0; }
@media print {
  :root { --text: #000; --soft: #444; --ground: #fff; --block: #fff; --line: #bbb;
    --accent: #000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  section.user, section.system { border: 1px solid var(--line); }
  section > h2 { break-after: avoid; }
  pre { overflow: visible; white-space: pre-wrap; break-inside: avoid-page; }
  article + article { border: 0; break-before: page; margin: 0; padding: 0; }
}
"""
_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Chats from Cellar</title>
<style>{_STYLE}</style>
</head>
<body>
"""


def write(chats: Iterable[Whole], options: Options) -> Iterator[str]:
    """The pieces of the page."""
    from desktop.exporters.safe_markdown import as_written, to_html

    yield _HEAD
    for chat in chats:
        yield f"<article>\n<h1>{escape(title(chat))}</h1>\n"
        if chat.created_at:
            yield f'<p class="facts">{escape(moment(chat.created_at))}</p>\n'
        if system := options.system_text(chat):
            yield _section("system", tr("System prompt"), as_written(system), "")
        for message in shown(chat):
            is_answer = message.role is Role.ASSISTANT
            written = _answered if is_answer else _written
            said = written(message, to_html if is_answer else as_written)
            yield _section(message.role.value, speaker(message), said, ending(message))
        yield "</article>\n"
    yield "</body>\n</html>\n"


def _answered(message: Message, to_html: Callable[[str], str]) -> str:
    """What the model wrote, the thought before it folded."""
    line, thought, said = thought_of(message)
    if not line:
        return to_html(said)
    fold = f"<details>\n<summary>{escape(line)}</summary>\n{to_html(thought)}</details>\n"
    return fold + (to_html(said) if said else "")


def _written(message: Message, as_written: Callable[[str], str]) -> str:
    """What the user wrote, the files that went with it folded above."""
    parts = parted(message.text, message.attachments)
    files = (
        f"<details>\n<summary>{escape(each.name or PASTED)}</summary>\n"
        f"<pre><code>{escape(each.text)}</code></pre>\n</details>\n"
        for each in parts.attachments
    )
    return "".join(files) + (as_written(parts.typed) if parts.typed else "")


def _section(role: str, name: str, said: str, how: str) -> str:
    note = f'<p class="ending">({escape(how)})</p>\n' if how else ""
    return (
        f'<section class="{role}">\n<h2>{escape(name)}</h2>\n'
        f'<div class="said" dir="auto">\n{said}</div>\n{note}</section>\n'
    )
