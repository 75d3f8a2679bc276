"""The colours of program text."""

from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

LONGEST_LINE = 800  # characters; Pygments would take 20 µs for each

# The first that matches; the tones are the fields of theme.Syntax.
_TONES: tuple[tuple[_TokenType, str], ...] = (
    (Token.Comment, "comment"),
    (Token.Keyword, "keyword"),
    (Token.Operator.Word, "keyword"),
    (Token.Literal.String, "string"),
    (Token.Literal.Number, "number"),
    (Token.Name.Function, "name"),
    (Token.Name.Class, "name"),
    (Token.Name.Tag, "name"),
    (Token.Name.Decorator, "name"),
    (Token.Name.Builtin, "name"),
    (Token.Name.Attribute, "name"),
    (Token.Generic.Inserted, "string"),
    (Token.Generic.Deleted, "keyword"),
    (Token.Generic.Heading, "name"),
)


def toned(code: str, language: str) -> list[tuple[str, str]]:
    """The text in stretches of (text, tone); an unknown language has no tones, nor has a line
    that no person wrote.
    """
    lexer = _lexer(language.lower())
    if lexer is None or max(map(len, code.split("\n"))) > LONGEST_LINE:
        return [(code, "")]
    stretches: list[tuple[str, str]] = []
    for kind, text in lexer.get_tokens(code):
        tone = _tone(kind)
        if stretches and (stretches[-1][1] == tone or not text.strip()):
            stretches[-1] = (stretches[-1][0] + text, stretches[-1][1])
        else:
            stretches.append((text, tone))
    same = "".join(text for text, _ in stretches) == code
    return stretches if same else [(code, "")]


@cache
def _tone(kind: _TokenType) -> str:
    return next(
        (tone for group, tone in _TONES if group is kind or kind[: len(group)] == group), ""
    )


@cache
def _known(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _lexer(language: str) -> Lexer | None:
    """None for no language, and for a name too long to be one."""
    return _known(language) if 0 < len(language) <= 24 else None
