"""A prompt with what its text alone does not say."""

from typing import Self


class Prompt(str):
    """The exact text that the model reads.

    With `pieces`, which join to it, those at `answers` are answers of the model's, to be read as
    the tokens that were written. The answer ends at one of the tokens `ends`, too; a beginning of
    one of the texts `names` is no part of it when nothing follows.
    """

    pieces: tuple[str, ...] = ()
    answers: frozenset[int] = frozenset()
    ends: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def ending(self, ends: tuple[str, ...], names: tuple[str, ...]) -> Self:
        """The same prompt of an answer that ends so."""
        self.ends, self.names = ends, names
        return self

    def in_pieces(self, pieces: tuple[str, ...], answers: frozenset[int]) -> Self:
        """The same prompt, and which of its pieces are answers."""
        self.pieces, self.answers = pieces, answers
        return self
