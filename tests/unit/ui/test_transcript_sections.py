"""A message is cut into sections of bounded length, and growing changes only the last one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.transcript.sections import (
    CODE_CHARS,
    CODE_LINES,
    SECTION_CHARS,
    Section,
    Shape,
    references,
    split,
    split_plain,
)
from tests.effort import effort

LINES = st.sampled_from(
    [
        "",
        " ",
        "Some words",
        "# Title",
        "- item",
        "  more of it",
        "3. third",
        "> quote",
        "| a | b |",
        "|---|---|",
        "```python",
        "```",
        "   ```",
        "~~~",
        "x = 1",
        "    indented",
        "[x]: https://example.org",
        "long " * 300,
        "y" * 4_000,
    ]
)
TEXTS = st.lists(LINES, max_size=60).map("\n".join)


@given(TEXTS)
def test_the_sections_are_the_text(text: str) -> None:
    assert "".join(section.source for section in split(text)) == text
    assert "".join(section.source for section in split_plain(text)) == text


@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=12))
def test_a_growing_text_only_changes_its_last_section(text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    sections: list[Section] = []
    start = 0
    for end in ends:
        last = sections.pop() if sections else None
        source = (last.source if last else "") + text[start:end]
        sections += split(source, last)
        start = end
    assert "".join(section.source for section in sections) == text


@given(TEXTS)
def test_no_section_is_long(text: str) -> None:
    for section in split(text):
        assert len(section.source) <= 2 * SECTION_CHARS + CODE_CHARS
        if section.shape is Shape.CODE:
            assert section.source.count("\n") <= CODE_LINES + 2


def test_paragraphs_lists_and_code_are_sections_of_their_own() -> None:
    text = "One.\n\nTwo.\n\n- a\n\n- b\n\n```py\nx = 1\n\ny = 2\n```\nThree."
    assert [(s.shape.value, s.source) for s in split(text)] == [
        ("markdown", "One.\n\n"),
        ("markdown", "Two.\n\n"),
        ("markdown", "- a\n\n- b\n\n"),
        ("code", "```py\nx = 1\n\ny = 2\n```\n"),
        ("markdown", "Three."),
    ]


def test_a_heading_stays_with_what_it_heads() -> None:
    assert len(split("# Title\n\nText.\n\nMore.")) == 2


@pytest.mark.parametrize(
    ("text", "code", "language"),
    [
        ("```\n```", "", ""),
        ("```py\nx\n```\n\n\n", "x", "py"),
        ("```c++ title=x\na\n\n  b\n", "a\n\n  b", "c++"),
        ("~~~~\n```\n~~~\n~~~~", "```\n~~~", ""),
        ("```py", "", "py"),
        ("```py\nhalf a li", "half a li", "py"),
        ("  ```js\n  x\n  ```\n", "  x", "js"),
    ],
)
def test_program_text_is_what_is_between_the_fences(text: str, code: str, language: str) -> None:
    (section,) = split(text)
    assert section.shape is Shape.CODE
    assert section.fence
    assert (section.code, section.fence.language) == (code, language)


def test_a_fence_in_a_list_belongs_to_the_list() -> None:
    text = "1. First:\n   ```sh\n   ls\n\n   pwd\n   ```\n2. Then"
    assert [section.shape for section in split(text)] == [Shape.MARKDOWN]


def test_long_program_text_is_cut_between_definitions() -> None:
    code = "\n\n".join(f"def f{i}():\n    a = {i}\n\n    return a" for i in range(80))
    sections = split(f"```py\n{code}\n```\n")
    assert len(sections) > 3
    assert "\n".join(section.code for section in sections) == code
    assert all(section.code.startswith("def ") for section in sections)
    assert all(section.joined for section in sections[1:])


def test_a_table_that_goes_on_repeats_its_head() -> None:
    head = "| a | b |\n|---|--:|\n"
    sections = split(head + "| some words | 1 |\n" * 400)
    assert len(sections) > 2
    assert [section.lead for section in sections] == ["", *[head] * (len(sections) - 1)]


@pytest.mark.parametrize(
    "text",
    ["\n" * 200_000, " \t\n" * 60_000, "x" * 200_000, "> " * 100_000, "[" * 200_000, "`" * 200_000],
    ids=["lines", "blank lines", "one word", "quotes", "brackets", "ticks"],
)
def test_hostile_texts_are_cut_in_no_time(text: str) -> None:
    assert effort(lambda: split(text)) < 0.2
    assert len(split(text)) <= 1 + len(text) / 1_000


def test_link_definitions_are_found_wherever_they_are() -> None:
    text = "See [a][1] and [b].\n\n[1]: https://a.example\n\nMore\n  [b]: <https://b.example> 'B'\n"
    assert references(text) == "[1]: https://a.example\n  [b]: <https://b.example> 'B'"
    assert references("- [x] done") == ""
