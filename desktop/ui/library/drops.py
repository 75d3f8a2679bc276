"""Model files and folders that are dropped on the window."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QUrl

GGUF = ".gguf"


def import_paths(urls: Iterable[QUrl]) -> tuple[Path, ...]:
    """What of a drop can be installed: GGUF files and folders of this computer.

    An address with a host is passed over: a mere look at it would tell that host who is here.
    """
    local = (url.toLocalFile() for url in urls if url.isLocalFile() and not url.host())
    paths = (Path(name) for name in local if name and not name.startswith(("//", "\\\\")))
    return tuple(path for path in paths if _is_importable(path))


def _is_importable(path: Path) -> bool:
    try:
        return path.is_dir() or (path.suffix.lower() == GGUF and path.is_file())
    except (OSError, ValueError):
        return False
