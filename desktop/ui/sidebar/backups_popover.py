"""The backups: when, how much is in them, and going back to one."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.services.history.notices import BackupRow
from desktop.ui.i18n import mark, tr, trn
from desktop.ui.metrics import metrics
from desktop.ui.spacing import fix, inset, space
from desktop.ui.widgets.wrapped_label import WrappedLabel

WIDTH, MARGIN = 420, 16
TALLEST_LIST = 340
KINDS = {
    "daily": mark("daily"),
    "manual": mark("made by you"),
    "schema": mark("before an update"),
}


class BackupsPopover(QFrame):
    """Closes with Escape or a click beside it. What cannot be undone is confirmed in its place."""

    restore_wanted = Signal(str)  # the name of the backup
    back_up_wanted = Signal()
    purge_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("backupsPopover")
        self.setAccessibleName(tr("Backups"))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setProperty("kind", "card")
        fix(self, WIDTH)
        self._column = QVBoxLayout(self)
        self._rows: QVBoxLayout | None = None  # of the list
        self._facts = _label("", "muted")
        self._list = QScrollArea()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the focus
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.viewport().setAutoFillBackground(False)
        self._back_up = QPushButton(tr("Back up now"))
        self._back_up.setObjectName("backUpNow")
        self._back_up.clicked.connect(self._start_backup)
        self._purge = _Confirmed(
            tr("Deleted chats"),
            tr("They are erased from the file and from all backups. This cannot be undone."),
            tr("Erase now"),
            tr("They are erased when Cellar is started again."),
        )
        self._purge.setObjectName("purgeChats")
        self._purge.confirmed.connect(self.purge_wanted)
        self._purge.changed.connect(self._settle)
        self._lay_out()

    def show_under(self, anchor: QWidget) -> None:
        """Open below a button, within its screen, while the list is being read."""
        self._facts.setText(tr("Looking …"))
        self._rows = None
        self._list.setWidget(QWidget())
        self._list.setFixedHeight(40)
        self._purge.reset()
        self._settle()
        beside = anchor.width() - self.width() if self.isRightToLeft() else 0
        corner = anchor.mapToGlobal(QPoint(beside, anchor.height() + 4))
        screen = anchor.screen().availableGeometry()
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        self.move(corner)
        self.show()
        self._back_up.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_backups(self, backups: Sequence[BackupRow]) -> None:
        """Show the list."""
        self._back_up.setEnabled(True)
        self._facts.setText(
            tr("A copy is made every day, and kept on this computer for a week.")
            if backups
            else tr("There are no backups yet. A copy is made every day.")
        )
        rows = QWidget()
        column = QVBoxLayout(rows)
        inset(column, 0, 0, 8, 0)
        space(column, 8)
        for backup in backups:
            column.addWidget(self._row(backup))
        self._rows = column
        self._list.setWidget(rows)
        rows.setAutoFillBackground(False)
        self._list.setVisible(bool(backups))
        self._settle()

    def _row(self, backup: BackupRow) -> QWidget:
        moment = QDateTime.fromSecsSinceEpoch(int(backup.made_at.timestamp()))
        row = _Confirmed(
            QLocale().toString(moment, tr("d MMMM yyyy, HH:mm")),
            tr("Go back to this? The chats of today are kept in a file of their own."),
            tr("Restore"),
            facts(backup),
        )
        row.setObjectName(f"backup_{backup.name}")
        row.set_possible(backup.chats is not None)
        row.confirmed.connect(partial(self._restore, backup.name))
        row.changed.connect(self._settle)
        return row

    def _restore(self, name: str) -> None:
        self.close()
        self.restore_wanted.emit(name)

    def _start_backup(self) -> None:
        self._back_up.setEnabled(False)
        self.back_up_wanted.emit()

    def _settle(self) -> None:
        """Be as high as what is in it; Qt itself would do that at a later turn only."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()
            if isinstance(part, _Confirmed):
                part.row.invalidate()
        if self._rows is not None:
            self._rows.invalidate()
            height = max(
                0, self._rows.totalHeightForWidth(self.width() - 2 * metrics().gap(MARGIN))
            )
            self._list.setFixedHeight(min(TALLEST_LIST, height))
        self._column.invalidate()
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))

    def _lay_out(self) -> None:
        rows = self._column
        inset(rows, MARGIN, MARGIN, MARGIN, MARGIN)
        space(rows, 12)
        rows.addWidget(_label(tr("Backups"), "title"))
        rows.addWidget(self._facts)
        rows.addWidget(self._list)
        rows.addWidget(self._back_up, 0, Qt.AlignmentFlag.AlignLeft)
        line = QFrame()
        line.setProperty("kind", "line")
        line.setFixedHeight(1)
        rows.addWidget(line)
        rows.addWidget(self._purge)


class _Confirmed(QWidget):
    """A line whose button asks once more in its place."""

    confirmed = Signal()
    changed = Signal()  # may need another height now

    def __init__(self, title: str, question: str, button: str, facts: str = "") -> None:
        super().__init__()
        self._title, self._question, self._facts = title, question, facts
        self._text = _label(title, "")
        self._note = _label(facts, "muted")
        self._begin = _button(tr("{what}…", what=button), "ask", self._ask)
        self._do = _button(button, "confirm", self._confirm)
        self._do.setProperty("kind", "danger")
        self._cancel = _button(tr("Cancel"), "cancel", self.reset)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._text)
        texts.addWidget(self._note)
        row = self.row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 8)
        row.addLayout(texts, 1)
        for each in (self._begin, self._do, self._cancel):
            row.addWidget(each)
        self.reset()

    def set_possible(self, possible: bool) -> None:
        """Whether it can be done at all."""
        self._begin.setEnabled(possible)

    def reset(self) -> None:
        """As it was before it was asked for."""
        self._show(asking=False)

    def _ask(self) -> None:
        self._show(asking=True)
        self._cancel.setFocus()

    def _confirm(self) -> None:
        self.reset()
        self.confirmed.emit()

    def _show(self, *, asking: bool) -> None:
        self._text.setVisible(not asking)
        self._note.setText(self._question if asking else self._facts)
        self._note.setVisible(asking or bool(self._facts))
        self._begin.setVisible(not asking)
        self._do.setVisible(asking)
        self._cancel.setVisible(asking)
        self.changed.emit()


def facts(backup: BackupRow) -> str:
    """Such as “12 chats · 1.2 MB · daily”."""
    locale = QLocale()
    if backup.chats is None:
        count = tr("cannot be read")
    else:
        count = trn("{count} chat", "{count} chats", backup.chats)
    size = locale.formattedDataSize(backup.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return " · ".join((count, size, tr(KINDS.get(backup.kind, backup.kind))))


def _button(text: str, name: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.clicked.connect(do)
    return button


def _label(text: str, kind: str) -> QLabel:
    label = WrappedLabel(text)
    label.setProperty("kind", kind)
    return label
