"""Checks of the program's own parts: what is asked of each, and how it went."""

import time
from collections.abc import Callable
from dataclasses import dataclass


class Wrong(Exception):
    """A part is not as it must be; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one check went. `detail` is for who reads the report, in a few words."""

    name: str
    ok: bool
    detail: str
    ms: int


def checked(name: str, check: Callable[[], str]) -> Checked:
    """Carry out a check, which returns its detail or raises; whatever it raises is its outcome."""
    begun = time.perf_counter()
    try:
        ok, detail = True, check()
    except Exception as error:  # a broken part can raise anything
        ok, detail = False, f"{type(error).__name__}: {error}"
    return Checked(name, ok, " ".join(detail.split())[:500], _since(begun))


def _since(begun: float) -> int:
    return round(1000 * (time.perf_counter() - begun))
