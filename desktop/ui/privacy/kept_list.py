"""What is kept on this computer: what it is, where it is, how large it is."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop.services.house.notices import Kept, Measured, Thing
from desktop.ui.direction import apart
from desktop.ui.i18n import mark, tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import button, line_of, text_label
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme

SI = QLocale.DataSizeFormat.DataSizeSIFormat
WORDS = {
    Thing.CHATS: (mark("Chats"), mark("Everything that was said, with the search index.")),
    Thing.BACKUPS: (mark("Backups"), mark("Copies of the chats, one a day and those you make.")),
    Thing.MODELS: (mark("Models"), mark("What was downloaded or added, and unfinished downloads.")),
    Thing.ADAPTERS: (mark("Adapters"), mark("LoRA adapters that you have added.")),
    Thing.SETTINGS: (
        mark("Settings"),
        mark("A text file; every line of it is explained in the dialog."),
    ),
    Thing.LOGS: (
        mark("Log and crash reports"),
        mark("What Cellar did and where it failed; never a word of a conversation."),
    ),
    Thing.CACHE: (mark("Cache"), mark("What can be made again; it may be deleted at any time.")),
    Thing.REST: (mark("Presets and the rest"), mark("Presets, layouts and small notes.")),
}


class KeptList(QFrame):
    """A row for each thing, and the way to all of them."""

    open_wanted = Signal(object)  # the Path of a folder

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._folder: Path | None = None
        self._place = text_label("", "muted")
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open = button(tr("Open the data folder"))
        self._open.setObjectName("openDataFolder")
        size_icon(self._open, 18, 4)
        self._open.clicked.connect(self._want)
        self._open.setEnabled(False)
        self._table = QWidget()
        rows = QVBoxLayout(self)
        inset(rows, 16, 16, 16, 16)
        space(rows, 12)
        rows.addWidget(
            text_label(
                tr(
                    "All of it is in this folder. Only an access token for the hub, if you gave"
                    " one, is in the system's keyring."
                )
            )
        )
        rows.addWidget(self._place)
        rows.addWidget(self._table)
        rows.addWidget(line_of(self._open))
        self._rows = rows

    def show_measured(self, measured: Measured) -> None:
        """Show what was found."""
        self._folder = measured.folder
        self._place.setText(str(measured.folder))
        self._open.setEnabled(True)
        table = _table(measured.things)
        self._rows.replaceWidget(self._table, table)
        self._table.hide()
        self._table.deleteLater()
        self._table = table

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self._open.setIcon(icons.icon("folder", 18, beside=4))

    def _want(self) -> None:
        if self._folder is not None:
            self.open_wanted.emit(self._folder)


def _table(things: tuple[Kept, ...]) -> QWidget:
    table = QWidget()
    table.setObjectName("keptTable")
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    space(grid, 12)
    grid.setColumnStretch(0, 1)
    for row, kept in enumerate(things):
        name, about = WORDS[kept.thing]
        texts = QWidget()
        lines = QVBoxLayout(texts)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(text_label(tr(name)))
        place = "" if kept.thing is Thing.REST else f"{apart(kept.path.name)} · "
        lines.addWidget(text_label(f"{place}{tr(about)}", "muted"))
        size = text_label(QLocale().formattedDataSize(kept.size, 1, SI), wraps=False)
        size.setAccessibleName(f"{tr(name)}: {size.text()}")
        grid.addWidget(texts, row, 0)
        top = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        grid.addWidget(size, row, 1, top)
    return table
