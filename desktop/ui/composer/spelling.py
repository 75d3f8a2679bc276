"""Wavy lines under words of the composer that no dictionary knows, and what may have been meant."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QTextEdit

from desktop.domain.spelling import Word, prose_of
from desktop.services.spelling.commands import AddWord, CheckWords, Suggest
from desktop.ui.i18n import tr
from desktop.ui.theme import Theme

SETTLE_MS = 250  # after the last key
MOST_LINES = 2_000  # of a text that is checked; a longer one was pasted
KNOWN = 20_000  # words that are remembered

Asked = CheckWords | Suggest | AddWord


class SpellMarker(QObject):
    """Marks what is in view, shortly after it has changed. Asks by `post`; `take_*` hear it."""

    def __init__(self, field: QPlainTextEdit, post: Callable[[Asked], None]) -> None:
        super().__init__(field)
        self._field = field
        self._post = post
        self._on = False
        self._known: dict[str, bool] = {}
        self._marked: list[tuple[int, int, str]] = []  # from, to, word
        self._line = QTextCharFormat()
        self._line.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        self._menu: QMenu | None = None
        self._place: tuple[int, int, str] | None = None  # of the word that the menu is about
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.look)
        field.textChanged.connect(self._changed)
        field.cursorPositionChanged.connect(self._changed)
        field.verticalScrollBar().valueChanged.connect(self._changed)

    @property
    def marked(self) -> tuple[str, ...]:
        """The words that are marked now, in their order."""
        return tuple(word for _, _, word in self._marked)

    def switch(self, on: bool) -> None:
        """Mark words, or no longer; in both cases with nothing known of the language."""
        self._on = on
        self._known.clear()
        self.look()

    def take_checked(self, known: Mapping[str, bool]) -> None:
        """Take which words are known."""
        if len(self._known) > KNOWN:
            self._known.clear()
        self._known.update(known)
        self._mark()

    def take_suggested(self, word: str, meant: tuple[str, ...]) -> None:
        """Show in the menu what may have been meant."""
        menu, place = self._menu, self._place
        if menu is None or place is None or place[2] != word:
            return
        first = menu.actions()[0]
        for text in meant:
            action = menu.addAction(text, partial(self._replace, place, text))
            menu.removeAction(action)
            menu.insertAction(first, action)
        first.setText(tr("No suggestions"))
        first.setVisible(not meant)

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of the lines."""
        self._line.setUnderlineColor(QColor(theme.danger))
        self._mark()

    def add_to(self, menu: QMenu, position: QPoint) -> None:
        """Put what can be done about the word at a place of the field at the top of its menu."""
        at = self._field.cursorForPosition(position).position()
        place = next((each for each in self._marked if each[0] <= at <= each[1]), None)
        self._place, self._menu = place, menu if place else None
        if place is None:
            return
        menu.aboutToHide.connect(self._forget_menu)
        top = menu.actions()[0] if menu.actions() else None
        waiting = menu.addAction(tr("Looking for suggestions …"))
        waiting.setEnabled(False)
        adding = menu.addAction(tr("Add “{word}” to the dictionary", word=place[2]))
        adding.triggered.connect(partial(self._add, place[2]))
        line = menu.addSeparator()
        for action in (waiting, adding, line):
            menu.removeAction(action)
            menu.insertAction(top, action) if top else menu.addAction(action)
        self._post(Suggest(place[2]))

    def look(self) -> None:
        """Look at what is in view now."""
        self._settle.stop()
        words = {word.text for _, word in self._words()} if self._on else set()
        unknown = tuple(sorted(words - self._known.keys()))
        if unknown:
            self._post(CheckWords(unknown))
        self._mark()

    def _changed(self) -> None:
        if self._on:
            self._settle.start()

    def _words(self) -> list[tuple[int, Word]]:
        """The words in view, each with the place where its line begins."""
        document = self._field.document()
        first = self._field.firstVisibleBlock()
        if document.blockCount() > MOST_LINES or not first.isValid():
            return []
        blocks = _in_view(self._field, first)
        before = (document.findBlockByNumber(n).text() for n in range(first.blockNumber()))
        found = prose_of([block.text() for block in blocks], before)
        return [(blocks[number].position(), word) for number, word in found]

    def _mark(self) -> None:
        typing = self._field.textCursor().position()
        self._marked = [
            (start + word.start, start + word.end, word.text)
            for start, word in (self._words() if self._on else ())
            if self._known.get(word.text) is False and typing != start + word.end
        ]
        self._field.setExtraSelections([self._selection(*place[:2]) for place in self._marked])

    def _selection(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format = self._line
        return selection

    def _replace(self, place: tuple[int, int, str], text: str) -> None:
        start, end, word = place
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        if cursor.selectedText() == word:  # it is still there
            cursor.insertText(text)
        self._field.setFocus()

    def _add(self, word: str) -> None:
        self._post(AddWord(word))

    def _forget_menu(self) -> None:
        self._menu = None


def _in_view(field: QPlainTextEdit, first: QTextBlock) -> list[QTextBlock]:
    blocks, block = [], first
    bottom = field.viewport().height()
    while block.isValid():
        top = field.blockBoundingGeometry(block).translated(field.contentOffset()).top()
        if top > bottom:
            break
        blocks.append(block)
        block = block.next()
    return blocks
