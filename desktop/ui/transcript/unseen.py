"""Characters that nobody sees and that change what is read: shown, or cut short."""

import re

KEPT = 8  # of marks on one letter; more is no writing of any language

_NAMES = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
_TURNS = re.compile(f"[{''.join(_NAMES)}]")
_FLOOD = re.compile(
    "["
    "\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060-\u2064"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
    f"]{{{2 * KEPT},}}"
)


def visible(text: str) -> str:
    """The text with what turns the direction of reading in letters, and floods of marks counted.

    Without that a file name, a link or a line of a program could read as another one.
    """
    if text.isascii():
        return text
    return _FLOOD.sub(_counted, _TURNS.sub(_named, text))


def _named(found: re.Match[str]) -> str:
    return f"⟨{_NAMES[found[0]]}⟩"


def _counted(found: re.Match[str]) -> str:
    return f"{found[0][:KEPT]}⟨+{len(found[0]) - KEPT}⟩"
