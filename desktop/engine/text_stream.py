"""From token ids to the pieces of text that may be shown."""

from collections.abc import Callable, Collection, Sequence
from itertools import takewhile

REPLACEMENT = "\ufffd"  # what a decoder gives for bytes that are not yet a character
UNFINISHED = 3  # bytes that a character may lack its end after; some decoders mark each one
WINDOW = 4  # tokens that are decoded again with new ones, before the earlier ones are left out


class TextStream:
    """Decodes a growing answer and gives out text that later tokens can no longer change.

    A piece is held back while it ends inside a character, or could be the start of a stop text.
    The pieces join to `text`. Decoding starts at the last piece given out, not at the beginning,
    so that a token costs the same at any length; one earlier piece goes along as context, because
    tokenizers write a word's leading space only when something stands before it. Of bytes that
    never become a character, only the last few are held back.
    """

    def __init__(
        self,
        decode: Callable[[Sequence[int]], str],
        stops: Sequence[str] = (),
        names: Sequence[str] = (),
        ends: Collection[int] = (),
    ) -> None:
        """`names` are those of the stop texts of which not even a beginning may end the text.

        The text ends before one of the tokens `ends`, too.
        """
        self._decode = decode
        self._stops = tuple(stops)
        self._names = tuple(names)
        self._ends = frozenset(ends)
        self._ids: list[int] = []
        self._context_start = 0  # the first token that is decoded again
        self._taken_end = 0  # the first after those that are taken for good
        self._taken = 0  # characters of what is decoded again that are in `_decoded` already
        self._decoded = ""
        self._shown = 0
        self.stopped = False  # True once a stop text was met; `text` ends before it

    @property
    def watches(self) -> bool:
        """True when the text is looked through for stop texts."""
        return bool(self._stops)

    @property
    def text(self) -> str:
        """All that was given out."""
        return self._decoded[: self._shown]

    @property
    def ids(self) -> list[int]:
        """All tokens that were taken."""
        return list(self._ids)

    def push(self, ids: Sequence[int]) -> str:
        """Take new token ids; return the text that is now certain, often one word."""
        kept = list(takewhile(lambda number: number not in self._ends, ids))
        self._ids.extend(kept)
        self._take(final=False)
        piece = self._release(final=False)
        if len(kept) < len(ids):
            piece += self.finish()
            self.stopped = True
        return piece

    def finish(self) -> str:
        """Return what was held back, now that nothing follows."""
        self._take(final=True)
        if not self.stopped and self._end_before_stop() is None:
            unfinished = self._beginning_of(self._names)
            self._decoded = self._decoded[: len(self._decoded) - unfinished]
        return self._release(final=True)

    def _take(self, *, final: bool) -> None:
        if self.stopped or self._taken_end == len(self._ids):
            return
        window = self._decode(self._ids[self._context_start :])
        fresh = window[self._taken :]
        marks = len(fresh) - len(fresh.rstrip(REPLACEMENT))
        held_back = 0 if final else min(marks, UNFINISHED)
        end = len(window) - held_back
        self._decoded += window[self._taken : end]
        if fresh and not held_back:  # some decoders give nothing for an unfinished character
            if len(self._ids) - self._context_start < WINDOW:
                self._taken = end
            else:  # not each time: it takes another decoding
                self._move_window(self._taken_end, 0)
            self._taken_end = len(self._ids)
        elif len(self._ids) - self._context_start > 2 * WINDOW:
            self._move_window(len(self._ids) - WINDOW, held_back)
        else:
            self._taken = max(self._taken, end)

    def _move_window(self, start: int, held_back: int) -> None:
        self._context_start = start
        self._taken = len(self._decode(self._ids[start:])) - held_back

    def _release(self, *, final: bool) -> str:
        if self.stopped:
            return ""
        end = self._end_before_stop()
        if end is not None:
            self._decoded, self.stopped = self._decoded[:end], True
        held_back = 0 if final or self.stopped else self._beginning_of(self._stops)
        start, self._shown = self._shown, max(self._shown, len(self._decoded) - held_back)
        return self._decoded[start : self._shown]

    def _end_before_stop(self) -> int | None:
        found = [self._decoded.find(stop, self._shown) for stop in self._stops]
        return min((place for place in found if place >= 0), default=None)

    def _beginning_of(self, texts: Sequence[str]) -> int:
        """How many characters at the end are the beginning of one of these texts."""
        tail = self._decoded[self._shown :]
        return max(
            (
                length
                for text in texts
                for length in range(1, min(len(text), len(tail) + 1))
                if tail.endswith(text[:length])
            ),
            default=0,
        )
