"""What was dropped on the window or pasted: which files of this computer it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl

from desktop.ui.library.drops import import_paths
from desktop.ui.settings.adapter_section import adapter_paths


@dataclass(frozen=True, slots=True)
class Dropped:
    """The files of a drop, by what becomes of them."""

    adapters: tuple[Path, ...] = ()
    models: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()  # exported chats among them, which only a look inside can tell


def sorted_out(urls: Iterable[QUrl]) -> Dropped:
    """The files of a drop on the window."""
    urls = tuple(urls)
    adapters, models = adapter_paths(urls), import_paths(urls)
    rest = tuple(path for path in local_paths(urls) if path not in (*adapters, *models))
    return Dropped(adapters, tuple(path for path in models if path not in adapters), rest)


def local_paths(urls: Iterable[QUrl]) -> tuple[Path, ...]:
    """Files and folders of this computer.

    An address with a host is passed over: a mere look at it would tell that host who is here.
    """
    local = (url.toLocalFile() for url in urls if url.isLocalFile() and not url.host())
    sound = (name for name in local if name and "\0" not in name)
    return tuple(Path(name) for name in sound if not name.startswith(("//", "\\\\")))
