"""Small things that every part of the models page is made of."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.direction import lean
from desktop.ui.metrics import metrics
from desktop.ui.spacing import at_least, inset
from desktop.ui.widgets.announce import plain_tooltip
from desktop.ui.widgets.flow_layout import FlowLayout
from desktop.ui.widgets.wrapped_label import WrappedLabel

HUB = "https://huggingface.co"
EDGE = 2  # pixels beside the text of a link, for the frame that it has with the focus
SLACK = 2  # pixels; an advance is rounded, and eliding is strict
SHORTEST_LINE = 280  # pixels; a column of text that would get less wants a place of its own


def text_label(text: str = "", kind: str = "", *, wraps: bool = True) -> QLabel:
    """A label that shows every character as it is."""
    label = WrappedLabel(text) if wraps else QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    lean(label)
    if wraps:
        at_least(label, 80)
    return label


def button(text: str, kind: str = "", spoken: str = "") -> QPushButton:
    """A button; `spoken` is its name where its text alone would not do."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAccessibleName(spoken or text)
    return made


def line_of(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets side by side that wrap like words."""
    line = QWidget()
    flow = FlowLayout(spacing=spacing, parent=line)
    for widget in widgets:
        flow.addWidget(widget)
    return line


def chain_focus(before: QWidget, controls: Iterable[QWidget]) -> None:
    """Let the Tab key go from `before` through the controls in their order."""
    for control in controls:
        QWidget.setTabOrder(before, control)
        before = control


class TextColumn(QWidget):
    """Texts one below the other, which ask for a line one can read."""

    def __init__(self, *texts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for text in texts:
            rows.addWidget(text)

    # QWidget

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(metrics().side(SHORTEST_LINE), hint.width()), hint.height())


class Fact(QWidget):
    """A number with what it means in small above it."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = text_label(wraps=False)
        rows = QVBoxLayout(self)
        inset(rows, 0, 0, 16, 0)
        rows.setSpacing(0)
        rows.addWidget(text_label(caption, "muted", wraps=False))
        rows.addWidget(self._value)

    def set_value(self, text: str) -> None:
        """Show a number."""
        self._value.setText(text)

    def value(self) -> str:
        """What is on show."""
        return self._value.text()


class LinkButton(QAbstractButton):
    """An address to open: shown by a name, the address itself in its tooltip."""

    link_activated = Signal(str)

    def __init__(self, text: str = "", target: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target = ""
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.link_activated.emit(self._target))
        self.set_link(text, target)

    def set_link(self, text: str, target: str) -> None:
        """Lead somewhere else."""
        self._target = target
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(target)
        self.setToolTip(plain_tooltip(target))
        self.updateGeometry()

    # QAbstractButton

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + SLACK
        return QSize(width + 2 * EDGE, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self.palette().color(QPalette.ColorRole.Link)
        painter.setPen(colour)
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        room = self.rect().adjusted(EDGE, 0, -EDGE, 0)
        middle = Qt.TextElideMode.ElideMiddle
        text = self.fontMetrics().elidedText(self.text(), middle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 2))
            painter.drawRoundedRect(QRect(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
