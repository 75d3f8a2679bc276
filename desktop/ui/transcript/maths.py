"""Mathematics in Markdown: what is a formula, and what only looks like one."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin

LONGEST = 2_000  # characters of a formula
LETTERS = 4  # of a formula without any sign, such as `$n$` or `$2n$`
WEIGHTIEST = 1_500  # see `weight`
_SIGNS = re.compile(r"[\\^_=<>+*/|{}()\[\]-]")
_STEPS = re.compile(r"\\left\b|\\right\b|\\begin\b|\\end\b|\\[a-zA-Z]+|\\.|[^\s]", re.DOTALL)
_DOLLARS = re.compile(
    r"(\$)(?![\s$])((?:\\.|[^\\$`])+?)(?<!\s)\$(?![\d$])|(\$\$)((?:\\.|[^\\$`])+?)\$\$",
    re.DOTALL,
)
_CLOSING = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}


def learn(parser: MarkdownIt) -> None:
    r"""Have a parser know `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, never in code."""
    parser.use(dollarmath_plugin, allow_labels=False)
    parser.inline.ruler.at("math_inline", _dollars)
    parser.use(texmath_plugin, delimiters="brackets")
    parser.inline.ruler.before("escape", "display_in_text", _display_in_text)


def _dollars(state: StateInline, silent: bool) -> bool:
    """`$…$` or `$$…$$`, where no price and no code can be meant."""
    found = _DOLLARS.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1 : state.pos]
    if not found or before == "$" or before.isdigit() or not _is_meant(found):
        return False
    if not silent:
        token = state.push("math_inline_double" if found[3] else "math_inline", "math", 0)
        token.content, token.markup = found[2] or found[4], found[1] or found[3]
    state.pos = found.end()
    return True


def _is_meant(found: re.Match[str]) -> bool:
    tex = found[2] or found[4]
    if len(tex) > LONGEST or "\n\n" in tex or not tex.strip():
        return False
    if found[3] or _SIGNS.search(tex):
        return True
    return len(tex.split()) == 1 and len(tex) <= LETTERS


def _display_in_text(state: StateInline, silent: bool) -> bool:
    r"""`\[…\]` from the beginning of a line to the end of one, in the middle of a paragraph."""
    source, start = state.src, state.pos
    if not source.startswith("\\[", start) or source[:start].rpartition("\n")[2].strip():
        return False
    end = source.find("\\]", start + 2, start + 2 + LONGEST)
    if end < 0 or source[end + 2 :].partition("\n")[0].strip():
        return False
    if not silent:
        token = state.push("math_inline_double", "math", 0)
        token.content, token.markup = source[start + 2 : end], "\\["
    state.pos = end + 2
    return True


def written(token: Token) -> str:
    """A formula as it is written."""
    return f"{token.markup}{token.content}{_CLOSING.get(token.markup, '')}"


def weight(tex: str) -> int:
    """About how long typesetting takes: each level of nesting doubles it for what is inside."""
    total, depth = 0, 0
    for step in _STEPS.findall(tex):
        if step in ("{", "\\left", "\\begin"):
            depth += 1
        elif step in ("}", "\\right", "\\end"):
            depth = max(0, depth - 1)
        total += 1 << min(depth, 20)
        if total > WEIGHTIEST:
            break
    return total


def is_bounded(tex: str) -> bool:
    """True for a formula that is typeset within a second; any other is shown as it is written."""
    return len(tex.strip()) > 0 and len(tex) <= LONGEST and weight(tex) <= WEIGHTIEST
