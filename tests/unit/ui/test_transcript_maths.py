"""Formulas in Markdown, and how they are typeset."""

import pytest

from desktop.ui.transcript.formulas import typeset
from desktop.ui.transcript.markdown import Run, calm, plain, render
from desktop.ui.transcript.maths import is_bounded
from tests.effort import effort


def formulas(source: str) -> list[str]:
    return [run.math for run in runs(source) if run.math]


def runs(source: str) -> list[Run]:
    blocks = render(source)
    cells = [cell.runs for block in blocks for row in block.rows for cell in row]
    return [run for each in (*(block.runs for block in blocks), *cells) for run in each]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("The roots of $x^2 = 2$.", ["x^2 = 2"]),
        (r"Also \(x^2\) and \( y \).", ["x^2", "y"]),
        ("$$\nx = 1\n$$", ["x = 1"]),
        ("$$x = 1$$", ["x = 1"]),
        ("as in $$x$$ here", ["x"]),
        ("\\[\nx = 1\n\\]", ["x = 1"]),
        ("so:\n\\[\nx = 1\n\\]\nand", ["x = 1"]),
        ("so:\n$$\nx = 1\n$$\nand", ["x = 1"]),
        (r"- \[ x \]", ["x"]),
        ("> $$x$$", ["x"]),
        ("| a |\n| --- |\n| $x_1$ |", ["x_1"]),
        ("for each $n$ and $2n$", ["n", "2n"]),
        ("*so $a*b$*", ["a*b"]),
        (r"$\$5 + x$", [r"\$5 + x"]),
    ],
)
def test_formulas_are_found(source: str, found: list[str]) -> None:
    assert formulas(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $6.",
        "From $5-$10, or $20/month",
        "USD$5 and CAD$6, for $7",
        "$HOME and $PATH are variables",
        "Not `$x^2$`",
        "It costs $5, `$x$` is code",
        "```\n$x^2$ and \\(y\\)\n```",
        "    $x^2$",
        r"\$x^2\$",
        "$ x^2 $",
        "an open $x^2",
        "an open $$x^2",
        r"an open \(x^2",
        "$$\nx = 1",
        r"see \[1\] and \[2\] there",
        "$x\n\ny^2$",
        "$$ $$",
    ],
)
def test_what_is_no_formula_stays_text(source: str) -> None:
    assert formulas(source) == []


@pytest.mark.parametrize("source", ["a $x^2$ b", r"a \(x\) b", "$$x$$", r"\[x\]", "$$\nx\n$$"])
def test_the_text_of_a_formula_is_all_that_is_written(source: str) -> None:
    assert plain(render(source)[0].runs) == source


def test_while_it_streams_only_closed_formulas_are_formulas() -> None:
    source = "So $$\\frac{a}{b}$$ is"
    closed = [bool(formulas(calm(source[:end]))) for end in range(len(source) + 1)]
    assert closed == [False] * source.index(" is") + [True] * 4


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        r"\int_0^\infty e^{-x^2}\,dx=\frac{\sqrt{\pi}}{2}",
        r"\begin{cases} 1 & x>0\\ 0 & x\le 0\end{cases}",
        r"\begin{aligned} a &= b\\ c &= d\end{aligned}",
        r"\operatorname{softmax}(x)_i",
        r"\text{if } x \in \mathbb{R}",
    ],
)
def test_usual_formulas_are_typeset(tex: str) -> None:
    assert is_bounded(tex)
    made = typeset(tex, display=True)
    assert made
    assert made.width > 10
    assert made.ascent + made.descent > 8


@pytest.mark.parametrize("tex", [r"\frac{1", "}{", r"\left( x", r"\nosuchcommand{x}", r"\begin{x}"])
def test_bad_formulas_are_not(tex: str) -> None:
    assert typeset(tex, display=False) is None


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 50 + "x" + "}" * 50,
        r"\frac{1}{" * 12 + "x" + "}" * 12,
        r"\left(" * 30 + "x" + r"\right)" * 30,
        "x_{" * 10_000,
        "x" * 100_000,
        "x+" * 900,
        r"\begin{matrix}" * 11 + "x",
        " \n",
        "",
    ],
)
def test_hostile_formulas_are_refused_at_a_glance(tex: str) -> None:
    assert effort(lambda: is_bounded(tex)) < 0.2
    assert not is_bounded(tex)


def test_hostile_text_is_parsed_quickly() -> None:
    for part in ("$x^", "\\(", "\\[\n", "$$\n", "$ x", "$`"):
        assert effort(lambda text=part * 1500: render(text)) < 20 / 6
