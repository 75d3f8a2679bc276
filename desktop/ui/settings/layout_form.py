"""The parts of a prompt layout as fields."""

import re
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.layout import Layout, SystemPlace
from desktop.ui.i18n import mark, tr
from desktop.ui.spacing import fix, inset, space
from desktop.ui.widgets.plain_input import PlainInput

TEXTS = (  # attribute, label
    ("begin", mark("Before everything")),
    ("before_system", mark("Before the system text")),
    ("after_system", mark("After the system text")),
    ("user", mark("Before a question")),
    ("after_user", mark("After a question")),
    ("assistant", mark("Before an answer")),
    ("after_assistant", mark("After an answer")),
    ("separator", mark("Between turns")),
    ("answer", mark("The prompt ends with")),
)
LISTS = (
    ("stop", mark("Stop before"), mark("Texts that an answer ends before, one a line")),
    (
        "stop_tokens",
        mark("Stop at tokens"),
        mark("Tokens of the model that end an answer, one a line"),
    ),
    (
        "control",
        mark("Its own tokens"),
        mark("Texts that nobody but the layout may write, one a line"),
    ),
)
PLACES = (
    (SystemPlace.FIRST, mark("Before the dialogue")),
    (SystemPlace.QUESTION, mark("Inside the first question")),
    (SystemPlace.NONE, mark("Nowhere: left out")),
)
SWITCHES = (
    ("trimmed", mark("Trim what is said"), mark("Turns lose the space around them")),
    (
        "keeps_tokens",
        mark("Keep answers as tokens"),
        mark("Answers are read again as the very tokens that were written"),
    ),
)
LARGEST_WINDOW = 1000
LINE_HEIGHT = 32  # of a field of one line; a label stands beside its first one
_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_SPACE = "\\s"  # for a space that nobody would see
_PLAIN = {**{escaped: plain for plain, escaped in _ESCAPED.items()}, _SPACE: " "}


def escaped(text: str) -> str:
    """The text on one line, a line break as `\\n`, a space at an end as `\\s`."""
    line = "".join(_ESCAPED.get(character, character) for character in text)
    return re.sub("^ +| +$", lambda found: _SPACE * len(found[0]), line)


def plain(text: str) -> str:
    """What was meant by a line with escapes."""
    return re.sub(r"\\[\\nts]", lambda found: _PLAIN[found[0]], text)


class LayoutForm(QWidget):
    """Fields for every part of a layout."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layoutForm")
        self._layout = Layout()
        self._texts = {name: self._line(name, label) for name, label in TEXTS}
        self._lists = {name: self._list(name, label, tip) for name, label, tip in LISTS}
        self._switches = {name: self._switch(name, label, tip) for name, label, tip in SWITCHES}
        self._place = QComboBox()
        self._place.setObjectName("layoutSystem")
        self._place.setAccessibleName(tr("System text"))
        for _, label in PLACES:
            self._place.addItem(tr(label))
        self._place.currentIndexChanged.connect(self.edited)
        self._window = QSpinBox()
        self._window.setObjectName("layoutWindow")
        self._window.setAccessibleName(tr("Messages that the model reads"))
        self._window.setRange(0, LARGEST_WINDOW)
        self._window.setSpecialValueText(tr("All"))
        self._window.valueChanged.connect(self.edited)
        self._lay_out()

    def value(self) -> Layout:
        """The layout as it is written."""
        parts: dict[str, Any] = {
            name: plain(line.text()) for name, line in self._texts.items() if name != "answer"
        }
        parts |= {name: _lines(area.text()) for name, area in self._lists.items()}
        parts |= {name: box.isChecked() for name, box in self._switches.items()}
        made = replace(
            self._layout,
            system=PLACES[self._place.currentIndex()][0],
            window=self._window.value(),
            answer=None,
            **parts,
        )
        ending = plain(self._texts["answer"].text())
        return made if ending == made.opener else replace(made, answer=ending)

    def set_value(self, layout: Layout) -> None:
        """Show a layout. Nothing is reported."""
        blocker = QSignalBlocker(self)
        self._layout = layout
        for name, line in self._texts.items():
            line.setText(escaped(layout.opener if name == "answer" else getattr(layout, name)))
        for name, area in self._lists.items():
            area.setPlainText("\n".join(escaped(each) for each in getattr(layout, name)))
        for name, box in self._switches.items():
            box.setChecked(getattr(layout, name))
        places = [place for place, _ in PLACES]
        self._place.setCurrentIndex(places.index(layout.system))
        self._window.setValue(layout.window)
        blocker.unblock()

    def _line(self, name: str, label: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(_object_name(name))
        line.setAccessibleName(tr(label))
        line.setProperty("kind", "mono")
        line.textEdited.connect(self.edited)
        return line

    def _list(self, name: str, label: str, tip: str) -> PlainInput:
        area = PlainInput(_object_name(name), fewest_lines=2, most_lines=4)
        area.setAccessibleName(tr(label))
        area.setToolTip(tr(tip))
        area.textChanged.connect(self.edited)
        return area

    def _switch(self, name: str, label: str, tip: str) -> QCheckBox:
        box = QCheckBox(tr(label))
        box.setToolTip(tr(tip))
        box.setObjectName(_object_name(name))
        box.toggled.connect(self.edited)
        return box

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, QWidget]] = [(label, self._texts[name]) for name, label in TEXTS]
        rows.insert(1, (tr("System text"), self._place))
        rows += [(label, self._lists[name]) for name, label, _ in LISTS]
        rows.append((tr("Messages read"), self._window))
        for number, (label, field) in enumerate(rows):
            words = QLabel(tr(label))
            words.setBuddy(field)
            fix(words, height=LINE_HEIGHT)
            grid.addWidget(words, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, number, 1)
        column = QVBoxLayout(self)
        inset(column, 0, 0, 16, 0)  # the scroll bar lies over it
        space(column, 12)
        column.addLayout(grid)
        for box in self._switches.values():
            column.addWidget(box)
        column.addStretch(1)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(plain(line) for line in text.split("\n") if line)


def _object_name(name: str) -> str:
    first, *others = name.split("_")
    return "layout" + first.capitalize() + "".join(map(str.capitalize, others))
