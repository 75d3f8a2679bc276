"""Text to tokens and back, by the model's own tokenizer."""

from collections.abc import Sequence

import openvino_genai
from openvino import Tensor

from desktop.domain.errors import Problem

COUNT_AT_ONCE = 4000  # characters; tokenizers cut what is longer than their limit
CHARACTERS = 16  # of a token, about the most: a text with more for each is not tried whole
SHORT_WORD = " a"


class Tokenizer:
    """A model's tokenizer, with its limit known: it cuts longer texts on the left, silently."""

    def __init__(self, tokenizer: openvino_genai.Tokenizer, context_length: int) -> None:
        self._tokenizer = tokenizer
        longest: int = self._encode(SHORT_WORD * (context_length + 1)).shape[1]
        self._limit = min(longest, context_length)

    @property
    def prompt_limit(self) -> int:
        """Tokens of the longest text that is known to be whole and leaves room for a token."""
        return max(self._limit - 1, 0)

    def count(self, text: str) -> int:
        """Tokens of a text. Of a text longer than the limit may be, the sum over its parts."""
        if len(text) <= CHARACTERS * self._limit:
            whole: int = self._encode(text).shape[1]
            if whole < self._limit:
                return whole
        starts = range(0, len(text), COUNT_AT_ONCE)
        return sum(self._encode(text[start : start + COUNT_AT_ONCE]).shape[1] for start in starts)

    def fitting(self, prompt: str, limit: int) -> Tensor:
        """The tokens of a prompt. Raises Problem when they are more than `limit`."""
        ids = self._encode(prompt)
        if ids.shape[1] > limit:
            raise Problem(
                f"The conversation has {self.count(prompt):,} tokens,"
                f" and this model can read {limit:,}.",
                "Shorten the message, or clear the conversation.",
            )
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without control tokens."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    def _encode(self, text: str) -> Tensor:
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids
