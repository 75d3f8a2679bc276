"""Which words of a text are for a spell-checker: not program text, addresses or numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

LONGEST = 40  # characters of a word; longer ones are no words
SCRIPT = 4  # characters of the name of a script, as in “zh-Hant-TW”
UNSET = "C"  # a desktop without a language, which speaks English
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_TOKEN = re.compile(r"\S+")
# An address, a path, a name in a program, something with a digit: none of it is a word.
_NO_WORDS = re.compile(
    r"://|^www\.|@|\d|_|/\S|\\|\w\.\w|[^\W\d_]\(|[a-z][A-Z]|^[-@#$%<{&]|[=<>{}|]"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# Scripts without spaces between words; no dictionary of words helps with them.
_UNSPACED = re.compile("[\u0e00-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Word(NamedTuple):
    """A word, and where it is in its line."""

    start: int
    end: int
    text: str


def words_of(line: str) -> Iterator[Word]:
    """The words of a line that is no program text."""
    prose = _CODE.sub(lambda found: " " * len(found[0]), line)
    for token in _TOKEN.finditer(prose):
        if _NO_WORDS.search(token[0].lstrip("“„”\"'(*").rstrip("“”\"'),.;:!?…*")):
            continue
        for found in _WORD.finditer(token[0]):
            word = found[0]
            if 1 < len(word) <= LONGEST and not _is_special(word):
                start = token.start() + found.start()
                yield Word(start, start + len(word), word)


def in_program_text(lines: Iterable[str]) -> bool:
    """True when what follows these lines stands in a block of program text."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if not found:
            continue
        marks = found[1]
        if not fence:
            fence = marks
        elif marks.startswith(fence) and not line.strip().strip(marks[0]):
            fence = ""
    return bool(fence)


def prose_of(lines: Sequence[str], before: Iterable[str]) -> Iterator[tuple[int, Word]]:
    """The words of lines, each with the number of its line; `before` are the lines above."""
    inside = in_program_text(before)
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            for word in words_of(line):
                yield number, word


def best_language(wanted: Iterable[str], offered: Iterable[str]) -> str:
    """The dictionary for the first of the wanted languages that has one; empty for none.

    Languages are named as in “de_AT” or “de-AT”.
    """
    tags = sorted(offered)
    for language in wanted:
        base, *rest = ("en" if language == UNSET else language).replace("-", "_").split("_")
        exact = "_".join((base, *(part for part in rest if len(part) != SCRIPT)))
        if exact in tags:
            return exact
        usual = f"{base}_{ {'en': 'US'}.get(base, base.upper()) }"
        near = [tag for tag in tags if tag.partition("_")[0] == base]
        if near:
            return usual if usual in near else near[0]
    return ""


def _is_special(word: str) -> bool:
    """True for abbreviations, and for what is written without spaces."""
    return word.isupper() or bool(_UNSPACED.search(word))
