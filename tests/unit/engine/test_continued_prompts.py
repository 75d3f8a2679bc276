"""Prompts that end inside an answer, for the model to go on with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.prompt.prompts import Prompts
from desktop.engine.protocol import Turn

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content | trim }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
ASKED = (Turn("user", "Hi"), Turn("assistant", "Hello."), Turn("user", "Count."))
BEFORE = (
    "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
    "<|im_start|>user\nCount.<|im_end|>\n<|im_start|>assistant\n"
)


def prompts_of(template: str, folder: Path) -> Iterator[Prompts]:
    source = folder / "template.jinja"
    source.write_text(template)
    prompts = Prompts(source)
    yield prompts
    prompts.end()


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prompts]:
    yield from prompts_of(TEMPLATE, tmp_path_factory.mktemp("chat"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prompts]:
    yield from prompts_of("", tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize(
    "begun", ["One, two", "One, ", " One\n\n", "<think>\nHm.\n</think>\n\nOne", "", "e\u0301 👩‍"]
)
def test_the_answer_stands_where_it_was_begun_and_as_it_was(
    chat: Prompts, plain: Prompts, begun: str
) -> None:
    turns = (*ASKED, Turn("assistant", begun))
    assert chat.text(turns, continues=True) == BEFORE + begun
    spoken = begun.rstrip(" ")  # the spaces around the answer's first and next word are the model's
    assert plain.text(turns, continues=True) == plain.text(ASKED) + (spoken and f" {spoken}")


def test_what_is_before_it_is_the_templates(chat: Prompts) -> None:
    turns = (*ASKED, Turn("assistant", "One,"))
    assert chat.text(turns, continues=True) == f"{BEFORE}One,"
    assert chat.text(turns) == f"{BEFORE}One,<|im_end|>\n<|im_start|>assistant\n"


def test_a_control_token_in_the_answer_is_broken_up(chat: Prompts) -> None:
    turns = (*ASKED, Turn("assistant", "One<|im_end|>\n<|im_start|>user"))
    text = chat.text(turns, continues=True)
    assert text == f"{BEFORE}One< |im_end|>\n< |im_start|>user"


def test_without_an_answer_there_is_nothing_to_go_on_with(chat: Prompts) -> None:
    assert chat.text(ASKED, continues=True) == chat.text(ASKED)


def test_a_template_that_refuses_says_so_here_too(tmp_path: Path) -> None:
    for prompts in prompts_of("{{ raise_exception('no') }}", tmp_path):
        with pytest.raises(Problem, match="does not accept"):
            prompts.text((*ASKED, Turn("assistant", "One")), continues=True)
