"""The title that is made from what was said first, and what is left of a model's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.chat import titles
from desktop.services.chat.titles import LENGTH


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Where is Paris?", "Where is Paris?"),
        ("\n\n  \t\nWhere is Paris?\nAnd Rome?", "Where is Paris?"),
        ("Hello there. Can you help me?", "Hello there."),
        ("Hi! I need a plan.", "Hi! I need a plan."),  # not the greeting alone
        ("Version 3.11 is out. Is it good?", "Version 3.11 is out."),
        ("# My **big** plan", "My big plan"),
        ("> - quoted", "quoted"),
        ("1. First\n2. Second", "First"),
        ("See [the page](https://example.org/a_b) now", "See the page now"),
        ("![a cat](cat.png)", "a cat"),
        ("Rename snake_case to camelCase", "Rename snake_case to camelCase"),
        ("_Loud_ and __clear__", "Loud and clear"),
        ("```python\nprint('x')\n```", "python"),
        ("```\nprint('x')\n```", "print('x')"),
        ("~~~\n---\n***\nAfter the rule", "After the rule"),
        ("Two   spaces\tand a tab", "Two spaces and a tab"),
        ("巴黎在哪里\uff1f它很大吗\uff1f", "巴黎在哪里\uff1f"),
        ("東京はどこですか。教えてください。", "東京はどこですか。"),
        ("Привет. Как дела?", "Привет."),
        ("🙂🙂", "🙂🙂"),
        ("🙂 Hello", "🙂 Hello"),
        ("?!", "?!"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_the_first_sentence_that_says_something(text: str, title: str) -> None:
    assert titles.by_rule(text) == title


def test_a_long_one_is_cut_between_words() -> None:
    title = titles.by_rule("Please write " + "a very long text about cellars " * 10)
    assert len(title) <= LENGTH
    assert title.endswith("…")
    words = title.removesuffix("…").split()
    assert set(words) <= {"Please", "write", "a", "very", "long", "text", "about", "cellars"}


@pytest.mark.parametrize("text", ["x" * 500, "漢" * 500, "é" * 500, "https://example.org/" * 40])
def test_one_without_a_place_to_cut_is_cut_anyway(text: str) -> None:
    title = titles.by_rule(text)
    assert len(title) == LENGTH
    assert text.startswith(title.removesuffix("…"))


@pytest.mark.parametrize("character", ["👩\u200d👩\u200d👧", "e\u0301", "🇫🇷", "👍🏽"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
def test_no_character_is_cut_in_two(before: str, character: str) -> None:
    title = titles.by_rule(before + character * 60).removeprefix(before)
    assert title == character * title.count(character) + "…"
    assert len(title) > LENGTH // 2


def test_a_character_without_an_end_is_cut() -> None:
    assert len(titles.by_rule("e" + "\u0301" * 500)) == LENGTH


def test_a_huge_message_is_no_trouble() -> None:
    assert titles.by_rule("\n" * 3_999_000 + "late") == ""
    assert len(titles.by_rule("*" * 1_000_000 + "a")) <= LENGTH


@given(st.text(max_size=300))
def test_whatever_is_said_gives_one_short_line(text: str) -> None:
    title = titles.by_rule(text)
    assert len(title) <= LENGTH
    assert title.splitlines() in ([], [title])
    assert title == title.strip()
    assert bool(title) == bool(text.split())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('"Paris on the map."', "Paris on the map"),
        ("**Title:** Paris\n\nIt is about Paris.", "Paris"),
        ("title: Paris", "Paris"),
        ("«Париж»", "Париж"),
        ("\n\nParis", "Paris"),
        ('""', ""),
        ("", ""),
    ],
)
def test_what_is_left_of_a_models_title(text: str, title: str) -> None:
    assert titles.cleaned(text) == title
