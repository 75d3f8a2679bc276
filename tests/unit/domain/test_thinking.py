"""What a model thought is parted from what it answered."""

import pytest

from desktop.domain.thinking import (
    Parted,
    answer_of,
    may_begin,
    opens,
    parted,
    without_half_mark,
)


@pytest.mark.parametrize(
    ("text", "thought", "answer", "closed"),
    [
        ("<think>\nHm.\n</think>\n\nYes.", "\nHm.\n", "\n\nYes.", True),
        ("\n <think>Hm.</think>Yes.", "Hm.", "Yes.", True),
        ("<think>\n\n</think>\n\nYes.", "\n\n", "\n\nYes.", True),
        ("<think>\nHm. I", "\nHm. I", "", False),
        ("Hm.\nSo.\n</think>\n\nYes.", "Hm.\nSo.\n", "\n\nYes.", True),
        ("</think>Yes.", "", "Yes.", True),
        ("<think>a</think>b</think>c", "a", "b</think>c", True),
    ],
)
def test_a_thought_stands_before_the_answer(
    text: str, thought: str, answer: str, closed: bool
) -> None:
    assert parted(text) == Parted(True, thought, answer, closed)


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "",
        "Write <think> and </think>.",
        "Yes. <think>Hm.</think>",
        "```xml\n<think>\nHm.\n</think>\n```",
        "The mark is `</think>`.",
        "See <think> first:\n</think>",
    ],
)
def test_marks_within_an_answer_are_words_of_it(text: str) -> None:
    assert parted(text) == Parted(False, "", text, False)


def test_only_what_has_no_end_goes_on() -> None:
    assert parted("<think>Hm").thinking
    assert not parted("<think>Hm</think>").thinking
    assert not parted("Hm").thinking


@pytest.mark.parametrize(
    ("text", "answer"),
    [("<think>\nHm.\n</think>\n\nYes.", "Yes."), ("<think>Hm", ""), ("\nYes.", "\nYes.")],
)
def test_the_answer_alone(text: str, answer: str) -> None:
    assert answer_of(text) == answer


def test_half_a_mark_waits() -> None:
    assert all(map(may_begin, ("<", "\n<thi")))
    assert not any(map(may_begin, ("<div", "", "x<", "<think>")))
    assert without_half_mark("Hm.\n</thi") == "Hm.\n"
    assert without_half_mark("a < b") == "a < b"


def test_a_thought_that_the_prompt_opened_needs_no_mark() -> None:
    assert opens("…<|Assistant|><think>\n")
    assert not opens("<think>\n\n</think>\n\n")
    assert parted("Hm. I", opened=True) == Parted(True, "Hm. I", "", False)
    assert parted("", opened=True) == Parted(False, "", "", False)
    assert parted("Hm.\n</think>\nYes.", opened=True) == parted("Hm.\n</think>\nYes.")
    assert answer_of("Hm. I", opened=True) == ""
