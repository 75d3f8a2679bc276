"""Texts that go with a message: files, and what was pasted. The model reads them as quotations.

A message's text is what the model reads: the quotations first, then what was typed. Beside it
stand only the names and lengths of the quotations, so that nothing is kept twice, and everything
that reads texts (prompts, search, exports) knows of the files without knowing what they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_NAME = 120  # characters
PASTED = "Pasted text"  # what the model is told where there is no name
_BETWEEN = "\n\n"
_FENCES = re.compile("`{3,}")
FENCE = "```"  # the shortest that there is
_UNWANTED = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff`]+"
)  # blanks, control characters, what turns the reading direction, and marks of a fence
_LANGUAGE = re.compile(r"[A-Za-z0-9+#]{1,12}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text beside what was typed. Without a name it was pasted."""

    name: str
    text: str

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Quotation:
    """A part of a message's text that is an attachment; the parts follow one another."""

    name: str
    length: int  # characters


@dataclass(frozen=True, slots=True)
class Parts:
    """A message as its author sees it."""

    attachments: tuple[Attachment, ...]
    typed: str


def attachment_of(name: str, text: str) -> Attachment:
    """An attachment as it can be quoted: a name on one line, line ends as one character."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = _UNWANTED.sub(" ", name).strip()
    return Attachment(_shortened(shown), unified.removesuffix("\n"))


def composed(attachments: Iterable[Attachment], typed: str) -> tuple[str, tuple[Quotation, ...]]:
    """The text of a message, and which parts of it are attachments."""
    pairs = [(each.name, _quoted(each)) for each in attachments]
    said = [typed] if typed.strip() or not pairs else []
    text = _BETWEEN.join([*(quoted for _, quoted in pairs), *said])
    return text, tuple(Quotation(name, len(quoted)) for name, quoted in pairs)


def parted(text: str, quotations: Sequence[Quotation]) -> Parts:
    """Undo `composed`. Where the quotations are not in the text, all of it was typed."""
    found: list[Attachment] = []
    start = 0
    for each in quotations:
        end = start + each.length
        attachment = _read(each.name, text[start:end]) if each.length > 0 else None
        follows = text[end : end + len(_BETWEEN)]
        if attachment is None or end > len(text) or follows not in ("", _BETWEEN):
            return Parts((), text)
        found.append(attachment)
        start = end + len(_BETWEEN)
    return Parts(tuple(found), text[start:])


def gist(text: str, quotations: Sequence[Quotation]) -> str:
    """What was typed, or else the names of the attachments: what a title is made of."""
    if not quotations:
        return text
    parts = parted(text, quotations)
    return parts.typed if parts.typed.strip() else ", ".join(map(_head, parts.attachments))


def fenced(attachment: Attachment) -> str:
    """Its text as a block of program text that nothing in it can end."""
    return _quoted(attachment).partition("\n")[2]


def _head(attachment: Attachment) -> str:
    return attachment.name or PASTED


def _quoted(attachment: Attachment) -> str:
    fence = FENCE
    if FENCE in attachment.text:  # a look that takes no time in a text of megabytes
        fence = "`" * (1 + max(map(len, _FENCES.findall(attachment.text))))
    ending = attachment.name.rpartition(".")[2] if "." in attachment.name else ""
    language = ending.lower() if _LANGUAGE.fullmatch(ending) else ""
    return f"{_head(attachment)}:\n{fence}{language}\n{attachment.text}\n{fence}"


def _read(name: str, quoted: str) -> Attachment | None:
    """The attachment of a quotation; None where there is none."""
    head, _, rest = quoted.partition("\n")
    fence, _, rest = rest.partition("\n")
    text, newline, end = rest.rpartition("\n")
    attachment = Attachment(name, text)
    if not newline or head != f"{_head(attachment)}:" or not fence.startswith(end or "-"):
        return None
    return attachment


def _shortened(name: str) -> str:
    """The beginning and the end, which says what kind of file it is."""
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2
    return f"{name[: half - 1]}…{name[-half:]}"
