"""File names of a repository, which must not become paths that harm this computer."""

import re
import unicodedata
from collections.abc import Iterable

from desktop.domain.errors import Problem

PART = ".part"  # ends the name of a file that is on its way
LONGEST = 255 - len(PART)  # bytes of one name, what common file systems take

_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)
_NOT_ON_WINDOWS = set('<>"|?*')
REMEDY = "Use another repository of this model."


def refuse_hostile(repository: str, names: Iterable[str]) -> None:
    """Raise Problem for a name that no honest repository has, wanted or not."""
    for name in names:
        if reason := _hostile(name):
            raise _refused(repository, name, reason)


def refuse_unfit(repository: str, names: Iterable[str]) -> None:
    """Raise Problem for a name that some system cannot have, or for two that become one."""
    seen: dict[str, str] = {}
    for name in names:
        for part in name.split("/"):
            if reason := _unfit(part):
                raise _refused(repository, name, reason)
        other = seen.setdefault(_folded(name), name)
        if other != name:
            raise _refused(repository, name, f"differs from “{_shown(other)}” in case only")


def _refused(repository: str, name: str, reason: str) -> Problem:
    return Problem(f"{repository} was refused: its file “{_shown(name)}” {reason}.", REMEDY)


def _shown(name: str) -> str:
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return printable if len(printable) <= 80 else f"{printable[:40]}…{printable[-39:]}"


def _hostile(name: str) -> str:
    if not name or any(part in ("", ".", "..") for part in name.strip("/").split("/")):
        return "leads out of its folder"
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
        return "names a place of its own on this computer"
    if any(c in "\\:" or unicodedata.category(c) in ("Cc", "Cs") for c in name):
        return "has a character that a file name must not have"
    return "is a folder" if name.endswith("/") else ""


def _unfit(part: str) -> str:
    if len(part.encode()) > LONGEST:
        return "has too long a name"
    if _RESERVED.fullmatch(part.rstrip(" ")):
        return "has a name that Windows keeps for itself"
    if part.endswith((".", " ")) or _NOT_ON_WINDOWS & set(part):
        return "has a name that Windows cannot have"
    return ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
