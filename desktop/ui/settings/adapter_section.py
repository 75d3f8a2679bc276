"""The adapters in the settings of a chat: those of its model, and adding another one."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.adapters import CONFIG, SUFFIX, Adapter, Strengths
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.settings.adapter_row import AdapterRow
from desktop.ui.spacing import at_least, inset, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import INFO, Action, Banner
from desktop.ui.widgets.wrapped_label import wrapped_label

PAUSE_MS = 600  # the model is loaded anew for another strength, so only the last one counts
NARROWEST = 160  # pixels; a long note is not to widen the panel


class AdapterSection(QWidget):
    """Reports what the user changes; `flush` reports at once what was just moved."""

    strengths_changed = Signal(object)  # the Strengths of those that are on
    add_asked = Signal(object)  # from this Path
    remove_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adapters")
        self.setAcceptDrops(True)
        self._rows: dict[str, AdapterRow] = {}
        self._dress: tuple[Theme, IconSet] | None = None
        self._add = QPushButton(tr("Add an adapter…"))
        self._add.setObjectName("addAdapter")
        self._add.setProperty("kind", "quiet")
        self._add.setAccessibleName(tr("Add an adapter to the model of this chat"))
        self._add.setToolTip(
            tr("A LoRA adapter for the model of this chat: a {suffix} file.", suffix=SUFFIX)
        )
        self._add.clicked.connect(self._pick)
        self._what = wrapped_label(
            tr("An adapter gives the model another manner or skill."), "muted", "adaptersHelp"
        )
        self._working = wrapped_label(kind="muted", name="adapterWork")
        self._working.hide()
        self.note = Banner()
        at_least(self.note, NARROWEST)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._list = QVBoxLayout()
        space(self._list, 8)
        self._lay_out()
        self.setEnabled(False)

    def set_adapters(self, adapters: Sequence[Adapter], strengths: Strengths) -> None:
        """Offer these, in this order. Nothing is reported."""
        if [row.adapter for row in self._rows.values()] != list(adapters):
            self._pause.stop()
            self._replace_rows(adapters)
        self.set_strengths(strengths)
        self._what.setVisible(not adapters)
        self.setEnabled(True)

    def set_strengths(self, strengths: Strengths) -> None:
        """Show what the chat is held with. Nothing is reported."""
        if self._pause.isActive():  # what is being moved is newer
            return
        for row in self._rows.values():
            row.set_strength(strengths.get(row.adapter.id, 0.0))

    def strengths(self) -> Strengths:
        """Those that are on."""
        found = {name: row.strength() for name, row in self._rows.items()}
        return {name: strength for name, strength in found.items() if strength}

    def forget_changes(self) -> None:
        """Another chat is shown: what was moved and not reported is not for that one."""
        self._pause.stop()

    def flush(self) -> None:
        """Report at once what was just moved."""
        for row in self._rows.values():
            row.finish_typing()
        if self._pause.isActive():
            self._tell()

    def set_work(self, text: str) -> None:
        """Tell what takes time just now; empty: nothing."""
        self._working.setText(text)
        self._working.setVisible(bool(text))
        self._add.setEnabled(not text)

    def tell(
        self,
        text: str,
        actions: Sequence[Action] = (),
        kind: str = INFO,
        timeout_s: float | None = None,
    ) -> None:
        """Say something below the adapters, and bring it into view."""
        self.note.show_message(text, actions, kind, timeout_s)
        QTimer.singleShot(0, self, self._reveal)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._dress = (theme, icons)
        self.note.set_theme(theme, icons)
        self._add.setIcon(icons.icon("plus", 16))
        for row in self._rows.values():
            row.set_theme(theme, icons)

    def _replace_rows(self, adapters: Sequence[Adapter]) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self._rows = {adapter.id: AdapterRow(adapter) for adapter in adapters}
        for row in self._rows.values():
            row.switched.connect(self._tell)
            row.strength_moved.connect(self._pause.start)
            row.remove_asked.connect(self.remove_asked)
            if self._dress:
                row.set_theme(*self._dress)
            self._list.addWidget(row)

    def _reveal(self) -> None:
        place = self.parentWidget()
        while place is not None and not isinstance(place, QScrollArea):
            place = place.parentWidget()
        if place is not None and self.note.isVisible():
            place.ensureWidgetVisible(self.note)

    def _tell(self) -> None:
        self._pause.stop()
        self.strengths_changed.emit(self.strengths())

    def _pick(self) -> None:
        dialog = QFileDialog(self, tr("Add an adapter"))
        dialog.setNameFilter(tr("LoRA adapters ({files})", files=f"*{SUFFIX}"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.add_asked.emit(Path(name)))
        dialog.open()

    def _lay_out(self) -> None:
        title = QLabel(tr("Adapters"))
        line = QHBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(self._add)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addLayout(line)
        rows.addWidget(self._what)
        rows.addLayout(self._list)
        rows.addWidget(self._working)
        below = QVBoxLayout()
        inset(below, 0, 4, 0, 0)
        below.addWidget(self.note)
        rows.addLayout(below)

    # QWidget

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if adapter_paths(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for path in adapter_paths(event.mimeData().urls())[:1]:
            event.acceptProposedAction()
            self.add_asked.emit(path)


def adapter_paths(urls: Iterable[QUrl]) -> tuple[Path, ...]:
    """What of a drop is an adapter: files of this computer, and folders as PEFT makes them."""
    local = (url.toLocalFile() for url in urls if url.isLocalFile() and not url.host())
    paths = (Path(name) for name in local if name and not name.startswith(("//", "\\\\")))
    return tuple(path for path in paths if _is_adapter(path))


def _is_adapter(path: Path) -> bool:
    try:
        return (path / CONFIG).is_file() if path.is_dir() else path.suffix.lower() == SUFFIX
    except (OSError, ValueError):
        return False
