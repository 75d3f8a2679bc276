"""Every shortcut, by what it is about, with a field to find one."""

from itertools import groupby

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.i18n import mark, tr
from desktop.ui.metrics import metrics
from desktop.ui.shortcuts import (
    CHAT,
    CHATS,
    MESSAGE,
    SHORTCUTS,
    WINDOW,
    WRITING,
    Shortcut,
)
from desktop.ui.spacing import inset, space
from desktop.ui.widgets.wrapped_label import wrapped_label

SIZE = (460, 560)
GROUPS = {
    CHATS: mark("All chats"),
    CHAT: mark("This chat"),
    MESSAGE: mark("Answers and messages"),
    WRITING: mark("While you write"),
    WINDOW: mark("Window"),
}


class ShortcutsDialog(QDialog):
    """Closes with Escape."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wanted = QSize(*map(metrics().side, SIZE))
        self.resize(wanted.boundedTo(self.screen().availableSize()))
        self._field = QLineEdit()
        self._field.setObjectName("shortcutSearch")
        self._field.setPlaceholderText(tr("Find a shortcut"))
        self._field.setAccessibleName(tr("Find a shortcut"))
        self._field.setClearButtonEnabled(True)
        self._nothing = _label(tr("There is no such shortcut."), "muted")
        self._nothing.hide()
        self._rows: list[tuple[Shortcut, tuple[QWidget, ...]]] = []
        self._titles: dict[str, QLabel] = {}
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setAccessibleName(tr("Keyboard shortcuts"))
        scroller.setProperty("kind", "reader")
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidget(self._table())
        rows = QVBoxLayout(self)
        inset(rows, 16, 16, 4, 16)
        space(rows, 12)
        head = QHBoxLayout()
        inset(head, 0, 0, 12, 0)
        head.addWidget(self._field)
        rows.addLayout(head)
        rows.addWidget(self._nothing)
        rows.addWidget(scroller, 1)
        self._field.textChanged.connect(self._filter)
        self._field.setFocus()

    def shown(self) -> list[str]:
        """What the shortcuts on show do."""
        return [each.words for each, parts in self._rows if not parts[0].isHidden()]

    def _filter(self, text: str) -> None:
        sought = text.casefold().split()
        groups: set[str] = set()
        for each, parts in self._rows:
            told = f"{each.words} {each.shown}".casefold()
            fits = all(word in told for word in sought)
            for part in parts:
                part.setVisible(fits)
            if fits:
                groups.add(each.group)
        for group, title in self._titles.items():
            title.setVisible(group in groups)
        self._nothing.setVisible(not groups)

    def _table(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        inset(grid, 0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for group, shortcuts in groupby(SHORTCUTS, key=lambda each: each.group):
            title = _label(tr(GROUPS.get(group, group)), "title")
            title.setContentsMargins(0, 12 if self._titles else 0, 0, 0)
            self._titles[group] = title
            grid.addWidget(title, grid.rowCount(), 0, 1, 2)
            for each in shortcuts:
                parts = (wrapped_label(each.words), _label(each.shown, "muted"))
                place = grid.rowCount()
                grid.addWidget(parts[0], place, 0)
                grid.addWidget(parts[1], place, 1, Qt.AlignmentFlag.AlignRight)
                self._rows.append((each, parts))
        grid.setRowStretch(grid.rowCount(), 1)
        return table


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label
