"""JSON read value by value, so that a file of any size takes the memory of its largest chat.

`json` reads a text whole: 200 MB of chats take 750 MB then, and 25 times their size where they are
made to. Here no value may be longer than what such a text would need of the memory that is free.
"""

import json
from typing import Any, NoReturn, TextIO

import psutil

from desktop.domain.errors import Problem
from desktop.domain.words import mark, number, tr

_CHUNK = 2**20  # characters
_WORST = 25  # bytes of memory for a byte of JSON: a list of empty objects
_LONGEST = 256 * 2**20  # characters of one value
_SPACE = " \t\r\n"
_ENDING = 16  # characters at the end of what was read that an error may be about
_MEND = mark("Export the chats again, or repair the file. Nothing was imported.")


class JsonStream:
    """The values of a text, one after the other. Every method raises Problem."""

    def __init__(self, file: TextIO, longest: int = 0) -> None:
        self._file = file
        self._longest = longest or min(_LONGEST, psutil.virtual_memory().available // _WORST)
        self._decoder = json.JSONDecoder(parse_constant=_no_number)
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._lines = 1  # the number of the line that `_counted` is in
        self._counted = 0
        self._dropped = 0  # characters before the buffer
        self.begun = 1  # the number of the line that the last value began in

    @property
    def line(self) -> int:
        """The number of the line that comes next."""
        self._lines += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    @property
    def passed(self) -> int:
        """The characters before what comes next."""
        return self._dropped + self._at

    def need_less_since(self, start: int) -> None:
        """Refuse what has grown too long since the first `start` characters."""
        if self.passed - start > self._longest:
            self.refuse(
                tr(
                    "one chat in it is longer than {longest} MB, more than this computer can take"
                    " in now",
                    longest=number(self._longest / 1e6, 0),
                )
            )

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._fill():
                return ""

    def skip(self, character: str) -> bool:
        """Go past this character, if it is the next one."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def expect(self, character: str) -> None:
        """Go past this character, which must be the next one."""
        if not self.skip(character):
            self.refuse(
                tr("“{character}” is missing", character=character)
                if self.peek()
                else tr("the file ends too early")
            )

    def value(self) -> Any:
        """The next value."""
        if not self.peek():
            self.refuse(tr("the file ends too early"))
        self.begun = self.line
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
                if end < len(self._buffer) or not self._fill():
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                near_end = error.pos >= len(self._buffer) - _ENDING
                open_text = error.msg.startswith("Unterminated string")
                if not (near_end or open_text):
                    self._refuse_at(error.pos, error.msg)
                if not self._fill():
                    self.refuse(tr("the file ends too early, in the middle of what begins there"))
            except RecursionError:
                self.refuse(tr("it is nested too deeply"))
            except ValueError as error:  # a number of thousands of digits, or no number
                self.refuse(str(error).partition(";")[0])

    def refuse(self, why: str) -> NoReturn:
        """Raises Problem that names the line."""
        raise Problem(
            tr("Line {line} of the file cannot be read: {why}.", line=number(self.line), why=why),
            tr(_MEND),
        )

    def _refuse_at(self, position: int, why: str) -> NoReturn:
        line = self.line + self._buffer.count("\n", self._at, position)
        column = position - self._buffer.rfind("\n", 0, position)
        raise Problem(
            tr(
                "The file is not valid JSON: {why}, line {line} column {column}.",
                why=why,
                line=number(line),
                column=number(column),
            ),
            tr(_MEND),
        )

    def _fill(self) -> bool:
        """Read on: as much again as is waiting, so that a long value is not begun too often."""
        if self._ended:
            return False
        waiting = len(self._buffer) - self._at
        self.need_less_since(self.passed - waiting)
        try:
            chunk = self._file.read(max(_CHUNK, min(waiting, self._longest)))
        except UnicodeDecodeError:
            self.refuse(tr("it is not text in UTF-8"))
        self._lines = self.line
        self._dropped += self._at
        self._buffer = self._buffer[self._at :] + chunk
        self._at = self._counted = 0
        self._ended = not chunk
        return bool(chunk)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
