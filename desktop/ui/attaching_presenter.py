"""Between the composer and the reader of files: what is dropped, pasted or chosen gets attached."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from desktop.services.attaching.commands import ReadFiles
from desktop.services.attaching.notices import FilesRead
from desktop.ui.composer.composer import Composer
from desktop.ui.i18n import tr, trn

MOST_PROBLEMS = 3  # that are told of one drop


class AttachingPresenter(QObject):
    """Lives in the window's thread."""

    chats_found = Signal(object)  # paths of exported conversations

    def __init__(
        self, composer: Composer, post: Callable[[ReadFiles], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._post = post
        self._waiting = 0  # answers that are still to come
        self._folder = ""  # where files were chosen last
        composer.files_offered.connect(self._offered)

    def read(self, paths: Sequence[Path], *, find_chats: bool = False) -> None:
        """Attach these files; with `find_chats`, those that hold conversations are told apart."""
        self._waiting += 1
        self._composer.set_reading(True)
        self._post(ReadFiles(tuple(paths), find_chats))

    @Slot(object)
    def take(self, notice: FilesRead) -> None:
        """Show what was read, and say why the rest was not."""
        self._waiting = max(0, self._waiting - 1)
        self._composer.set_reading(self._waiting > 0)
        self._composer.attach(notice.attachments)
        if notice.chats:
            self.chats_found.emit(notice.chats)
        if notice.problems:
            self._composer.set_problem(_told(notice))

    @Slot(object)
    def _offered(self, paths: Sequence[Path]) -> None:
        chosen = paths or self._ask()
        if chosen:
            self.read(chosen)
        self._composer.setFocus()

    def _ask(self) -> tuple[Path, ...]:
        names, _ = QFileDialog.getOpenFileNames(
            self._composer.window(), tr("Attach files"), self._folder or str(Path.home())
        )
        if names:
            self._folder = str(Path(names[0]).parent)
        return tuple(Path(name) for name in names)


def _told(notice: FilesRead) -> str:
    """The problems as sentences, those that are one too many only counted."""
    told = [str(problem) for problem in notice.problems[:MOST_PROBLEMS]]
    more = len(notice.problems) - len(told)
    if more:
        told.append(
            trn(
                "And {count} more file could not be attached.",
                "And {count} more files could not be attached.",
                more,
            )
        )
    return "\n".join(told)
