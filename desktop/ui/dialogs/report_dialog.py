"""A crash report, for the user to read and to decide about."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.library.parts import button, text_label
from desktop.ui.spacing import inset, space

SIZE = (640, 480)


class ReportDialog(QDialog):
    """Shows the whole report; nothing is ever sent by itself."""

    delete_wanted = Signal()
    save_wanted = Signal(object)  # the Path of a file

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setObjectName("reportDialog")
        self.setWindowTitle(tr("Crash report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self.text = QPlainTextEdit(text)
        self.text.setObjectName("reportText")
        self.text.setAccessibleName(tr("Crash report"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("kind", "mono")
        rows = QVBoxLayout(self)
        inset(rows, 24, 20, 24, 20)
        space(rows, 12)
        rows.addWidget(
            text_label(
                tr(
                    "This is all that is known of the bug: versions, and places in the program."
                    " Nothing of your chats is in it, and nobody gets it unless you pass it on."
                )
            )
        )
        rows.addWidget(self.text, 1)
        rows.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        space(row, 8)
        for name, words, kind, do in (
            ("deleteReport", tr("Delete"), "danger", self._delete),
            ("saveReport", tr("Save…"), "", self._save),
            ("copyReport", tr("Copy"), "", self._copy),
            ("closeReport", tr("Close"), "", self.reject),
        ):
            made = button(words, kind)
            made.setObjectName(name)
            made.setAutoDefault(name == "closeReport")
            made.clicked.connect(do)
            row.addWidget(made)
            if name == "deleteReport":
                row.addStretch(1)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _save(self) -> None:
        dialog = QFileDialog(self, tr("Save the report"), str(Path.home() / self._name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_wanted.emit(Path(name)))
        dialog.open()

    def _delete(self) -> None:
        self.delete_wanted.emit()
        self.accept()
