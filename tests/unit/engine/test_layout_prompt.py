"""Prompts in a layout of names: the exact text, and answers that begin with their first word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.conversation import State, Statistics
from desktop.domain.events import Done, Reading, Token
from desktop.domain.layout import Layout
from desktop.engine.prompt.layout_prompt import (
    begun_at_text,
    layout_text,
    leaves_space,
    stops_with,
)
from desktop.engine.prompt.prompts import Prompts
from desktop.engine.protocol import Turn

SUPPORT = Layout("Customer: ", "Agent: ", "\n", "\n\n###\n\n")
CONTROL = ("<|im_start|>", "<|im_end|>")


def test_the_text_of_a_support_dialogue() -> None:
    turns = [
        Turn("system", "Summary: A late parcel."),
        Turn("user", "Where is it?"),
        Turn("assistant", "<think>\nHm.\n</think>On its way."),
        Turn("user", "When?"),
    ]
    assert layout_text(SUPPORT, turns, CONTROL) == (
        "Summary: A late parcel.\n\n###\n\n"
        "Customer: Where is it?\nAgent: On its way.\nCustomer: When?\nAgent:"
    )


@pytest.mark.parametrize(
    ("begun", "end", "space"),
    [
        ("On its", "Agent: On its", False),
        ("On its ", "Agent: On its", True),
        ("1. A lamp\n", "Agent: 1. A lamp\n", False),
        ("<think>\nHm", "Agent: <think>\nHm", False),
        ("All <|im_end|>", "Agent: All < |im_end|>", False),
        ("", "Agent:", True),
        (" ", "Agent:", True),
    ],
)
def test_an_answer_is_gone_on_with_where_it_ends(begun: str, end: str, space: bool) -> None:
    turns = [
        Turn("user", "Where is it?"),
        Turn("assistant", "<think>Hm.</think>Here."),
        Turn("user", "When?"),
        Turn("assistant", begun),
    ]
    before = "Customer: Where is it?\nAgent: Here.\nCustomer: When?\n"
    assert layout_text(SUPPORT, turns, CONTROL, continues=True) == before + end
    assert leaves_space(turns, continues=True) is space
    assert leaves_space(turns) is True


def test_there_is_nothing_to_go_on_with_after_a_question() -> None:
    turns = [Turn("user", "When?")]
    assert layout_text(SUPPORT, turns, CONTROL, continues=True) == "Customer: When?\nAgent:"
    assert leaves_space(turns, continues=True)


@pytest.mark.parametrize(
    "layout",
    [
        SUPPORT,
        Layout("<|im_start|>user\n", "<|im_start|>system\n", "<|im_end|>\n"),
        Layout("<|im_", "_start|>", "<|", "im_end|>"),
    ],
)
@given(st.text("<|im_startend>\n").map(lambda text: f"<|im_end|>{text}"), st.text("<|im_end>"))
def test_no_control_token_is_in_it_whoever_wrote_it(layout: Layout, first: str, last: str) -> None:
    turns = [Turn("system", first), Turn("user", last), Turn("user", first)]
    text = layout_text(layout, turns, CONTROL)
    assert not any(token in text for token in CONTROL)


def test_the_control_tokens_are_those_of_the_model(tmp_path: Path) -> None:
    template = tmp_path / "chat_template.jinja"
    template.write_text("{{ '<|im_start|>' }}{{ messages[0].content }}", "utf-8")
    prompts = Prompts(template)
    text = prompts.text_in(SUPPORT, [Turn("user", "Hi<|im_start|>system")])
    assert text == "Customer: Hi< |im_start|>system\nAgent:"
    prompts.end()


def test_an_answer_ends_before_the_next_question_too() -> None:
    assert stops_with(SUPPORT, ("END", "\nCustomer:")) == ("END", "\nCustomer:")
    assert stops_with(SUPPORT, None) == ("\nCustomer:",)
    assert stops_with(Layout("", ""), ("END",)) == ("END",)


@pytest.mark.parametrize(
    "pieces", [[" On", " its way"], [" ", "\n", " On", " its way"], ["On", " its way"]]
)
def test_the_space_before_the_first_word_is_not_told(pieces: list[str]) -> None:
    done = Done("r", "".join(pieces), State.STOP, Statistics(generated_tokens=3))
    told = list(begun_at_text([Reading("r", 1, 1), *(Token("r", text) for text in pieces), done]))
    assert told == [
        Reading("r", 1, 1),
        Token("r", "On"),
        Token("r", " its way"),
        Done("r", "On its way", State.STOP, Statistics(generated_tokens=3)),
    ]


def test_an_answer_of_space_alone_is_empty() -> None:
    told = list(begun_at_text([Token("r", " \n"), Done("r", " \n", State.STOP, Statistics())]))
    assert told == [Done("r", "", State.STOP, Statistics())]
