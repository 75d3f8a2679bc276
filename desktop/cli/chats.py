"""`cellar chats`: the conversations, listed, shown, searched, exported and imported."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from desktop.cli.output import printing, show, show_json
from desktop.domain.chats import Summary, Whole
from desktop.domain.errors import Problem, UsageProblem
from desktop.exporters.common import UNTITLED, Options, moment
from desktop.exporters.json_format import document
from desktop.exporters.registry import Format, encoded, format_named
from desktop.program import Program
from desktop.services.exporting import (
    SHORT_ID,
    all_ids,
    all_summaries,
    found,
    wholes,
    write_file,
    write_folder,
)
from desktop.services.importing import import_file
from desktop.services.opened_chats import opened
from desktop.services.presets.store import open_presets


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Do what is asked and return the exit code."""
    actions = {
        "list": _list,
        "show": _show,
        "search": _search,
        "export": _export,
        "import": _import,
    }
    return actions[arguments.action](arguments, program)


def _tell(problem: Problem) -> None:
    sys.stderr.write(f"cellar: {problem}\n")


def _list(arguments: argparse.Namespace, program: Program) -> int:
    with opened(program.paths, _tell) as store:
        if arguments.json:
            show_json([asdict(summary) for summary in all_summaries(store)], indent=2)
            return 0
        empty = True
        for summary in all_summaries(store):
            show(_line(summary))
            empty = False
        if empty:
            show("There are no chats yet.")
    return 0


def _line(summary: Summary) -> str:
    marks = [name for name in ("pinned", "archived") if getattr(summary, name)]
    count = "1 message" if summary.message_count == 1 else f"{summary.message_count:,} messages"
    title = " ".join(summary.title.split()) or UNTITLED
    facts = [summary.id[:SHORT_ID], moment(summary.updated_at), title, f"({count})", *marks]
    return "  ".join(facts)


def _show(arguments: argparse.Namespace, program: Program) -> int:
    with opened(program.paths, _tell) as store:
        chats = list(wholes(store, [found(store, arguments.chat_id)]))
    if arguments.json:
        show_json(document(chats[0]), indent=2)
    else:
        for piece in encoded(format_named("text"), chats, _options(program, "")):
            show(piece.decode(), end="")
    return 0


def _search(arguments: argparse.Namespace, program: Program) -> int:
    if not arguments.text.strip():
        raise UsageProblem("There is nothing to search for.", "Give a text: cellar chats search …")
    with opened(program.paths, _tell) as store:
        hits = store.search(arguments.text, arguments.limit)
    if arguments.json:
        show_json([asdict(hit) for hit in hits], indent=2)
        return 0
    for hit in hits:
        title = " ".join(hit.title.split()) or UNTITLED
        where = f"{hit.role.value}: " if hit.role else ""
        excerpt = " ".join(hit.excerpt.split())
        show(f"{hit.conversation_id[:SHORT_ID]}  {title}\n          {where}{excerpt}")
    if not hits:
        show("Nothing was found.")
    return 0


def _export(arguments: argparse.Namespace, program: Program) -> int:
    if bool(arguments.chat_ids) == arguments.all:
        raise UsageProblem("It is not clear which chats to export.", "Give their ids, or --all.")
    form = _format(arguments)
    options = _options(program, arguments.preset)
    with opened(program.paths, _tell) as store:
        if arguments.all:
            ids = all_ids(store)
        else:
            ids = list(dict.fromkeys(found(store, each) for each in arguments.chat_ids))
        chats = wholes(store, ids)
        if arguments.output is None:
            size = _print(encoded(form, chats, options))
        else:
            size = _write(arguments, form, options, chats, len(ids))
    if not size:
        sys.stderr.write("cellar: No chat has a complete answer, so there is no training data.\n")
    return 0


def _format(arguments: argparse.Namespace) -> Format:
    if arguments.shape and arguments.format != "jsonl":
        raise UsageProblem("--shape is for training data only.", "Use it with --format jsonl.")
    as_document = arguments.json and arguments.output is None
    name = arguments.format or ("json" if as_document else "markdown")
    if as_document and name != "json":
        raise UsageProblem("--json and another --format exclude each other.", "Leave one away.")
    return format_named(name, arguments.shape)


def _options(program: Program, preset: str) -> Options:
    presets = open_presets(program.resources, program.paths.data_dir).by_id()
    if preset and preset not in presets:
        raise UsageProblem(
            f"There is no preset “{preset:.80}”.", f"Use one of: {', '.join(presets)}."
        )
    return Options(presets, preset)


def _print(pieces: Iterator[bytes]) -> int:
    """Print the bytes as they are; a terminal gets no control characters from them."""
    size = 0
    on_terminal = sys.stdout.isatty()
    for piece in pieces:
        size += len(piece)
        if on_terminal:
            show(piece.decode(), end="")
        else:
            with printing():
                sys.stdout.buffer.write(piece)
    with printing():
        sys.stdout.flush()
    return size


def _write(
    arguments: argparse.Namespace,
    form: Format,
    options: Options,
    chats: Iterator[Whole],
    count: int,
) -> int:
    path = Path(arguments.output)
    files: Sequence[Path] = (path,)
    if path.is_dir() or arguments.output.endswith(("/", os.sep)):
        files = write_folder(path, chats, form, options)
    else:
        write_file(path, encoded(form, chats, options))
    if arguments.json:
        show_json({"chats": count, "files": [str(file) for file in files]}, indent=2)
    else:
        what = "1 chat" if count == 1 else f"{count:,} chats"
        show(f"{what} exported to {path}.")
    return sum(file.stat().st_size for file in files) if count else 1


def _import(arguments: argparse.Namespace, program: Program) -> int:
    path = Path(arguments.file)
    if path.is_dir():
        raise UsageProblem(f"“{path}” is a folder.", "Give a file.")
    with opened(program.paths, _tell, to_change=True) as store:
        imported = import_file(store, path)
    if arguments.json:
        added = imported.added
        show_json(
            {
                "imported": list(added.ids),
                "copies": added.copies,
                "already_there": added.known,
                "left_out": list(imported.skipped),
            },
            indent=2,
        )
    else:
        show(imported.sentence())
        for sentence in imported.skipped:
            show(sentence)
    if imported.skipped and not (imported.added.ids or imported.added.known):
        raise Problem(
            "No chat of the file could be imported.", "Mend the file, or export it again."
        )
    return 0
