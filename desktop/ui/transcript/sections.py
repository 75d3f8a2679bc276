"""A message in sections that can be rendered one by one, each of bounded length.

What is above the last section of a growing text never changes, so only the last one is
rendered again. Joined, the sources of the sections are the text.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

SECTION_CHARS = 3_000  # about where a section is cut if the text offers no better place
# What takes more work to show than a letter, in letters' worth.
MARKS = {"*": 4, "_": 4, "~": 4, "`": 4, "|": 20, "[": 30, "://": 30, "\n": 60, "\r": 20}
LONG_LINE = 200  # characters, from which on counting is faster than finding
LEAST_CHARS = 1_000  # of a section of a long line
CODE_WORTH = 2  # of a letter of program text
CELL_WORTH = 30  # more, when it is about taking turns: a table is better in few pieces
SECTION_LINES = 80
CODE_CHARS = 1_800  # Pygments takes some 2 µs a character
CODE_LINES = 60

_MARK = re.compile("|".join(map(re.escape, MARKS)))
_RARE_MARK = re.compile("|".join(re.escape(mark) for mark in MARKS if mark != "\n"))
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`]*)")
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_EMPTY = " \t\n"  # what an empty line may begin with
_EMPTY_LINES = re.compile(r"(?:[ \t]*+\n)*+")
_TABLE_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,99}\]:[ \t]*\S.*$", re.MULTILINE)


class Shape(StrEnum):
    """How a section is rendered."""

    MARKDOWN = "markdown"
    CODE = "code"
    PLAIN = "plain"
    FOLD = "fold"  # the line that the thought before an answer is folded into


@dataclass(frozen=True, slots=True)
class Fence:
    """An open code fence."""

    mark: str
    language: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a message. `fence` and `lead` say what was going on where it begins."""

    shape: Shape
    source: str
    fence: Fence | None = None  # of program text: its own fence, or the one that it continues
    joined: bool = False  # goes on with the section before: no gap between them
    lead: str = ""  # the head of the table that the source continues
    heads: bool = False  # the first line of the source is the opening fence
    closed: bool = False  # the last line of the source is the closing fence
    thought: bool = False  # of what the model thought before it answered

    @property
    def weight(self) -> int:
        """About how much work it is to show it, in letters' worth."""
        if self.shape is Shape.CODE:
            return CODE_WORTH * len(self.source)
        if self.shape is Shape.PLAIN:
            return len(self.source)
        return weigh(self.source) + CELL_WORTH * self.source.count("|")

    @property
    def code(self) -> str:
        """The program text, without its fences."""
        lines = self.source.split("\n")
        if self.heads:
            lines = lines[1:]
        if self.closed:
            while lines and not lines[-1].strip():
                lines.pop()
            lines = lines[:-1]
        elif lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines)


def split(text: str, after: Section | None = None) -> list[Section]:
    """The sections of a text; with `after`, of a text that takes this section's place."""
    return _Splitter(after).split(text)


def split_plain(text: str) -> list[Section]:
    """The sections of a text that is shown as it is."""
    sections = []
    start = 0
    while start < len(text):
        end = _cut(text, start, SECTION_CHARS)
        sections.append(Section(Shape.PLAIN, text[start:end], joined=start > 0))
        start = end
    return sections


def references(text: str) -> str:
    """The link definitions of a text (`[name]: address`), which hold for all its sections."""
    return "\n".join(_REFERENCE.findall(text)[:200]) if "]:" in text else ""


def weigh(text: str) -> int:
    """About how much work it is to show a text, in letters: links and cells take longer."""
    if len(text) > LONG_LINE:
        return len(text) + sum(worth * text.count(mark) for mark, worth in MARKS.items())
    if not _RARE_MARK.search(text):
        return len(text) + MARKS["\n"] * text.count("\n")
    return len(text) + sum(map(MARKS.__getitem__, _MARK.findall(text)))


