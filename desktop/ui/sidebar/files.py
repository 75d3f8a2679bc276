"""Asking for files: where an export goes, and what is imported."""

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.history.formats import CHOICES, IMPORTED
from desktop.ui.i18n import tr

LONGEST_NAME = 60  # characters
_NOT_IN_NAME = re.compile(r"[^\w -]+")


class Files:
    """The system's own dialogs, over the window of a widget."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget

    def ask_where_to_export(self, title: str) -> tuple[Path, str] | None:
        """A file and the id of its format; None when the user does not want to."""
        filters = {f"{tr(each.label)} (*{each.suffix})": each for each in CHOICES}
        first = next(iter(filters))
        name, chosen = QFileDialog.getSaveFileName(
            self._widget.window(),
            tr("Export"),
            str(Path.home() / f"{file_stem(title)}{CHOICES[0].suffix}"),
            ";;".join(filters),
            first,
        )
        if not name:
            return None
        form = filters.get(chosen, CHOICES[0])
        path = Path(name)
        if path.suffix.lower() in {each.suffix for each in CHOICES}:
            path = path.with_suffix(form.suffix)
        elif path.suffix.lower() != form.suffix:
            path = path.with_name(path.name + form.suffix)
        return path, form.id

    def ask_what_to_import(self) -> tuple[Path, ...]:
        """Files of conversations; none when the user does not want to."""
        kinds = " ".join(f"*{suffix}" for suffix in IMPORTED)
        names, _ = QFileDialog.getOpenFileNames(
            self._widget.window(),
            tr("Import chats"),
            str(Path.home()),
            ";;".join((tr("Chats ({kinds})", kinds=kinds), tr("All files (*)"))),
        )
        return tuple(Path(name) for name in names)


def file_stem(title: str) -> str:
    """A title as the beginning of a file name that every system takes."""
    return " ".join(_NOT_IN_NAME.sub(" ", title).split())[:LONGEST_NAME].strip(" -") or tr("Chat")
