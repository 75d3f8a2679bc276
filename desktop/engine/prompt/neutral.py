"""Keeps control tokens out of text that is not ours.

A tokenizer turns `<|im_end|>` into the one token that ends a turn, whoever wrote it. A space
after the first character makes it plain text again.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby, takewhile

_STAND_IN = "\ue000"  # a private character: no token has it
_LEFT_IN_WORDS = "/_-"  # templates look for words such as /no_think
_NEVER = "(?!)"  # an expression that matches nowhere
_DEEPEST = 30  # branches of an expression; Python's parser of them recurses


class Guard:
    """Breaks up the control tokens of one tokenizer."""

    def __init__(self, tokens: Iterable[str]) -> None:
        # What lies between leading and trailing space is enough to break a token.
        cores = sorted({token.strip() for token in tokens if is_breakable(token)})
        self._reach = max(map(len, cores), default=0)
        self._tokens = _finds_each(cores)
        self._joints = _joints(cores)

    def broken_up(self, text: str) -> str:
        """The text with each control token broken up, until none is left."""
        broken = self._tokens.sub(r"\g<0> ", text)
        while broken != text:  # a token with a space inside can come from breaking another
            text, broken = broken, self._tokens.sub(r"\g<0> ", broken)
        return text

    def broken_at_edges(self, text: str) -> str:
        """The text in a form that also has no part in a token which reaches beyond it."""
        text = text.strip()
        end = max(self._reach, len(text) - self._reach)
        first, middle, last = text[: self._reach], text[self._reach : end], text[end:]
        first, last = (self._joints.sub(r" \g<0> ", edge) for edge in (first, last))
        return self.broken_up(f" {first}{middle}{last} ")

    def stand_in(self, text: str) -> str:
        """A text of the same shape that has no part in any control token."""
        return self._joints.sub(_STAND_IN, text)

    def counts(self, text: str) -> Counter[str]:
        """How often each control token is in the text; where several begin, the longest counts."""
        matches = self._tokens.finditer(text)
        return Counter(match[0] + match[match.lastindex or 0] for match in matches)


@lru_cache(maxsize=4)
def guard_against(tokens: tuple[str, ...]) -> Guard:
    """The guard, kept: for thousands of tokens it takes a while to make."""
    return Guard(tokens)


def is_breakable(token: str) -> bool:
    """False for whitespace, of which "▁" is one form, and for a single character."""
    return len(token.replace("▁", " ").strip()) > 1


def _finds_each(tokens: list[str]) -> re.Pattern[str]:
    """Finds the first character of each token; a group that looks ahead holds the others."""
    starts = [
        f"{re.escape(first)}(?=({_longest_of([token[1:] for token in group])}))"
        for first, group in groupby(tokens, key=lambda token: token[0])
    ]
    return re.compile("|".join(starts) or _NEVER)


def _longest_of(words: list[str], depth: int = _DEEPEST) -> str:
    """An expression for the longest of these sorted words that fits.

    It branches like a tree, because tokenizers have thousands of tokens that begin alike.
    """
    if not depth:
        return f"(?:{'|'.join(map(re.escape, reversed(words)))})"
    branches = []
    for _, group in groupby(filter(None, words), key=lambda word: word[0]):
        alike = list(group)
        stem = _shared_start(alike[0], alike[-1])
        rests = [word[len(stem) :] for word in alike]
        branches.append(re.escape(stem) + (_longest_of(rests, depth - 1) if rests != [""] else ""))
    return f"(?:{'|'.join(branches)}){'?' if '' in words else ''}"


def _shared_start(first: str, second: str) -> str:
    pairs = zip(first, second, strict=False)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _joints(tokens: list[str]) -> re.Pattern[str]:
    """The characters that hold tokens together: brackets, bars and the like."""
    joints = {
        character
        for token in tokens
        for character in token
        if not (character.isalnum() or character.isspace() or character in _LEFT_IN_WORDS)
    }
    return re.compile(f"[{re.escape(''.join(sorted(joints)))}]" if joints else _NEVER)
