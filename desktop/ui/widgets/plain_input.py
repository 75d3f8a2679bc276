"""A field for several lines of plain text that no paste can freeze."""

from html.parser import HTMLParser
from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt
from PySide6.QtGui import QInputMethodEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from desktop.domain.conversation import clean_text

# Qt lays out a paragraph as a whole: one of 1 MB takes a minute. So a long one is held as several,
# each but the last ended by a character that shows nothing and that nobody types; reading the
# text takes both away again.
LONGEST_PARAGRAPH = 4000
SEAM = "\u2064"
SLACK = 2  # pixels without which Qt would scroll a text that fits


class PlainInput(QPlainTextEdit):
    """Grows with its text between two numbers of lines, then scrolls."""

    def __init__(
        self, name: str, fewest_lines: int, most_lines: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._fewest_lines = fewest_lines
        self._most_lines = most_lines
        self._composing = False
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)

    @property
    def composing(self) -> bool:
        """True while an input method has text that is not final."""
        return self._composing

    def text(self) -> str:
        """What was written, line ends as `\\n`."""
        raw = self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        return clean_text(raw.replace(SEAM + "\n", "").replace(SEAM, ""))

    def replace_text(self, text: str) -> None:
        """Put `text` in place of all there is, as one step that can be undone."""
        self.selectAll()
        self.insertPlainText(text)

    def _fit(self) -> None:
        height = self._height()
        if height != self.height():
            self.setFixedHeight(height)
        # QPlainTextEdit's layout counts its height in lines.
        scrolls = self.document().size().height() > self._most_lines
        wanted = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            wanted.ScrollBarAsNeeded if scrolls else wanted.ScrollBarAlwaysOff
        )

    def _height(self) -> int:
        """The pixels that the text asks for, between the fewest and the most lines."""
        heights = self._line_heights()
        missing = max(0, self._fewest_lines - len(heights))
        text = sum(heights) + missing * self.fontMetrics().lineSpacing()
        margins = self.contentsMargins()
        edges = margins.top() + margins.bottom() + 2 * self.frameWidth()
        return ceil(text + 2 * self.document().documentMargin()) + edges + SLACK

    def _line_heights(self) -> list[float]:
        """Of the first lines; scripts and emoji differ."""
        heights: list[float] = []
        block = self.document().firstBlock()
        while block.isValid() and len(heights) < self._most_lines:
            self.blockBoundingRect(block)  # lays the paragraph out
            layout = block.layout()
            heights += [layout.lineAt(line).height() for line in range(layout.lineCount())]
            block = block.next()
        return heights[: self._most_lines]

    # QPlainTextEdit

    def toPlainText(self) -> str:
        return self.text()

    def setPlainText(self, text: str) -> None:
        super().setPlainText(divided(text))

    def insertPlainText(self, text: str) -> None:
        super().insertPlainText(divided(text))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(text_of(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = text_of(source)
        if text:
            self.insertPlainText(text)
            self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        data = super().createMimeDataFromSelection()
        text = data.text()
        if SEAM in text:
            data.setText(text.replace(SEAM + "\n", "").replace(SEAM, ""))
        return data

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height())


def divided(text: str) -> str:
    """The text, its overlong paragraphs cut into pieces that can be laid out."""
    if len(text) <= LONGEST_PARAGRAPH:
        return text
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_divided_paragraph(paragraph) for paragraph in unified.split("\n"))


def _divided_paragraph(text: str) -> str:
    pieces = []
    start = 0
    while len(text) - start > LONGEST_PARAGRAPH:
        end = text.rfind(" ", start + LONGEST_PARAGRAPH // 2, start + LONGEST_PARAGRAPH) + 1
        end = end or start + LONGEST_PARAGRAPH
        pieces.append(text[start:end])
        start = end
    return (SEAM + "\n").join([*pieces, text[start:]])


def text_of(source: QMimeData) -> str:
    """What is pasted or dropped, as plain text; empty for files."""
    if any(url.isLocalFile() for url in source.urls()):
        return ""
    if "text/plain" in source.formats():
        return source.text()
    return _plain_of_html(source.html()) if source.hasHtml() else ""


def _plain_of_html(html: str) -> str:
    # Qt's own reader of HTML would look for the images and style sheets it names.
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces).strip("\n")


class _TextReader(HTMLParser):
    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
    _SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent_depth += 1
        elif tag in self._BREAKS and self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT and self._silent_depth:
            self._silent_depth -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent_depth:
            self.pieces.append(data)
