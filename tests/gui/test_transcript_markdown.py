"""Markdown becomes plain data, and nothing in it is ever more than text."""

import pytest

from desktop.ui.transcript.markdown import Block, Kind, Run, calm, code_block, plain, render
from tests.effort import effort


def texts(source: str) -> list[str]:
    return [block.text for block in render(source)]


def only_runs(source: str) -> tuple[Run, ...]:
    (block,) = render(source)
    return block.runs


def test_looks_of_text() -> None:
    runs = only_runs("a **b *c*** ~~d~~ `e` [f](https://example.org)")
    assert [run for run in runs if run.text.strip() and run.text != "a "] == [
        Run("b ", bold=True),
        Run("c", bold=True, italic=True),
        Run("d", strike=True),
        Run("e", code=True),
        Run("f", link="https://example.org"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<b>bold</b>",
        "<smirk>",
        '<img src="https://example.org/x.png">',
        "<style>* { color: red }</style>",
        '<a href="https://example.org">x</a>',
        "<!-- comment -->",
        "<script>alert(1)</script>",
        "<div>\n\n<table><tr><td>cell</td></tr></table>\n\n</div>",
    ],
)
def test_html_is_shown_as_it_is_written(html: str) -> None:
    assert "\n\n".join(texts(html)) == html


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "qrc:/x.png",
        "//server/share/x.png",
        "data:image/png;base64,AAAA",
    ],
)
def test_images_become_words(address: str) -> None:
    (run,) = only_runs(f"![a *cat*]({address})")
    assert run.text == f"[image: a *cat*] {address}"
    assert not run.link


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[click](javascript:alert)", "click (javascript:alert)"),
        ("[click](file:///etc/passwd)", "click (file:///etc/passwd)"),
        ("[click](JAVASCRIPT:alert)", "click (JAVASCRIPT:alert)"),
        ("[click](https://a@evil.example)", "click (https://a@evil.example)"),
        ("[click](relative/path)", "click (relative/path)"),
        ("<ftp://example.org/x>", "ftp://example.org/x"),
    ],
)
def test_other_links_say_where_they_would_have_led(source: str, shown: str) -> None:
    runs = only_runs(source)
    assert plain(runs) == shown
    assert not any(run.link for run in runs)


def test_a_link_that_says_another_address_keeps_its_true_target() -> None:
    (run,) = only_runs("[https://good.example](https://evil.example/x)")
    assert (run.text, run.link) == ("https://good.example", "https://evil.example/x")


def test_addresses_in_the_text_are_links_without_the_full_stop() -> None:
    links = [
        run for run in only_runs("See https://example.org/a?b=c, (http://x.example).") if run.link
    ]
    assert [run.text for run in links] == ["https://example.org/a?b=c", "http://x.example"]
    assert not any(run.link for run in only_runs("`https://example.org`"))


def test_definitions_of_links_may_stand_elsewhere() -> None:
    (block,) = render("See [the page][1].", "[1]: https://example.org")
    assert block.runs[1] == Run("the page", link="https://example.org")


def test_lines_stay_lines() -> None:
    assert texts("Roses are red\nViolets are blue") == ["Roses are red\nViolets are blue"]


def test_lists_in_lists_and_quotes() -> None:
    blocks = render("3. one\n4. two\n   - deep\n\n> said\n> - item\n\n- [ ] open\n- [x] done")
    assert [(block.indents, block.marker, plain(block.runs)) for block in blocks] == [
        ("l", "3.", "one"),
        ("l", "4.", "two"),
        ("ll", "•", "deep"),
        ("q", "", "said"),
        ("ql", "•", "item"),
        ("l", "[ ]", "open"),
        ("l", "[x]", "done"),
    ]


def test_every_item_keeps_its_mark_whatever_it_begins_with() -> None:
    assert [(b.indents, b.marker) for b in render("- - a\n-\n- > q")] == [
        ("l", "•"),
        ("ll", "•"),
        ("l", "•"),
        ("l", "•"),
        ("lq", ""),
    ]


def test_tables() -> None:
    (block,) = render("| Name | Amount |\n|---|---:|\n| **Wine** | 12 |")
    assert block.kind is Kind.TABLE
    assert [[plain(cell.runs) for cell in row] for row in block.rows] == [
        ["Name", "Amount"],
        ["Wine", "12"],
    ]
    assert [cell.align for cell in block.rows[1]] == ["left", "right"]
    assert block.text == "Name\tAmount\nWine\t12"


def test_code_in_a_list_keeps_its_place() -> None:
    blocks = render("- run\n  ```sh\n  ls -l\n  ```")
    assert (blocks[1].kind, blocks[1].indents, blocks[1].language) == (Kind.CODE, "l", "sh")
    assert plain(blocks[1].runs) == "ls -l"


def test_program_text_has_colours_and_loses_nothing() -> None:
    code = "\n\ndef f():\n    return 'x'  # why\n\n"
    block = code_block(code, "python")
    assert plain(block.runs) == code
    tones = {run.text.strip(): run.tone for run in block.runs}
    assert tones["return"] == "keyword"
    assert tones["'x'"] == "string"
    assert tones["# why"] == "comment"


@pytest.mark.parametrize("language", ["", "no such language", "x" * 500, "../../etc", "PYTHON\0"])
def test_an_unknown_language_is_plain(language: str) -> None:
    assert code_block("a = 1", language).runs == (Run("a = 1"),)


@pytest.mark.parametrize(
    "source",
    [
        "> " * 100 + "deep",
        "- " * 60 + "deep",
        "".join("  " * i + f"- {i}\n" for i in range(60)) + "deep",
    ],
    ids=["quotes", "one line of lists", "lists"],
)
def test_what_is_nested_too_deep_is_still_shown(source: str) -> None:
    assert "deep" in "".join(texts(source))


@pytest.mark.parametrize(
    "source",
    [
        "[" * 3_000,
        "![[" * 1_000,
        "[a](" * 750,
        "**a" * 1_000,
        "*a " * 1_000,
        "_a__b" * 600,
        "`a``" * 700,
        "\\[" * 1_500,
        "<" * 3_000,
        "|a" * 1_500 + "|\n" + "|-" * 1_500 + "|\n",
        "&amp;" * 600,
    ],
    ids=lambda source: source[:4].strip(),
)
def test_hostile_text_takes_no_longer_than_a_long_answer(source: str) -> None:
    long_answer = "Some **words** of [a long](https://example.org) answer.\n\n" * 500
    assert fastest(source) < fastest(long_answer)


def fastest(source: str) -> float:
    """Seconds of processor time that rendering takes, the best of three tries."""
    return min(effort(lambda: render(source)) for _ in range(3))


@pytest.mark.parametrize(
    ("growing", "shown"),
    [
        ("Here they are:\n-", "Here they are:\n"),
        ("Title\n==", "Title\n"),
        ("Text\n\n1.", "Text\n\n"),
        ("| a |\n|--", "| a |\n"),
        ("some **strong wo", "some **strong wo**"),
        ("some **", "some "),
        ("call `f(x", "call `f(x`"),
        ("call `", "call "),
        ("- item", "- item"),
        ("all **done** now", "all **done** now"),
        ("", ""),
    ],
)
def test_half_written_marks_do_not_flicker(growing: str, shown: str) -> None:
    assert calm(growing) == shown


def test_a_rule_and_a_heading() -> None:
    assert render("## Title *x*\n\n---") == [
        Block(Kind.HEADING, (Run("Title "), Run("x", italic=True)), level=2),
        Block(Kind.RULE),
    ]
