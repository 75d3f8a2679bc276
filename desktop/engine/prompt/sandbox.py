"""Runs a chat template as Hugging Face does, and keeps a hostile one from doing harm.

The environment has to stay the same as in transformers' `utils/chat_template_utils.py`. What it
adds are limits of time and size, looked at in each loop, call and piece of output. A template
that stays in one long step of Python escapes them: then the process that runs it ends, see
`template_worker`.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from types import CodeType
from typing import Any, NoReturn

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr

TIME_LIMIT = 2.0  # seconds of `clock`; two million characters take 0.1
_LARGEST_TEMPLATE = 2**18  # characters; those of real models have up to 2**15
_LARGEST_PRODUCT = 2**20  # characters or items; bits of a power
clock = time.thread_time  # what the template itself takes: a busy machine does not lengthen it
_ANOTHER = mark("Choose another model.")


class Refused(Problem):
    """The template does not take this conversation; another form of it may do."""


class Unusable(Problem):
    """The template is no good, whatever the conversation."""


class _LimitReached(Exception):
    """The template takes too long or makes too much."""


def run(source: str, variables: Mapping[str, object], deadline: float, largest: int) -> str:
    """The template's text, of at most `largest` characters. Raises Refused, Unusable.

    `deadline` is a time of `clock`.
    """
    environment = _LimitedEnvironment(deadline)
    try:
        template = Template.from_code(environment, _compiled(source), environment.globals)
        return _joined(template.generate(variables), environment.check_time, largest)
    except (_LimitReached, RecursionError, MemoryError):
        raise too_much() from None
    except TemplateSyntaxError as error:
        raise Unusable(
            tr(
                "The model's chat template has an error in line {lineno}: {error}",
                lineno=error.lineno,
                error=_short(error),
            ),
            tr(_ANOTHER),
        ) from None
    except SecurityError as error:
        raise Unusable(
            tr(
                "The model's chat template tried something that it may not do: {error}",
                error=_short(error),
            ),
            tr(_ANOTHER),
        ) from None
    except Exception as error:  # a template can make Python raise anything
        raise Refused(
            tr(
                "The model's chat template does not accept this conversation: {error}",
                error=_short(error),
            ),
            tr("Start a new chat, or choose another model."),
        ) from None


def too_much() -> Unusable:
    """What to say of a template that reaches a limit, here or as a process."""
    return Unusable(tr("The model's chat template takes too much time or memory."), tr(_ANOTHER))


def literals(source: str) -> list[str]:
    """The texts that stand in the template. Empty when it cannot be run anyway."""
    if len(source) > _LARGEST_TEMPLATE:
        return []
    try:
        tree = _LimitedEnvironment(deadline=0).parse(source)
        constants = [constant.value for constant in tree.find_all(nodes.Const)]
        data = [piece.data for piece in tree.find_all(nodes.TemplateData)]
    except (TemplateError, RecursionError, ValueError):  # ValueError: a number without end
        return []
    return [*data, *(value for value in constants if isinstance(value, str))]


def _joined(pieces: Iterable[str], check_time: Callable[[], None], largest: int) -> str:
    kept, size = [], 0
    for piece in pieces:
        check_time()
        size += len(piece)
        if size > largest:
            raise _LimitReached
        kept.append(piece)
    return "".join(kept)


@lru_cache(maxsize=8)
def _compiled(source: str) -> CodeType:
    if len(source) > _LARGEST_TEMPLATE:
        raise _LimitReached
    environment = _LimitedEnvironment(deadline=0)
    try:
        tree = environment.parse(source)
        for loop in list(tree.find_all(nodes.For)):
            timed = nodes.EnvironmentAttribute("timed", lineno=loop.lineno)
            loop.iter = nodes.Call(timed, [loop.iter], [], None, None, lineno=loop.lineno)
        tree.set_environment(environment)
        return environment.compile(tree)
    except SyntaxError as error:
        # Jinja made Python of it that Python does not take, such as blocks nested too deeply.
        raise _LimitReached from error


def _short(error: Exception) -> str:
    """What an error says, in one line that ends with a full stop."""
    said = " ".join(str(error).split()) or type(error).__name__
    said = said if len(said) <= 200 else said[:200] + "…"
    return said if said[-1] in ".!?…" else said + "."


class _GenerationTag(Extension):
    """`{% generation %}`: marks for training what the assistant wrote; here it changes nothing."""

    tags = {"generation"}  # noqa: RUF012 (jinja2 declares it so)

    def parse(self, parser: Parser) -> nodes.Node:
        """The block's body, with a scope of its own as in transformers."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("body"), [], [], body).set_lineno(line)

    def body(self, caller: Callable[[], str]) -> str:
        """What the block holds."""
        return caller()


class _LimitedEnvironment(ImmutableSandboxedEnvironment):
    """Hugging Face's environment, with a deadline. Each run has its own."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, deadline: float) -> None:
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, loopcontrols]
        )
        self._deadline = deadline
        self.filters["tojson"] = _tojson
        self.globals["raise_exception"] = _raise_exception
        self.globals["strftime_now"] = _strftime_now

    def check_time(self) -> None:
        """Raise _LimitReached after the deadline."""
        if clock() > self._deadline:
            raise _LimitReached

    def timed(self, items: Iterable[Any]) -> Iterator[Any]:
        """The same items; each loop of a template runs over this."""
        for item in items:
            self.check_time()
            yield item

    def call(self, context: Context, what: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Jinja calls everything through this."""
        self.check_time()
        return super().call(context, what, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Jinja does `intercepted_binops` through this."""
        if _result_size(operator, left, right) > _LARGEST_PRODUCT:
            raise _LimitReached
        return super().call_binop(context, operator, left, right)


def _result_size(operator: str, left: Any, right: Any) -> int:
    if operator == "**":
        both_whole = isinstance(left, int) and isinstance(right, int)
        return left.bit_length() * right if both_whole else 0
    for many, times in ((left, right), (right, left)):
        if isinstance(times, int) and hasattr(many, "__len__"):
            return len(many) * times
    return 0


def _tojson(
    value: object,
    ensure_ascii: bool = False,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)


def _strftime_now(pattern: str) -> str:
    return datetime.now().strftime(pattern)
