"""A file of conversations, whatever kind it is: told by what is in it, never by its name."""

import codecs
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from desktop.domain.chats import Whole
from desktop.domain.errors import Problem
from desktop.domain.words import number, tr
from desktop.exporters.json_format import FORMAT, VERSION
from desktop.files import world_problem
from desktop.importers import cellar, chatgpt, records
from desktop.importers.json_stream import JsonStream
from desktop.importers.values import Amiss

LARGEST = 2 * 2**30  # bytes
MOST = 200_000  # chats
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NOTHING = object()


class Reading:
    """The conversations of a file, read one by one. `skipped` tells which were left out and why.

    Iterating raises Problem where the file is no longer readable; then nothing of it may be kept.
    """

    def __init__(self, path: Path, longest: int = 0) -> None:
        self.skipped: list[str] = []
        self._path = path
        self._longest = longest
        self._number = 0

    def __iter__(self) -> Iterator[Whole]:
        try:
            with self._path.open("rb") as file, self._text(file) as text:
                yield from self._chats(JsonStream(text, self._longest))
        except OSError as error:
            raise world_problem(error, tr("read the chats")) from error

    def _text(self, file: BinaryIO) -> TextIO:
        start = file.read(4)
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if size > LARGEST:
            raise Problem(
                tr(
                    "The file has {size} GB; at most {largest} can be imported.",
                    size=number(size / 1e9, 1),
                    largest=number(LARGEST / 1e9, 1),
                ),
                tr("Split it into several files."),
            )
        if start.startswith(b"PK\3\4"):
            raise Problem(
                tr("This file is a ZIP archive."), tr("Unpack it, and import what is in it.")
            )
        encoding = next((name for bom, name in _BOMS.items() if start.startswith(bom)), "utf-8")
        return io.TextIOWrapper(file, encoding, newline="")

    def _chats(self, stream: JsonStream) -> Iterator[Whole]:
        match stream.peek():
            case "[":
                yield from self._list(stream)
            case "{":
                yield from self._object(stream)
            case "":
                raise Problem(tr("The file is empty."), tr("Choose another file."))
            case _:
                raise _unknown()

    def _list(self, stream: JsonStream) -> Iterator[Whole]:
        """A list of conversations, or of the messages of a single one."""
        start = stream.passed
        elements = _elements(stream)
        first = next(elements, _NOTHING)
        if isinstance(first, dict) and "role" in first:
            messages = [first]
            for message in elements:
                stream.need_less_since(start)
                messages.append(message)
            yield from self._one(stream, records.of_messages, messages)
        elif first is not _NOTHING:
            kind = _kind(first)
            yield from self._one(stream, kind, first)
            for body in elements:
                yield from self._one(stream, kind, body)
        _need_end(stream)

    def _object(self, stream: JsonStream) -> Iterator[Whole]:
        """Our own JSON, a single conversation, or the first line of JSON Lines."""
        facts: dict[str, Any] = {}
        start = stream.passed
        stream.expect("{")
        while not stream.skip("}"):
            if facts:
                stream.expect(",")
            key = stream.value()
            if not isinstance(key, str):
                stream.refuse(tr("a name is missing"))
            stream.expect(":")
            if key == "conversations" and facts.get("format") == FORMAT:
                _need_version(facts)
                for body in _elements(stream):
                    yield from self._one(stream, cellar.chat_of, body)
                facts[key] = None
            else:
                facts[key] = stream.value()
                stream.need_less_since(start)
        yield from self._rest(stream, facts)

    def _rest(self, stream: JsonStream, facts: dict[str, Any]) -> Iterator[Whole]:
        if facts.get("format") == FORMAT:
            _need_version(facts)
            for body in facts.get("conversations") or ():
                yield from self._one(stream, cellar.chat_of, body)
            _need_end(stream)
            return
        kind = _kind(facts)
        yield from self._one(stream, kind, facts)
        while stream.peek():
            stream.skip(",")
            yield from self._one(stream, kind, stream.value())

    def _one(
        self, stream: JsonStream, kind: Callable[[Any], Whole], body: object
    ) -> Iterator[Whole]:
        """The conversation of one value; what is amiss with it is noted."""
        self._number += 1
        if self._number > MOST:
            raise Problem(
                tr("The file holds more than {most} chats.", most=number(MOST)),
                tr("Split it into several files."),
            )
        try:
            chat = kind(body)
        except (Amiss, RecursionError) as error:
            reason = str(error) if isinstance(error, Amiss) else tr("It is nested too deeply.")
            self.skipped.append(
                tr(
                    "Chat {number} (line {begun}): {reason}",
                    number=number(self._number),
                    begun=number(stream.begun),
                    reason=reason,
                )
            )
            return
        yield chat


def _elements(stream: JsonStream) -> Iterator[Any]:
    """The elements of the list that comes next."""
    stream.expect("[")
    if stream.skip("]"):
        return
    yield stream.value()
    while not stream.skip("]"):
        stream.expect(",")
        yield stream.value()


def _kind(first: object) -> Callable[[Any], Whole]:
    """What reads conversations like this one. Raises Problem."""
    if isinstance(first, dict):
        if "mapping" in first:
            return chatgpt.chat_of
        if "messages" in first or {"prompt", "completion"} <= first.keys():
            return records.chat_of
    raise _unknown()


def _need_version(facts: dict[str, Any]) -> None:
    version = facts.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Problem(
            tr("The file does not say which version it has."), tr("Export the chats again.")
        )
    if version > VERSION:
        raise Problem(
            tr("The file was exported by a newer Cellar."), tr("Update Cellar and try again.")
        )


def _need_end(stream: JsonStream) -> None:
    if stream.peek():
        stream.refuse(tr("something follows where the file should end"))


def _unknown() -> Problem:
    return Problem(
        tr("This file holds no chats that Cellar can read."),
        tr("It takes its own JSON, ChatGPT's conversations.json, and JSON Lines of messages."),
    )
