"""Conversations to files: streamed, and each file whole or not there at all."""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.domain.chats import Summary, Whole
from desktop.domain.errors import Problem
from desktop.domain.words import number, tr
from desktop.exporters.common import Options, title
from desktop.exporters.registry import Format, encoded
from desktop.files import create_private, replace, temporary_name, world_problem
from desktop.storage.conversations import ConversationStore

SHORT_ID = 8  # characters that tell conversations apart in lists and file names
_PAGE = 500
_LONGEST_STEM = 50  # characters; at most four bytes each
_NOT_IN_NAME = re.compile(r"[^\w -]+")


def all_summaries(store: ConversationStore) -> Iterator[Summary]:
    """Every conversation, newest first; the archived ones come last. Raises Problem."""
    for archived in (False, True):
        page = store.summaries(archived, _PAGE)
        while page:
            yield from page
            page = store.summaries(archived, _PAGE, after=page[-1])


def all_ids(store: ConversationStore) -> list[str]:
    """Every conversation, newest first; an order that is the same again after an import."""
    summaries = sorted(all_summaries(store), key=lambda each: each.id)
    return [each.id for each in sorted(summaries, key=lambda each: each.updated_at, reverse=True)]


def found(store: ConversationStore, prefix: str) -> str:
    """The id that begins like this. Raises Problem when there is none, or more than one."""
    if store.summary(prefix) is not None:
        return prefix
    ids = [each.id for each in all_summaries(store) if prefix and each.id.startswith(prefix)]
    if not ids:
        raise Problem(
            tr("There is no chat “{prefix}”.", prefix=prefix[:80]),
            tr("`cellar chats list` shows the ids."),
        )
    if len(ids) > 1:
        raise Problem(
            tr("{count} chats begin with “{prefix}”.", count=number(len(ids)), prefix=prefix[:80]),
            tr("Give more of the id."),
        )
    return ids[0]


def wholes(store: ConversationStore, ids: Iterable[str]) -> Iterator[Whole]:
    """The conversations, one at a time; one that was deleted meanwhile is left out."""
    for id_ in ids:
        chat = store.whole(id_)
        if chat is not None:
            yield chat


def write_file(path: Path, pieces: Iterable[bytes]) -> int:
    """Replace the file by the pieces, readable by its owner only. Returns its size.

    Raises Problem, then nothing changed.
    """
    temporary = temporary_name(path.parent)
    size = 0
    try:
        with create_private(temporary) as file:
            for piece in pieces:
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            error.filename = str(path)  # the temporary name would tell nobody anything
            raise world_problem(error, tr("export the chats")) from error
        raise
    return size


def write_folder(
    folder: Path, chats: Iterable[Whole], form: Format, options: Options
) -> tuple[Path, ...]:
    """Write a file for each conversation, named after it. Raises Problem."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise world_problem(error, tr("export the chats")) from error
    written: list[Path] = []
    for chat in chats:
        path = folder / file_name(chat, form)
        write_file(path, encoded(form, [chat], options))
        written.append(path)
    return tuple(written)


def file_name(chat: Whole, form: Format) -> str:
    """A name for a file that every system takes, such as “Paris-1a2b3c4d.md”."""
    stem = " ".join(_NOT_IN_NAME.sub(" ", title(chat)).split())[:_LONGEST_STEM].strip(" -")
    return f"{stem or tr('Chat')}-{chat.conversation.id[:SHORT_ID]}{form.suffix}"
