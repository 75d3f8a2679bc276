"""Formulas as pictures: typeset beside the window, painted in the colours of the theme."""

import logging
import re
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue

from PySide6.QtCore import QByteArray, QObject, QRectF, QSizeF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop.ui.transcript.maths import is_bounded

SIZE = 16.0  # of the letters in what is typeset; it is scaled from there
MOST = 2_000  # formulas that are kept
LARGEST = 4_000.0  # sides of a picture
_UNKNOWN = re.compile(r">\s*\\[a-zA-Z]")  # the name of a command that the library does not know
_VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
log = logging.getLogger(__name__)


class Formula:
    """One that is typeset. Lengths are for letters of `SIZE`, from the line it stands on."""

    def __init__(self, svg: str, left: float, top: float, width: float, height: float) -> None:
        self._svg = svg
        self.left = left
        self.width = width
        self.ascent = -top
        self.descent = height + top
        self._drawn: tuple[str, QSvgRenderer] | None = None

    def size(self, scale: float) -> QSizeF:
        """Its size for letters of SIZE times `scale`."""
        return QSizeF(self.width * scale, (self.ascent + self.descent) * scale)

    def paint(self, painter: QPainter, rect: QRectF, colour: str) -> None:
        """Paint it, in the window's thread."""
        if self._drawn is None or self._drawn[0] != colour:
            coloured = self._svg.replace('"black"', f'"{colour}"')
            self._drawn = (colour, QSvgRenderer(QByteArray(coloured.encode())))
        self._drawn[1].render(painter, rect)


class Workshop(QObject):
    """Typesets in a thread of its own, which ends with the program."""

    ready = Signal()  # something that was asked for is typeset, or cannot be

    def __init__(self) -> None:
        super().__init__()
        self._made: OrderedDict[tuple[str, bool], Formula | None] = OrderedDict()
        self._asked: set[tuple[str, bool]] = set()
        self._queue: SimpleQueue[tuple[str, bool]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def formula(self, tex: str, *, display: bool) -> Formula | None:
        """The formula, if it is typeset by now. If not it will be, unless it cannot be."""
        key = (tex, display)
        with suppress(KeyError):  # one look: the thread may let go of it between two
            return self._made[key]
        if key not in self._asked and is_bounded(tex):
            self._asked.add(key)
            self._queue.put(key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="formulas", daemon=True)
                self._thread.start()
        return None

    def _work(self) -> None:
        while True:
            key = self._queue.get()
            while True:
                self._make(key)
                try:
                    key = self._queue.get_nowait()
                except Empty:
                    break
            self.ready.emit()

    def _make(self, key: tuple[str, bool]) -> None:
        self._made[key] = typeset(key[0], display=key[1])
        self._asked.discard(key)
        while len(self._made) > MOST:
            self._made.popitem(last=False)


@cache
def workshop() -> Workshop:
    """The one of this program: a formula is the same in every window."""
    return Workshop()


def typeset(tex: str, *, display: bool) -> Formula | None:
    """The formula; None for one that the library does not understand."""
    try:
        from ziamath.config import config
        from ziamath.tex import tex2mml
        from ziamath.zmath import Math

        config.svg2 = False  # Qt draws version 1.2
        markup = tex2mml(tex.strip(), inline=not display)
        if _UNKNOWN.search(markup):
            return None
        svg = Math(markup, size=SIZE).svg()
    except Exception as error:  # the library raises whatever its parts raise
        log.debug("a formula was not understood: %s", type(error).__name__)
        return None
    view = _VIEW.search(svg)
    if view is None:
        return None
    left, top, width, height = (float(number) for number in view.groups())
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        return None
    return Formula(svg, left, top, width, height)
