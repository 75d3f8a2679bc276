"""Answers for the ear, while they are written."""

import pytest

from desktop.ui.transcript.speaking import Speech

ANSWER = """The **cellar** is cold. It is 3.5 metres deep, e.g. like a well! Is it? Yes.

```python
a = 1
b = 2
```

1. One thing here is first.
2. Another comes after it.
"""
TOLD = [
    "The cellar is cold.",
    "It is 3.5 metres deep, e.g. like a well!",
    "Is it? Yes.",
    "Program text: 2 lines",
    "1. One thing here is first.",
    "2. Another comes after it.",
]


def grown(answer: str, step: int) -> list[str]:
    speech = Speech("a")
    told = [speech.grown(answer[:end]) for end in range(step, len(answer), step)]
    return [line for each in (*told, speech.ended(answer)) for line in each.splitlines() if line]


@pytest.mark.parametrize("step", [1, 2, 7, 40, 500])
def test_everything_is_told_once_and_program_text_is_only_mentioned(step: int) -> None:
    assert " ".join(grown(ANSWER, step)) == " ".join(TOLD)


def test_sentences_are_told_when_they_are_whole() -> None:
    speech = Speech("a")
    assert speech.grown("The cellar is cold and da") == ""
    assert speech.grown("The cellar is cold and dark. It") == "The cellar is cold and dark."
    assert speech.grown("The cellar is cold and dark. It is") == ""
    assert speech.ended("The cellar is cold and dark. It is so") == "It is so"


def test_short_sentences_wait_for_the_next_one() -> None:
    speech = Speech("a")
    assert speech.grown("Yes. ") == ""
    assert speech.grown("Yes. That is what it says. ") == "Yes. That is what it says."


def test_program_text_that_is_never_closed_is_mentioned_at_the_end() -> None:
    speech = Speech("a")
    source = "Here:\n```\none\ntwo\n"
    assert speech.grown(source) == "Here:"
    assert speech.ended(source) == "Program text: 2 lines"


def test_chinese_sentences_end_without_a_space() -> None:
    speech = Speech("a")
    text = "\u7b2c\u4e00\u53e5\u8bdd" * 7 + "\u3002"
    assert speech.grown(text + "\u4e8c") == text
