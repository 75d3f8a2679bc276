"""The line above the models page: the way back, its title, and how to add a model of one's own."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import button, text_label
from desktop.ui.metrics import metrics
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme

BESIDE_ICON = 12  # pixels, at most, that a style has between a button's icon and its words


class PageHead(QWidget):
    """Asks for files and folders without stopping anything else."""

    closed = Signal()
    picked = Signal(object)  # the Path of a GGUF file, or of a folder
    hub_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = QToolButton()
        self.back.setObjectName("closeModels")
        self.back.setAccessibleName(tr("Back to the chat"))
        self.back.setToolTip(tr("Back to the chat (Esc)"))
        size_icon(self.back, 20)
        self.back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back.clicked.connect(self.closed)
        self.add_hub = _add_button(
            "addFromHub", tr("Add from the hub…"), tr("Add any model of the hub, by its name.")
        )
        self.add_hub.clicked.connect(self.hub_wanted)
        self.add_file = _add_button(
            "addModelFile", tr("Add a file…"), tr("Add a model from a GGUF file on this computer.")
        )
        self.add_folder = _add_button(
            "addModelFolder",
            tr("Add a folder…"),
            tr("Add a model from a folder on this computer: OpenVINO IR or safetensors."),
        )
        self.add_file.clicked.connect(self._pick_file)
        self.add_folder.clicked.connect(self._pick_folder)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = self._row = QHBoxLayout(self)
        inset(row, 8, 8, 16, 0)
        space(row, 4)
        row.addWidget(self.back)
        row.addWidget(text_label(tr("Models"), "heading", wraps=False))
        row.addStretch(1)
        row.addWidget(self.add_hub)
        row.addWidget(self.add_file)
        row.addWidget(self.add_folder)

    def set_room(self, width: int) -> None:
        """Leave the words of the buttons away where there is no room for them."""
        buttons = (self.add_hub, self.add_file, self.add_folder)
        needed = self._row.minimumSize().width()
        for each in buttons:
            if not each.text():
                needed += each.fontMetrics().horizontalAdvance(each.accessibleName())
                needed += metrics().side(BESIDE_ICON)
        for each in buttons:
            words = each.accessibleName() if width >= needed else ""
            if each.text() != words:
                each.setText(words)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self.back.setIcon(icons.icon("chevron-left"))
        self.add_hub.setIcon(icons.icon("download", 18))
        self.add_file.setIcon(icons.icon("plus", 18))
        self.add_folder.setIcon(icons.icon("folder", 18))

    def _pick_file(self) -> None:
        dialog = self._dialog(tr("Add a GGUF file"), QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("Models in one file (*.gguf)"))
        dialog.open()

    def _pick_folder(self) -> None:
        dialog = self._dialog(tr("Add a folder with a model"), QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.picked.emit(Path(name)))
        return dialog


def _add_button(name: str, label: str, tooltip: str) -> QPushButton:
    made = button(label, "quiet")
    made.setObjectName(name)
    made.setToolTip(tooltip)
    size_icon(made, 18)
    return made
