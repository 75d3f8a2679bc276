"""The editor of prompt layouts: choose one or change a copy, and see the exact prompt."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.layout import Layout
from desktop.services.chat.notices import LayoutPreviewed, LayoutsListed
from desktop.services.layouts.store import OWN
from desktop.services.layouts.store import Choice as LayoutChoice
from desktop.ui.i18n import tr
from desktop.ui.metrics import metrics
from desktop.ui.settings.layout_form import LayoutForm
from desktop.ui.spacing import inset, space
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.picker import Choice, Picker
from desktop.ui.widgets.wrapped_label import wrapped_label

SIZE, SMALLEST = (960, 640), (360, 360)
FORM_WIDTH = 400
WIDEST = (1 << 24) - 1  # that Qt lets a widget be
ROOM_FOR_BOTH = 720  # pixels; in a narrower dialog the prompt stands below the form
PAUSE_MS = 250  # after the last key, before the prompt is asked for anew
EDITED = ":edited"  # no layout has such an id


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layout to be seen; None: the model's own template."""

    layout: Layout | None


class LayoutDialog(QDialog):
    """Closes with Escape, and changes nothing until its button is pressed."""

    preview_asked = Signal(object)  # Wanted
    chosen = Signal(object)  # the Choice of a store

    def __init__(self, listed: LayoutsListed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layoutDialog")
        self.setWindowTitle(tr("Prompt layout of {model}", model=listed.model.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        self._listed = listed
        self._named = {each.id: each for each in listed.layouts}
        self._edited = listed.choice.edited
        self.picker = Picker("layoutPicker", tr("Prompt layout"))
        self.picker.setProperty("kind", "")
        self.picker.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._about = wrapped_label(kind="muted", name="layoutAbout")
        self.form = LayoutForm()
        self._scroller = QScrollArea()
        self.preview = _preview()
        self._state = wrapped_label(kind="muted", name="layoutPreviewState")
        self._state.hide()
        self._reset = _button("resetLayout", tr("Reset to the model’s own"), "quiet")
        self._cancel = _button("cancelLayout", tr("Cancel"), "quiet")
        self._use = _button("useLayout", tr("Use for this model"), "primary")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._side = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._connect()
        self._fill(EDITED if self._edited else listed.choice.id)
        self._show()

    def show_preview(self, notice: LayoutPreviewed) -> None:
        """The prompt that was asked for, or why there is none."""
        self._state.setText(notice.problem)
        self._state.setVisible(bool(notice.problem))
        bar = self.preview.verticalScrollBar()
        at = bar.value()
        self.preview.setPlainText(notice.text)
        bar.setValue(at)

    def wanted(self) -> Wanted:
        """The layout whose prompt is to be seen."""
        if self._edited is not None:
            return Wanted(self._edited)
        named = self._named.get(self.picker.current()) or self._listed.native
        return Wanted(named.layout if named else None)

    def _connect(self) -> None:
        self.picker.choice_made.connect(self._choose)
        self.form.edited.connect(self._edit)
        self._pause.timeout.connect(self._ask)
        self._reset.clicked.connect(self._reset_to_own)
        self._cancel.clicked.connect(self.reject)
        self._use.clicked.connect(self._accept)

    def _choose(self, id_: str) -> None:
        if id_ != EDITED:
            self._edited = None
            self._fill(id_)
        self._show()

    def _edit(self) -> None:
        self._edited = self.form.value()
        if self.picker.current() != EDITED:
            self._fill(EDITED)
        self._tell_about()
        self._refresh()
        self._pause.start()

    def _reset_to_own(self) -> None:
        self._edited = None
        self._fill(OWN)
        self._show()

    def _accept(self) -> None:
        self.chosen.emit(self._choice())
        self.accept()

    def _choice(self) -> LayoutChoice:
        if self._edited is not None:
            return LayoutChoice(edited=self._edited)
        return LayoutChoice(self.picker.current())

    def _show(self) -> None:
        """The layout that is chosen, in the form and in the preview."""
        layout = self.wanted().layout
        self._scroller.setVisible(layout is not None)
        if layout is not None:
            self.form.set_value(layout)
        self._tell_about()
        self._refresh()
        self._ask()

    def _ask(self) -> None:
        self._pause.stop()
        self.preview_asked.emit(self.wanted())

    def _refresh(self) -> None:
        now = self._listed.choice
        self._use.setEnabled(self._choice() != now)
        self._reset.setEnabled(self._choice() != LayoutChoice())

    def _tell_about(self) -> None:
        native, id_ = self._listed.native, self.picker.current()
        if self._edited is not None:
            words = tr("Your own words, for this model.")
        elif id_ in self._named:
            words = self._named[id_].description
        elif native:
            words = native.description
        else:
            words = tr(
                "The template that comes with the model writes its prompts, as it was trained."
                " A model without one is asked as User and Assistant. To write them otherwise,"
                " choose a layout here; then every part of it can be changed."
            )
        if self.wanted().layout is not None:
            words += "\n\n" + tr("Below, \\n is a line break and \\s a space at an end.")
        if self._listed.of_preset:
            name = self._listed.of_preset
            words += "\n\n" + tr(
                "In this chat the layout of the preset “{name}” comes before it.", name=name
            )
        self._about.setText(words)

    def _fill(self, current: str) -> None:
        native = self._listed.native
        own = tr("The model’s own")
        choices = [Choice(OWN, own, native.name if native else tr("template"))]
        if self._edited is not None:
            choices.append(Choice(EDITED, tr("Edited"), tr("your own words")))
        choices += [Choice(each.id, each.name) for each in self._listed.layouts]
        self.picker.fill(choices)
        self.picker.set_current(current)

    def _lay_out(self) -> None:
        self._scroller.setWidget(self.form)
        self._scroller.setWidgetResizable(True)
        self._scroller.setFrameShape(QFrame.Shape.NoFrame)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        space(left, 12)
        left.addWidget(self.picker)
        left.addWidget(self._about)
        left.addWidget(self._scroller, 1)
        left.addStretch(0)
        right = QVBoxLayout()
        space(right, 8)
        title = wrapped_label(kind="title", name="layoutPreviewTitle")
        title.setText(tr("The exact prompt"))
        right.addWidget(title)
        right.addWidget(self._state)
        right.addWidget(self.preview, 1)
        space(self._columns, 24)
        self._side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(self._side)
        self._columns.addLayout(right, 1)
        buttons = BesideLayout()
        buttons.addWidget(_line(self._reset, before=False))
        buttons.addWidget(_line(self._cancel, self._use, before=True))
        rows = QVBoxLayout(self)
        inset(rows, 20, 20, 20, 20)
        space(rows, 16)
        rows.addLayout(self._columns, 1)
        rows.addLayout(buttons)

    # QDialog

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = metrics().side
        beside = event.size().width() >= side(ROOM_FOR_BOTH)
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._columns.setStretch(0, 0 if beside else 1)
        self._side.setMinimumWidth(side(FORM_WIDTH) if beside else 0)
        self._side.setMaximumWidth(side(FORM_WIDTH) if beside else WIDEST)


def _line(*buttons: QPushButton, before: bool) -> QWidget:
    """Buttons side by side, with the room that is left before or after them."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    space(row, 8)
    if before:
        row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    if not before:
        row.addStretch(1)
    return line


def _preview() -> QPlainTextEdit:
    """Read only, with a mark for every space and line break: they count."""
    preview = QPlainTextEdit()
    preview.setObjectName("layoutPreview")
    preview.setAccessibleName(tr("The exact prompt"))
    preview.setReadOnly(True)
    preview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    preview.setProperty("kind", "mono")
    marks = QTextOption.Flag
    option = QTextOption()
    option.setFlags(marks.ShowTabsAndSpaces | marks.ShowLineAndParagraphSeparators)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    preview.document().setDefaultTextOption(option)
    return preview


def _button(name: str, words: str, kind: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setProperty("kind", kind)
    button.setAutoDefault(False)
    return button
