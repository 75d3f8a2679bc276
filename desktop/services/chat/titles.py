"""The title of a conversation, made from what was said first."""

import re
import unicodedata

from desktop.domain.attachments import gist
from desktop.domain.conversation import Message

LENGTH = 60  # characters
_MARKS = re.compile(r"^[\s#>*+`~=|-]+|[*`~]+|(?<!\w)_+|_+(?!\w)|^\d+[.)]\s")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile("(.+?[.!?…])\\s|(.+?[\u3002\uff01\uff1f])")
_HAS_WORDS = re.compile(r"\w")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them are a flag
_QUOTES = " \t\"'“”„‘’«»`*#_.:"


def of_question(question: Message) -> str:
    """The title of a conversation that begins with this message."""
    return by_rule(gist(question.text, question.attachments))


def by_rule(text: str) -> str:
    """The first sentence of the first line that says something, without Markdown marks."""
    lines = (_plain(line) for line in text[:4000].splitlines())
    line = next((line for line in lines if _HAS_WORDS.search(line)), "")
    if not line:
        return _short(" ".join(text[:4000].split()))
    found = _SENTENCE.match(line)
    sentence = (found.group(1) or found.group(2)) if found else line
    return _short(sentence if len(sentence) > 3 else line)


def cleaned(text: str) -> str:
    """A title that a model wrote; empty when it is of no use."""
    line = next((line for line in map(_plain, text.splitlines()) if _HAS_WORDS.search(line)), "")
    return _short(re.sub(r"(?i)^title\s*:\s*", "", line).strip(_QUOTES))


def _plain(line: str) -> str:
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", line.strip())).split())


def _short(text: str) -> str:
    if len(text) <= LENGTH:
        return text
    least, most = LENGTH // 2, LENGTH - 1
    border = text.rfind(" ", 0, most)
    if border <= least:
        borders = (at for at in range(most, least, -1) if not _is_inside(text, at))
        border = next(borders, most)
    return text[:border].rstrip(" ,;:-") + "…"


def _is_inside(text: str, at: int) -> bool:
    """True in the middle of what is shown as one character: an accent, a flag, a family."""
    letters = text[:at]
    flags = len(letters) - len(letters.rstrip(_FLAG_LETTERS))
    halved = flags % 2 == 1 and text[at] in _FLAG_LETTERS
    joined = "\u200d" in text[at - 1 : at + 1]
    added = unicodedata.category(text[at])[0] == "M" or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    return halved or joined or added
