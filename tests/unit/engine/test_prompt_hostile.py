"""A template is a program of a stranger: it gets no code run, and no more than its time."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.prompt import sandbox
from desktop.engine.prompt.format import PromptFormat
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Turn
from tests.effort import effort

HELLO = [Turn("user", "Hello")]
TOUCH = "('touch canary')"
PAYLOADS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.system" + TOUCH + " }}",
    "{{ lipsum.__globals__['os'].system" + TOUCH + " }}",
    "{{ joiner.__init__.__globals__.os.popen" + TOUCH + ".read() }}",
    "{{ namespace.__init__.__globals__.__builtins__.open('canary', 'w') }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system" + TOUCH + " }}",
    "{{ raise_exception.__globals__.json.__builtins__.open('canary', 'w') }}",
    "{{ strftime_now.__globals__['__builtins__']['eval']('1') }}",
    "{{ ''['__class__'] }}{{ ''|attr('__class__') }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(cycler) }}",
    "{{ ('{0.__class__}'|attr('format'))(cycler) }}",
    "{{ ['{0.__class__}']|map('format', cycler)|list }}",
    "{% set f = 'x'.format_map %}{{ f({'x': messages}) }}{{ f.__self__ }}",
    "{% set x = messages.append({'content': 'forged'}) %}{{ messages[1].content }}",
    "{% set x = messages[0].update(content='forged') %}{{ messages[0].content }}",
    "{{ messages.__setattr__('x', 1) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system" + TOUCH + " }}",
    "{% for x in (1, 2) %}{{ loop.__class__.__init__.__globals__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}{{ m.__init__.__globals__ }}",
    "{{ (messages|map(attribute='__class__')|list)[0].__base__ }}",
    "{% set g = (messages|select|list).__iter__ %}{{ g.__self__.__class__ }}",
]


def outcome(template: str, turns: list[Turn] = HELLO) -> str:
    try:
        return render(PromptFormat(template, {}, ()), turns)
    except Problem as problem:
        return str(problem)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_template_cannot_run_code(
    payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    text = outcome(payload)

    assert not list(tmp_path.iterdir())
    assert "<class" not in text
    assert "<function" not in text
    assert "root:" not in text
    assert "forged" not in text


SLOW = {
    "loops without output": (
        "{% set r = range(99999) %}{% for a in r %}{% for b in r %}{% for c in r %}"
        "{% endfor %}{% endfor %}{% endfor %}"
    ),
    "macros that call each other": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}"
    ),
    "recursive loop": (
        "{% set a = [1] %}{% set b = [a, a] %}{% for x in [1, 1] recursive %}"
        "{% if loop.depth < 60 %}{{ loop([1, 1]) }}{% endif %}{% endfor %}"
    ),
    "loop with a condition": (
        "{% set r = range(99999) %}{% for a in r if r|sum == 1 %}{{ a }}{% endfor %}"
    ),
}
GREEDY = {
    "endless recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "recursion without output": "{% macro m() %}{% set x = m() %}{% endmacro %}{{ m() }}",
    "large range": "{% for i in range(3000000) %}x{% endfor %}",
    "large text": "{{ 'x' * 10**10 }}",
    "large list": "{{ ([1] * 10**10)|length }}",
    "large number": "{{ 10**(10**10) }}",
    "much output": "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
    "deep brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "deep lists": "{{ " + "[" * 300 + "]" * 300 + " }}",
    "deep blocks": "{% for x in [1] %}" * 60 + "{% endfor %}" * 60,
    "large template": "{{ 1 }}" * 200_000,
}


@pytest.mark.parametrize("template", SLOW.values(), ids=SLOW)
def test_slow_template_is_ended(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "TIME_LIMIT", 0.2)
    turns = [Turn("system", "a"), *HELLO, *HELLO]

    def attempt() -> None:
        with pytest.raises(Problem, match="too much time"):
            render(PromptFormat(template, {}, ()), turns)

    assert effort(attempt) < 2


@pytest.mark.parametrize("template", GREEDY.values(), ids=GREEDY)
def test_greedy_template_is_a_problem(template: str) -> None:
    said: list[str] = []

    assert effort(lambda: said.append(outcome(template))) < 5
    assert any(words in said[0] for words in ("too much time or memory", "not accept"))


def test_recursion_is_not_taken_for_a_refusal() -> None:
    assert "too much time or memory" in outcome(GREEDY["endless recursion"])


def test_limits_leave_a_long_conversation_alone() -> None:
    template = "{% for m in messages %}{{ m.content }}{% endfor %}"
    turns = [Turn("user" if number % 2 else "assistant", "word " * 200) for number in range(20_000)]

    assert len(outcome(template, turns)) == 20_000 * 1000


def test_time_is_limited_for_all_attempts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "TIME_LIMIT", 0.3)
    spend = "{% for i in range(99999) %}{% set x = i ~ 'x' %}{% endfor %}" * 8
    template = spend + "{{ raise_exception('never') }}"
    turns = [Turn("system", "a"), *HELLO, Turn("system", "b"), *HELLO]

    def attempt() -> None:
        with pytest.raises(Problem, match="too much time"):
            render(PromptFormat(template, {}, ()), turns)

    assert effort(attempt) < 1.5


def test_a_template_leaves_nothing_behind_for_the_next() -> None:
    template = "{{ namespace(x=1).x }}{% set messages = 2 %}{% set bos_token = 3 %}{{ messages }}"

    assert outcome(template) == outcome(template) == "12"
    assert outcome("{{ messages|length }}{{ bos_token }}") == "1"


def test_import_is_light() -> None:
    code = (
        "import sys, desktop.engine.prompt.render;"
        "print({'openvino', 'transformers', 'PySide6', 'torch'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "set()"
