"""What a model thought is folded where a file can be folded, and kept where it is data."""

import json

import pytest

from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, Role, State, Statistics
from desktop.exporters.common import Options
from desktop.exporters.registry import encoded, format_named

THOUGHT = "<think>\nFoxes, so *mice*.\n```py\nx = 1\n</think>\n\nThey eat **mice**."


def exported(name: str, text: str, state: State = State.STOP, shape: str = "") -> str:
    asked = Message(Role.USER, "<think>What?</think>", id="q")
    told = Message(
        Role.ASSISTANT, text, id="a", parent_id="q", state=state, statistics=Statistics()
    )
    chat = Whole(Conversation(messages=(asked, told)), head_id="a")
    return b"".join(encoded(format_named(name, shape), [chat], Options())).decode()


def test_markdown_folds_it() -> None:
    text = exported("markdown", THOUGHT)
    assert (
        "<details>\n<summary>Thought</summary>\n\nFoxes, so *mice*.\n```py\nx = 1\n```\n\n"
        "</details>\n\nThey eat **mice**.\n"
    ) in text
    assert "<think>What?</think>" in text


def test_a_page_folds_it() -> None:
    page = exported("html", THOUGHT)
    assert "<summary>Thought</summary>\n<p>Foxes, so <em>mice</em>.</p>" in page
    assert "</details>\n<p>They eat <strong>mice</strong>.</p>" in page
    assert "&lt;think&gt;What?&lt;/think&gt;" in page


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_one_that_never_ended_says_so(name: str) -> None:
    assert "<summary>Thought, not finished</summary>" in exported(
        name, "<think>\nHm", State.STOPPED
    )


@pytest.mark.parametrize("name", ["text", "json"])
def test_elsewhere_it_is_kept_as_it_is(name: str) -> None:
    text = exported(name, THOUGHT)
    assert (THOUGHT if name == "text" else json.dumps(THOUGHT)) in text
