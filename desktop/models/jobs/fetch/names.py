"""File names of a repository, which must not become paths that harm this computer."""

import re
import unicodedata
from collections.abc import Iterable

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr

PART = ".part"  # ends the name of a file that is on its way
LONGEST = 255 - len(PART)  # bytes of one name, what common file systems take

_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)
_NOT_ON_WINDOWS = set('<>"|?*')
REMEDY = mark("Use another repository of this model.")


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
            raise _refused(
                repository, name, tr("differs from “{other}” in case only", other=_shown(other))
            )


def _refused(repository: str, name: str, reason: str) -> Problem:
    return Problem(
        tr(
            "{repository} was refused: its file “{name}” {reason}.",
            repository=repository,
            name=_shown(name),
            reason=reason,
        ),
        tr(REMEDY),
    )


def _shown(name: str) -> str:
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return printable if len(printable) <= 80 else f"{printable[:40]}…{printable[-39:]}"


def _hostile(name: str) -> str:
    if not name or any(part in ("", ".", "..") for part in name.strip("/").split("/")):
        return tr("leads out of its folder")
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
        return tr("names a place of its own on this computer")
    if any(c in "\\:" or unicodedata.category(c) in ("Cc", "Cs") for c in name):
        return tr("has a character that a file name must not have")
    return tr("is a folder") if name.endswith("/") else ""


def _unfit(part: str) -> str:
    if len(part.encode()) > LONGEST:
        return tr("has too long a name")
    if _RESERVED.fullmatch(part.rstrip(" ")):
        return tr("has a name that Windows keeps for itself")
    if part.endswith((".", " ")) or _NOT_ON_WINDOWS & set(part):
        return tr("has a name that Windows cannot have")
    return ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
