"""Attachments in the text of a message: what the model reads, and what its author sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.attachments import (
    LONGEST_NAME,
    Attachment,
    Parts,
    Quotation,
    attachment_of,
    composed,
    fenced,
    gist,
    parted,
)
from tests.chat_trees import NAUGHTY

texts = st.one_of(st.sampled_from(NAUGHTY), st.text(max_size=60))
attachments = st.builds(attachment_of, texts, texts)


def test_the_model_reads_the_name_the_text_and_then_the_question() -> None:
    code = attachment_of("fox.py", "print('fox')\r\n")
    text, quotations = composed([code, attachment_of("", "one\ntwo")], "What is this?")
    assert text == (
        "fox.py:\n```py\nprint('fox')\n```\n\nPasted text:\n```\none\ntwo\n```\n\nWhat is this?"
    )
    assert [each.name for each in quotations] == ["fox.py", ""]
    assert parted(text, quotations).typed == "What is this?"


@given(st.lists(attachments, max_size=4), texts)
def test_what_was_put_together_comes_apart_again(attached: list[Attachment], typed: str) -> None:
    text, quotations = composed(attached, typed)
    kept = typed if typed.strip() or not attached else ""
    assert parted(text, quotations) == Parts(tuple(attached), kept)


@given(texts, st.lists(st.builds(Quotation, texts, st.integers(-5, 99)), max_size=3))
def test_marks_that_are_not_in_the_text_hide_nothing_of_it(
    text: str, quotations: list[Quotation]
) -> None:
    parts = parted(text, quotations)
    assert composed(parts.attachments, parts.typed)[0] == text


def test_a_forged_length_shows_the_whole_text() -> None:
    text, [quotation] = composed([attachment_of("a.txt", "secret")], "Hello")
    for length in (quotation.length - 1, quotation.length + 1, 10_000, 0, -1):
        assert parted(text, [Quotation("a.txt", length)]) == Parts((), text)
    assert parted(text, [Quotation("b.txt", quotation.length)]) == Parts((), text)


@pytest.mark.parametrize("inside", ["```", "`````\nx\n`````", "a ```` b", "~~~\n```py"])
def test_no_text_ends_its_own_fence(inside: str) -> None:
    block = fenced(attachment_of("x.md", inside))
    first, *rest, last = block.split("\n")
    assert first.rstrip("md") == last
    assert set(last) == {"`"}
    assert all(last not in line for line in rest)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("notes.txt", "notes.txt"),
        ("two\nlines```.txt", "two lines .txt"),
        ("  \t\x00x\u202egnp.exe  ", "x gnp.exe"),
        ("n" * 500 + ".json", "n" * 59 + "…" + "n" * 55 + ".json"),
    ],
)
def test_a_name_is_one_line_of_plain_characters(name: str, shown: str) -> None:
    made = attachment_of(name, "x").name
    assert made == shown
    assert len(made) <= LONGEST_NAME


def test_only_a_plain_ending_names_a_language() -> None:
    assert fenced(attachment_of("a.C++", "x")).startswith("```c++\n")
    assert fenced(attachment_of("a.what is this", "x")).startswith("```\n")
    assert fenced(attachment_of("Makefile", "x")).startswith("```\n")


def test_the_gist_is_what_was_typed_or_else_the_names() -> None:
    both = [attachment_of("a.txt", "x"), attachment_of("", "y")]
    assert gist(*composed(both, "Why?")) == "Why?"
    assert gist(*composed(both, " ")) == "a.txt, Pasted text"
    assert gist("plain", ()) == "plain"
