"""Text as it is compared in a search: without case, accents, and forms of the same character."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]  # from and to, in characters of Python

_ACCENTS = range(0x0300, 0x0370)
# Scripts that put no space between words: each character is a word of its own.
_UNSPACED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x0F00, 0x1100),  # Tibetan, Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x2E80, 0x2FE0),  # parts of Chinese characters
    range(0x3005, 0x3008),
    range(0x3040, 0x3100),  # Hiragana, Katakana
    range(0x3100, 0x3130),  # Bopomofo
    range(0x31A0, 0x31C0),
    range(0x31F0, 0x3200),
    range(0x3400, 0x4DC0),  # Chinese, Japanese and Korean characters
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7B0),  # Hangul
    range(0xF900, 0xFB00),
    range(0x20000, 0x32000),
)
_WORD_KINDS = ("L", "N", "M", "So", "Co")  # of characters that can be sought
_PIECE = 4000  # characters that are looked at together when a long text is searched
_WHOLE_TEXT = 1_000_000  # characters; what comes after is not highlighted


class _Folding(dict[int, str]):
    """A table for `str.translate` that is filled as characters come."""

    def __missing__(self, code: int) -> str:
        folded = _folded(code)
        self[code] = folded
        return folded


class _Spacing(dict[int, str]):
    """The same, with characters of unspaced scripts and symbols set apart."""

    def __missing__(self, code: int) -> str:
        folded = _FOLDED[code]
        if is_unspaced(code) or unicodedata.category(chr(code)) == "So":
            folded = f" {folded} "
        self[code] = folded
        return folded


def is_unspaced(code: int) -> bool:
    """True for a character of a script that puts no space between words."""
    return code >= 0x0E00 and any(code in each for each in _UNSPACED)


def fold(text: str) -> str:
    """The text as it is compared. It may be longer or shorter than the original."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def spaced(text: str) -> str:
    """The folded text with a space wherever a word may begin, as the index takes it."""
    return text.lower() if text.isascii() else text.translate(_SPACED)


def is_sought(text: str) -> bool:
    """True when there is anything in the text that an index holds."""
    return any(unicodedata.category(character).startswith(_WORD_KINDS) for character in fold(text))


def occurrences(text: str, sought: str) -> tuple[Range, ...]:
    """Where the text holds what is sought, as “Find” in a page does."""
    needle = fold(sought)
    if not needle or needle not in fold(text[:_WHOLE_TEXT]):
        return ()
    return _found(text[:_WHOLE_TEXT], re.compile(re.escape(needle)))


def excerpt(text: str, sought: Sequence[str], length: int) -> tuple[str, tuple[Range, ...]]:
    """A piece of the text around the first of the words sought, and where they stand in it."""
    pattern = _any_of(sought)
    start = _first_piece(text, pattern) if pattern else 0
    piece = text[start : start + _PIECE]
    found = _found(piece, pattern) if pattern else ()
    begin = max(0, found[0][0] - length // 4) if found else 0
    end = min(len(piece), begin + length)
    before = "…" if start + begin else ""
    after = "…" if start + end < len(text) else ""
    shown = "".join(" " if each.isspace() else each for each in piece[begin:end])
    shift = len(before) - begin
    ranges = tuple((a + shift, b + shift) for a, b in found if b <= end)
    return f"{before}{shown}{after}", ranges


def _any_of(sought: Sequence[str]) -> "re.Pattern[str] | None":
    words = {word for each in sought for word in re.split(r"[^\w\u0300-\U0010ffff]+", fold(each))}
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile("|".join(_as_word(word) for word in longest_first))


def _as_word(word: str) -> str:
    """The word where one begins, for the index finds no words inside of others."""
    begins = "" if is_unspaced(ord(word[0])) or not word[0].isalnum() else r"(?<![^\W_])"
    return begins + re.escape(word)


def _first_piece(text: str, pattern: "re.Pattern[str]") -> int:
    """Where the first piece begins that has a match; 0 when none has."""
    step = _PIECE // 2
    for start in range(0, min(len(text), _WHOLE_TEXT), step):
        if pattern.search(fold(text[start : start + _PIECE])):
            # The piece before may end in the words that lead to the match.
            return max(0, start - step // 4) if start else 0
    return 0


def _found(text: str, pattern: "re.Pattern[str]") -> tuple[Range, ...]:
    """The matches in the folded text, as places in the original."""
    places: list[int] = []
    pieces: list[str] = []
    for place, character in enumerate(text):
        folded = _FOLDED[ord(character)]
        pieces.append(folded)
        places.extend([place] * len(folded))
    found: list[Range] = []
    for match in pattern.finditer("".join(pieces)):
        if match.end() > match.start():
            found.append((places[match.start()], places[match.end() - 1] + 1))
    return tuple(found)


def _folded(code: int) -> str:
    character = chr(code)
    if code in _ACCENTS:
        return ""
    if is_unspaced(code):
        return unicodedata.normalize("NFKC", character)
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(each for each in plain if ord(each) not in _ACCENTS)


_FOLDED = _Folding()
_SPACED = _Spacing()
