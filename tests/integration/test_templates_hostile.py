"""A hostile chat template costs its own process, a moment and a sentence, never the model."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.events import Failed, Rendered
from desktop.engine.client import child_environment, worker_command
from desktop.engine.prompt.sandbox import TIME_LIMIT
from desktop.engine.protocol import Render, Turn, encode
from tests.integration.engine_process import EngineProcess
from tests.support import linked_copy

pytestmark = pytest.mark.integration

QUESTION = "What is the capital of France?"
TOO_MUCH = "takes too much time or memory"
MOST_S = 6 * TIME_LIMIT  # a step that nobody ends takes minutes
SETTINGS = "tokenizer_config.json"

# What Python does in one step is seen by no check of the sandbox.
ONE_STEP = {
    "a list of a long text's characters": "{{ ('x' * 1000000 * 1)|list|batch(1)|list|list }}"
    * 400,
    "a text wider than memory": "{{ 'x'|center(100000000000) }}",
    "a text of many gigabytes": "{% set x = 'x'|center(20000000000) %}{{ x|length }}",
    "a filter that goes on for minutes": "{% set r = range(99999)|list %}"
    "{% set r = " + "r + " * 255 + "r %}{{ r|map('string')|select('none')|list|length }}",
    "a comparison of 2**50 lists": "{% set a = [1] %}{% set b = [1] %}"
    + "{% set a = [a, a] %}{% set b = [b, b] %}" * 50 + "{{ a == b }}",
    "a replacement that doubles": "{% set ns = namespace(x='xx') %}{% for i in range(99) %}"
    "{% set ns.x = ns.x|replace('x', 'xx') %}{% endfor %}",
    "one replacement of each by all": "{% set x = 'x' * 90000 %}{{ x|replace('x', x)|length }}",
    "a format of great width": "{{ '%*d'|format(9999999999, 1)|length }}",
    "one long word to be wrapped": "{{ ('x ' * 500000)|wordwrap(1)|length }}" * 40,
    "the digits of a great number": "{% set n = 9 ** 300000 %}"
    + "{% set n = (n ~ '')|int ** 2 %}" * 9,
    "all that there is, summed": "{{ range(99999)|map('string')|sum(start='')|length }}",
    "numbers in numbers": "{{ messages|tojson(indent=99999999999) }}",
}  # fmt: skip
RECURSION = {
    "a macro that calls itself": "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
    "a macro that is its own caller": (
        "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}"
    ),
    "a name space that holds itself": (
        "{% set ns = namespace() %}{% set ns.a = [ns] %}{{ ns.a|tojson }}"
    ),
    "lists in lists": (
        "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}"
        "{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}"
    ),
    "deep brackets": "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}",
    "deep signs": "{{ " + "not " * 50_000 + "1 }}",
}
NO_ANSWER = {**ONE_STEP, **RECURSION}


@pytest.fixture(scope="module")
def asked() -> Iterator[EngineProcess]:
    """One engine for all: none of the templates may end it."""
    engine = EngineProcess()
    yield engine
    engine.end()


@pytest.mark.parametrize("template", NO_ANSWER.values(), ids=NO_ANSWER)
def test_a_template_alone_ends_in_a_sentence(
    asked: EngineProcess, template: str, tmp_path: Path
) -> None:
    path = tmp_path / "chat.jinja"
    path.write_text(template, "utf-8")
    began = time.monotonic()

    asked.send(Render("r", str(path), (Turn("user", QUESTION),)))
    event = asked.until(Failed, Rendered)

    assert isinstance(event, Failed), event
    assert event.what.startswith("The model's chat template ")
    assert event.remedy
    assert "Traceback" not in event.what
    assert time.monotonic() - began < MOST_S


def test_its_process_ends_by_itself_when_its_parent_is_gone(tmp_path: Path) -> None:
    """In one step of Python it sees neither a deadline nor the end of its input."""
    path = tmp_path / "chat.jinja"
    path.write_text(ONE_STEP["a comparison of 2**50 lists"], "utf-8")
    process = subprocess.Popen(
        worker_command("template"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(os.environ),
    )
    assert process.stdin is not None
    process.stdin.write(encode(Render("r", str(path), (Turn("user", QUESTION),))))
    process.stdin.flush()
    time.sleep(TIME_LIMIT / 2)  # it has begun by now
    began = time.monotonic()

    out, _ = process.communicate()  # closes its input

    assert (out, process.returncode) == (b"", 1)  # 0 is the end of its input
    assert time.monotonic() - began < MOST_S


def with_template(folder: Path, target: Path, template: str) -> Path:
    """The starter's files, with another template."""
    linked_copy(folder, target)
    settings = json.loads((target / SETTINGS).read_text("utf-8"))
    (target / SETTINGS).unlink()
    (target / SETTINGS).write_text(json.dumps(settings | {"chat_template": template}), "utf-8")
    return target


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (ONE_STEP["a comparison of 2**50 lists"], TOO_MUCH),
        (ONE_STEP["a filter that goes on for minutes"], TOO_MUCH),
        (RECURSION["a macro that calls itself"], TOO_MUCH),
        ("{% for m in messages %}", "has an error in line 1"),
        ("{{ messages }}{{ raise_exception('No.') }}", "No."),
        ("{{ (1).real.__class__.__base__.__subclasses__() }}", "may not do"),
        ("<|im_start|>assistant\n", "leaves out what is said"),
    ],
    ids=["one step", "long step", "recursion", "syntax", "refusal", "escape", "nothing"],
)
def test_a_model_with_such_a_template_answers_all_the_same(
    model_folder: Path, tmp_path: Path, template: str, said: str
) -> None:
    folder = with_template(model_folder, tmp_path / "model", template)
    engine = EngineProcess()
    try:
        loaded = engine.load(folder)
        assert said in loaded.note
        assert loaded.note.endswith("A plain layout is used.")
        assert "Paris" in engine.ask(QUESTION).text
    finally:
        engine.end()


def test_a_template_that_runs_away_later_is_left_for_the_plain_layout(
    model_folder: Path, tmp_path: Path
) -> None:
    plain = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    trap = "{% if 'France' in messages[-1].content %}{{ 'x'|center(10000000000) }}{% endif %}"
    folder = with_template(model_folder, tmp_path / "model", plain + trap)
    engine = EngineProcess()
    try:
        assert engine.load(folder).note == ""
        assert engine.ask("Hello.").text
        failed = engine.ask(QUESTION).failed
        assert TOO_MUCH in failed.what
        assert "plain layout" in failed.remedy
        assert "Paris" in engine.ask(QUESTION).text
    finally:
        engine.end()


def test_a_conversation_that_is_refused_does_not_cost_the_template(
    model_folder: Path, tmp_path: Path
) -> None:
    refuses = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
        "{% if 'Italy' in m.content %}{{ raise_exception('Not Italy.') }}{% endif %}{% endfor %}"
        "<|im_start|>assistant\n"
    )
    folder = with_template(model_folder, tmp_path / "model", refuses)
    engine = EngineProcess()
    try:
        assert engine.load(folder).note == ""
        before = engine.ask(QUESTION)
        assert "Not Italy." in engine.ask("What is the capital of Italy?").failed.what
        again = engine.ask(QUESTION)
        assert again.text == before.text
        assert again.statistics.prompt_tokens == before.statistics.prompt_tokens
    finally:
        engine.end()
