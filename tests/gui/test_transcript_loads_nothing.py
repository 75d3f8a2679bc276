"""No text, whoever wrote it, makes the transcript open a file or ask the network for something."""

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Role, State
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme, small_font
from desktop.ui.transcript.document import ClosedDocument
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.view import TranscriptView

CANARY = "#ff00fe"  # in no theme
IN_OPEN, IN_NONBLOCK = 0x20, 0x800  # <sys/inotify.h>


class Watch:
    """Tells whether a file was opened."""

    def __init__(self, file: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd: int = libc.inotify_init1(IN_NONBLOCK)
        assert libc.inotify_add_watch(self._fd, os.fsencode(file), IN_OPEN) >= 0

    def opened(self) -> bool:
        """True when it was, since the last question."""
        try:
            return bool(os.read(self._fd, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._fd)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of nothing but the canary's colour."""
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor(CANARY))
    file = tmp_path / "canary.png"
    assert image.save(str(file))
    return file


@pytest.fixture
def watch(picture: Path) -> Iterator[Watch]:
    if sys.platform != "linux":
        pytest.skip("openings are watched on Linux")
    watch = Watch(picture)
    yield watch
    watch.close()


def addresses(picture: Path) -> list[str]:
    return [
        str(picture),
        picture.as_uri(),
        f"file:{picture}",
        f"FILE://{picture}",
        f"file://localhost{picture}",
        f"qrc:{picture}",
        f":{picture}",
        f"//localhost{picture}",
        f"\\\\localhost{picture}",
        "http://127.0.0.1:9/canary.png",
    ]


def writings(picture: Path) -> list[str]:
    """Every way to ask for a picture or a style sheet."""
    asked = []
    for address in addresses(picture):
        asked += [
            f"![alt]({address})",
            f"![alt](<{address}>)",
            f"![alt][p]\n\n[p]: {address}",
            f'![<img src="{address}">]({address} "{address}")',
            f'<img src="{address}">',
            f"<link rel=stylesheet href='{address}'><style>@import url({address});</style>",
            f'<body background="{address}"><p style="background-image: url({address})">x</p>',
            f"| <img src='{address}'> | ![x]({address}) |\n|---|---|\n| {address} | `{address}` |",
            f"```html\n<img src='{address}'>\n```",
            f"- ![x]({address})\n\n> ![y]({address})\n\n# ![z]({address})",
        ]
    return asked


def shows_canary(image: QImage) -> bool:
    canary = QColor(CANARY).rgb()
    return any(
        image.pixel(x, y) == canary
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    )


def painted(document: QTextDocument) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    document.setTextWidth(400)
    document.drawContents(painter, QRectF(0, 0, 400, 300))
    painter.end()
    return image


def test_the_watch_sees_what_a_plain_document_opens(
    qtbot: QtBot, picture: Path, watch: Watch
) -> None:
    document = QTextDocument()
    document.setHtml(f'<img src="{picture.as_uri()}">')
    assert shows_canary(painted(document))
    assert watch.opened()


def test_our_documents_open_nothing_even_when_given_html(
    qtbot: QtBot, picture: Path, watch: Watch
) -> None:
    for address in addresses(picture):
        document = ClosedDocument(small_font())
        document.setHtml(f'<link rel=stylesheet href="{address}"><img src="{address}">')
        assert not shows_canary(painted(document))
        document.setMarkdown(f"![x]({address})")
        assert not shows_canary(painted(document))
    assert not watch.opened()


@pytest.mark.parametrize("role", [Role.USER, Role.ASSISTANT])
def test_messages_open_nothing(
    qtbot: QtBot,
    themes: dict[str, Theme],
    icons: IconSet,
    picture: Path,
    watch: Watch,
    role: Role,
) -> None:
    view = TranscriptView(themes["light"], icons)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    for number, text in enumerate(writings(picture)):
        view.set_entries([Entry("w", role, "", State.WRITING)])
        view.append_text("w", text[: number % len(text)])
        view.append_text("w", text[number % len(text) :])
        entry = Entry(
            "w", role, text, State.FAILED, note=text, problem=text, actions=(("a", text),)
        )
        view.update_entry(entry)
        assert not shows_canary(view.grab().toImage()), text
        view.select_all()
        view.copy()
    assert not watch.opened()
