"""The licences of what Cellar is made of, as the bundle has them."""

from pathlib import Path

from desktop.services.house.notices import Licence

LARGEST = 2_000_000  # characters of one text


def read_licences(folder: Path) -> tuple[Licence, ...]:
    """Every text below the folder, by name; none where there is no such folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(licence(path.relative_to(folder).as_posix(), _text_of(path)) for path in found)


def licence(name: str, text: str) -> Licence:
    """A licence, ready to be searched."""
    return Licence(name, text, f"{name}\n{text}".casefold())


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")[:LARGEST]
    except OSError:
        return ""