def _cut(text: str, start: int, limit: int) -> int:
    """Where to end a stretch of at most `limit` characters: after a line, a word, or hard."""
    if len(text) - start <= limit:
        return len(text)
    end = start + limit
    for mark in ("\n", " "):
        place = text.rfind(mark, start + limit // 2, end)
        if place >= 0:
            return place + 1
    return end


class _Splitter:
    """Walks the lines and decides where a section ends."""

    def __init__(self, after: Section | None) -> None:
        self._sections: list[Section] = []
        self._lines: list[str] = []
        self._size = 0
        self._blank = False  # the line before was empty
        self._list = False  # a list began in this section
        self._joined = after.joined if after else False
        self._lead = after.lead if after else ""
        self._fence = after.fence if after and not after.heads else None
        self._heads = False

    def split(self, text: str) -> list[Section]:
        start = 0
        while start < len(text):
            end = self._line_end(text, start)
            if self._fence:
                self._code_line(text[start:end], self._fence)
            else:
                self._text_line(text[start:end])
            start = end
        self._end()
        return self._sections

    def _line_end(self, text: str, start: int) -> int:
        """The end of the next line. A long one is cut; a text's has the empty lines below it."""
        limit = CODE_CHARS if self._fence else SECTION_CHARS
        newline = text.find("\n", start, start + limit)
        if newline < 0:
            weight = 0 if self._fence else weigh(text[start : start + limit])
            return _cut(text, start, max(LEAST_CHARS, limit * limit // max(limit, weight)))
        if self._fence:
            return newline + 1
        if text[newline + 1 : newline + 2] not in _EMPTY:
            return newline + 1
        empty = _EMPTY_LINES.match(text, newline + 1)
        return empty.end() if empty else newline + 1

    def _code_line(self, line: str, fence: Fence) -> None:
        self._add(line)
        closing = line.strip()
        closes = closing.startswith(fence.mark) and not closing.strip(fence.mark[0])
        if closes and _indent(line) < 4:
            self._end(closed=True)
        elif self._size > CODE_CHARS or len(self._lines) > CODE_LINES:
            self._cut_code(fence)

    def _cut_code(self, fence: Fence) -> None:
        """End this part of the code, at the last gap between its definitions if it has any."""
        lines = self._lines
        keep = len(lines)
        for index in range(len(lines) - 1, len(lines) // 2, -1):
            if not lines[index - 1].strip() and lines[index][:1].strip():
                keep = index
                break
        rest = lines[keep:]
        self._lines = lines[:keep]
        self._end()
        self._fence = fence
        self._joined = True
        for line in rest:
            self._add(line)

    def _text_line(self, line: str) -> None:
        opening = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if opening and not (self._list and _indent(line) >= 2):
            self._end()
            self._fence = Fence(opening[1], opening[2])
            self._heads = True
            self._add(line)
            return
        weight = weigh(line)
        full = self._size + weight > SECTION_CHARS or len(self._lines) >= SECTION_LINES
        if self._blank and line.strip() and self._starts_anew(line):
            self._end()
        elif full and self._may_cut(line):
            self._cut_text()
        self._list = self._list or bool(_LIST_ITEM.match(line))
        self._add(line)
        self._size += weight - len(line)
        self._blank = line.count("\n") > 1 or not line.strip()

    def _starts_anew(self, line: str) -> bool:
        """After an empty line: does this one have nothing to do with what was before it?"""
        if _indent(line) >= 2 or self._only_a_heading():
            return False
        return not (self._list and _LIST_ITEM.match(line))

    def _only_a_heading(self) -> bool:
        written = [line for line in self._lines if line.strip()]
        return len(written) == 1 and bool(_HEADING.match(written[0]))

    def _may_cut(self, line: str) -> bool:
        if self._list and self._size < 2 * SECTION_CHARS:
            return _indent(line) < 2 and bool(_LIST_ITEM.match(line))
        return True

    def _cut_text(self) -> None:
        lead = self._table_head()
        was_list = self._list
        self._end()
        self._lead = lead
        self._joined = True
        self._list = was_list

    def _table_head(self) -> str:
        """Title line and rule of the table that goes on at the end of this section, or nothing."""
        lines = self._lines
        for index in range(len(lines) - 1, 0, -1):
            if "|" not in lines[index]:
                return ""
            if _TABLE_RULE.match(lines[index].rstrip()) and "|" in lines[index - 1]:
                return lines[index - 1] + lines[index]
        return self._lead

    def _add(self, line: str) -> None:
        self._lines.append(line)
        self._size += len(line)

    def _end(self, closed: bool = False) -> None:
        """Make a section of the lines so far. Empty ones go to the section before."""
        source = "".join(self._lines)
        if self._sections and not self._fence and not source.strip():
            before = self._sections[-1]
            self._sections[-1] = replace(before, source=before.source + source)
        elif source:
            shape = Shape.CODE if self._fence else Shape.MARKDOWN
            self._sections.append(
                Section(shape, source, self._fence, self._joined, self._lead, self._heads, closed)
            )
        self._lines = []
        self._size = 0
        self._blank = self._list = self._joined = self._heads = False
        self._lead = ""
        self._fence = None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
