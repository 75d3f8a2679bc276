"""The 652 examples of CommonMark: none crashes, none loads anything, the text of each is kept."""

import ctypes
import json
import os
import re
import sys
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.domain.conversation import State
from desktop.ui.transcript.body import Body
from desktop.ui.transcript.document import ClosedDocument
from desktop.ui.transcript.markdown import Kind, plain
from tests.gui.transcript_reader import Reader, answer

DATA = Path(__file__).parents[1] / "data"
EXAMPLES: list[dict[str, Any]] = json.loads((DATA / "commonmark.json").read_text("utf-8"))[
    "examples"
]
EXCEPTIONS = json.loads((DATA / "commonmark_exceptions.json").read_text("utf-8"))
# What stands in the HTML of examples without links, images and HTML of their own.
PLAIN_TAGS = re.compile(
    r"</?(p|pre|code|em|strong|h\d|ul|ol|li|blockquote|br|hr)( (class|start)=\"[^>]*| /)?>"
)
IN_OPEN, IN_NONBLOCK = 0x20, 0x800  # <sys/inotify.h>


class Reference(HTMLParser):
    """The text that a browser would show of an example, and the pictures that it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.pictures: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.text += f" {given.get('alt') or ''} {given.get('src') or ''} "
            self.pictures.append(given.get("src") or "")


def shown(reader: Reader, markdown: str) -> str:
    """All that stands on screen, the names of program languages included, marks of lists not."""
    body = Body(markdown, False, False, 720, reader.view._scene.style)
    body.open()
    parts: list[str] = []
    for number in range(len(body.pieces)):
        for block in body.blocks(number):
            parts += [block.language, "\n"] if block.language else []
            parts.append(block.text if block.kind is Kind.TABLE else plain(block.runs))
            parts.append("\n")
    return "".join(parts)


def in_order(wanted: Iterable[str], found: str) -> bool:
    """True when these letters are in the text, in their order."""
    letters = iter(found)
    return all(letter in letters for letter in wanted)


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_there_are_652() -> None:
    assert len(EXAMPLES) == 652


def test_the_text_of_each_is_kept(reader: Reader) -> None:
    """HTML and images are shown as they are written, so there may be more, never less."""
    lost = []
    for example in EXAMPLES:
        wanted = filter(str.isalnum, Reference(example["html"]).text)
        if not in_order(wanted, shown(reader, example["markdown"])):
            lost.append(example["example"])
    assert lost == []


def test_without_html_and_links_it_is_the_same_letter_by_letter(reader: Reader) -> None:
    other, compared = [], 0
    for example in EXAMPLES:
        if "<" in PLAIN_TAGS.sub("", example["html"]):
            continue
        compared += 1
        expected = without_spaces(Reference(example["html"]).text)
        found = without_spaces(shown(reader, example["markdown"]))
        language = re.search(r'class="language-([^"]*)"', example["html"])
        if found != (language[1] if language else "") + expected:
            other.append(str(example["example"]))
    assert compared > 400
    assert [number for number in other if number not in EXCEPTIONS] == []


def test_the_exceptions_are_some() -> None:
    assert set(EXCEPTIONS) - {"about"} <= {str(example["example"]) for example in EXAMPLES}


def test_none_crashes_or_loads_anything(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them on screen, in a folder where the pictures they ask for lie ready."""
    asked: list[object] = []
    monkeypatch.setattr(ClosedDocument, "loadResource", lambda *what: asked.append(what))
    monkeypatch.chdir(tmp_path)
    watch = watch_of_pictures(tmp_path)
    reader.view.resize(800, 1_500)
    entries = [answer(str(each["example"]), each["markdown"]) for each in EXAMPLES]
    reader.view.set_entries(entries)
    seen: set[str] = set()
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    while True:
        QApplication.processEvents()
        reader.picture()
        scene = reader.view._scene
        in_view = scene.column.visible(scene.top, scene.top + scene.size.height())
        seen |= {scene.column.items[index].entry.id for index in in_view}
        if not reader.view._scroll_by(1_300):
            break
    assert len(seen) == len(EXAMPLES)
    assert asked == []
    assert not was_opened(watch)


def test_none_crashes_while_it_is_written(reader: Reader) -> None:
    for example in EXAMPLES[::4]:
        text = example["markdown"]
        reader.view.set_entries([answer("w", "", State.WRITING)])
        for start in range(0, len(text), 5):
            reader.view.append_text("w", text[start : start + 5])
        reader.view.update_entry(answer("w", text))


def watch_of_pictures(folder: Path) -> int:
    """A watch on every relative picture of the examples; each of them is there."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    sources = {
        unquote(source) for example in EXAMPLES for source in Reference(example["html"]).pictures
    }
    names = [source for source in sources if source and not source.startswith(("/", "http"))]
    assert "train.jpg" in names
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        assert image.save(str(folder / name), "PNG")
    if sys.platform != "linux":
        return -1  # the other half of the test still holds
    libc = ctypes.CDLL(None, use_errno=True)
    watch: int = libc.inotify_init1(IN_NONBLOCK)
    for name in names:
        assert libc.inotify_add_watch(watch, os.fsencode(folder / name), IN_OPEN) >= 0
    return watch


def was_opened(watch: int) -> bool:
    if watch < 0:
        return False
    try:
        return bool(os.read(watch, 4096))
    except BlockingIOError:
        return False
    finally:
        os.close(watch)
