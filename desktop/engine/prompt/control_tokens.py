"""Which texts are control tokens: those of the tokenizer, and those that a template writes."""

import re
from collections.abc import Iterable

_ROLES = ("system", "user", "assistant", "end")
_EVERYDAY = (
    r"<\|[^\s<>|]+\|>",  # <|im_start|>
    r"<\uff5c[^\s<>\uff5c]+\uff5c>",  # the same with the wide bars of DeepSeek
    r"\[\|[^\s\[\]|]+\|\]",  # [|user|]
    r"\[/?[A-Z_]{3,}\]",  # [INST]
    r"<</?[A-Z]+>>",  # <<SYS>>
    r"</?s>",
)
_TAGS = (r"</?[A-Za-z][^\s<>]*>", r"\[/?[A-Za-z]{3,}\]")  # <end_of_turn>, [gMASK]


def written_in(texts: Iterable[str], *, tags: bool) -> list[str]:
    """What looks like a control token in a template's texts; with `tags`, <anything> does."""
    texts = list(texts)
    pattern = re.compile("|".join(_EVERYDAY + _TAGS if tags else _EVERYDAY))
    found = [token for text in texts for token in pattern.findall(text)]
    if any(text.endswith("<|") for text in texts):  # '<|' + role + '|>'
        found += [f"<|{role}|>" for role in _ROLES]
    return found
