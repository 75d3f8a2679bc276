"""A message in place: one calm line, with the way out beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.spacing import at_least, fix, inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.flow_layout import FlowLayout

INFO, WARNING, PROBLEM = "info", "warning", "problem"

LINE = 34  # pixels, the height of a button

Action = tuple[str, str]  # its id and the text on its button


class Banner(QFrame):
    """Shows a text as it is, never as rich text. Gone after an action, a close or its time."""

    action_triggered = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = INFO
        self._paused = False
        self._dress: tuple[Theme, IconSet] | None = None
        self.setProperty("kind", "card")
        self._icon = QLabel()
        fix(self._icon, 18, LINE)
        self._text = _plain_label()
        self._actions = QWidget()
        self._buttons = FlowLayout(spacing=4, parent=self._actions)
        self._close = QToolButton()
        fix(self._close, LINE, LINE)
        size_icon(self._close, 16)
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._close.setToolTip(tr("Close"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.clicked.connect(self.dismiss)
        self._lay_out()
        self._time = QTimer(self, singleShot=True)
        self._time.timeout.connect(self.dismiss)
        self.hide()

    def show_message(
        self,
        text: str,
        actions: Sequence[Action] = (),
        kind: str = INFO,
        timeout_s: float | None = None,
    ) -> None:
        """Show and announce a message, for ever or for some seconds of nobody pointing at it."""
        self._kind = kind
        self._text.setText(text)
        self.setAccessibleName(text)
        self._set_actions(actions)
        self._paint_icons()
        self._time.stop()
        self._paused = False
        if timeout_s is not None:
            self._time.start(round(timeout_s * 1000))
        self.show()
        announce(self, text, urgent=kind == PROBLEM)

    def text(self) -> str:
        """The message."""
        return self._text.text()

    def dismiss(self) -> None:
        """Take the message away."""
        self._time.stop()
        self.hide()
        self.closed.emit()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._dress = (theme, icons)
        self._paint_icons()

    def _paint_icons(self) -> None:
        if not self._dress:
            return
        theme, icons = self._dress
        colours = {INFO: theme.text_muted, WARNING: theme.text, PROBLEM: theme.danger}
        name = "info" if self._kind == INFO else "alert"
        side = metrics().side(18)
        self._icon.setPixmap(icons.icon(name, 18, colours[self._kind]).pixmap(side, side))
        self._close.setIcon(icons.icon("close", 16, theme.text_muted))

    def take_tab_place(self, before: QWidget) -> QWidget:
        """Have the Tab key go from `before` to the buttons as they are read; returns the last."""
        buttons = (self._buttons.itemAt(place) for place in range(self._buttons.count()))
        for item in buttons:
            if item and (button := item.widget()):
                self.setTabOrder(before, button)
                before = button
        self.setTabOrder(before, self._close)
        return self._close

    def _set_actions(self, actions: Sequence[Action]) -> None:
        while item := self._buttons.takeAt(0):
            if button := item.widget():
                button.deleteLater()
        for action, label in actions:
            self._buttons.addWidget(self._action_button(action, label))
        self._actions.setVisible(bool(actions))

    def _action_button(self, action: str, label: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"bannerAction_{action}")
        button.setAccessibleName(label)
        button.clicked.connect(lambda: self._trigger(action))
        return button

    def _trigger(self, action: str) -> None:
        self.dismiss()
        self.action_triggered.emit(action)

    def _lay_out(self) -> None:
        body = BesideLayout()
        body.addWidget(self._text)
        body.addWidget(self._actions)
        row = QHBoxLayout(self)
        inset(row, 12, 6, 6, 6)
        space(row, 8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(body, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    # QFrame

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 0)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._paused = self._paused or self._time.isActive()
        self._time.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._paused:
            self._paused = False
            self._time.start()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)


def _plain_label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    at_least(label, 80, LINE)
    return label
