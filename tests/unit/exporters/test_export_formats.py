"""Markdown, text and training data, and what all formats have in common."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from desktop.domain.chats import Whole
from desktop.domain.conversation import ConversationSettings, Message, Role, State
from desktop.domain.layout import Layout
from desktop.domain.presets import Field, Preset
from desktop.exporters.common import Options, moment
from desktop.exporters.markdown_format import closed
from desktop.exporters.registry import FORMATS, Format, encoded, format_named
from tests.chat_trees import NAUGHTY, dialogue, wholes

SUPPORT = Preset(
    "support",
    "Support",
    layout=Layout("Customer: ", "Agent: ", "\n", "\n\n###\n\n"),
    fields=(
        Field("summary", "Summary", heading="Summary: "),
        Field("information", "Information", heading="Specific information: "),
    ),
)
OPTIONS = Options({"support": SUPPORT})


def exported(name: str, *chats: Whole, shape: str = "", options: Options = OPTIONS) -> str:
    return b"".join(encoded(format_named(name, shape), chats, options)).decode()


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.split("\n") if line]


def answered(chat: Whole, state: State, problem: str = "") -> Whole:
    """The same with another end of the last answer."""
    *first, last = chat.conversation.messages
    messages = (*first, replace(last, state=state, problem=problem))
    return replace(chat, conversation=replace(chat.conversation, messages=messages))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name + form.shape)
@settings(max_examples=30)
@given(wholes())
def test_every_format_takes_every_conversation(form: Format, chat: Whole) -> None:
    text = b"".join(encoded(form, [chat, chat], OPTIONS)).decode()
    if form.name == "jsonl":
        assert all(line.keys() <= {"messages", "prompt", "completion"} for line in lines(text))
    elif form.name == "json":
        assert len(json.loads(text)["conversations"]) == 2
    else:
        assert text.count(moment(chat.created_at)) >= 2


@pytest.mark.parametrize("name", ["markdown", "text"])
def test_all_that_was_said_is_there_to_the_letter(name: str) -> None:
    text = exported(name, dialogue(*(each for each in NAUGHTY if "\0" not in each)))
    assert all(each in text for each in NAUGHTY if "\0" not in each)


def test_half_surrogates_and_nul_become_a_mark_and_break_nothing() -> None:
    assert "a\ufffdb\ufffdc" in exported("text", dialogue("a\ud800b\0c"))


def test_markdown() -> None:
    chat = dialogue("Hi *you*", "```\nopen", title="A *title*\nin two lines")
    assert exported("markdown", answered(chat, State.FAILED, "The disk is full.")) == (
        "# A \\*title\\* in two lines\n\n*2026-11-21 09:58 UTC*\n\n"
        "## You\n\nHi *you*\n\n## smollm2\n\n```\nopen\n```\n\n*(failed: The disk is full.)*\n"
    )


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a", ""),
        ("```\na", "\n```"),
        ("```\na\n```", ""),
        ("````py\na\n```", "\n````"),
        ("~~~\n```", "\n~~~"),
        ("``` a ` b", ""),
    ],
)
def test_an_open_block_of_code_is_closed(text: str, end: str) -> None:
    assert closed(text) == text + end


def test_plain_text() -> None:
    settings = ConversationSettings(system_prompt="Be brief.")
    text = exported("text", answered(dialogue("Hi", "Ho", settings=settings), State.LENGTH))
    assert text == (
        "A title\n=======\n2026-11-21 09:58 UTC\n\nSystem prompt:\nBe brief.\n\n"
        "You:\nHi\n\nsmollm2:\nHo\n(cut at the maximum length)\n"
    )


def test_only_the_branch_in_view_is_in_what_people_read() -> None:
    chat = dialogue("Hi", "Ho")
    question = chat.conversation.messages[0]
    other = Message(Role.ASSISTANT, "Another", parent_id=question.id)
    messages = (*chat.conversation.messages, other)
    chat = replace(chat, conversation=replace(chat.conversation, messages=messages))
    assert "Another" not in exported("text", chat)
    assert "Another" in exported("text", replace(chat, head_id=other.id))
    assert "Another" in exported("json", chat)


FORM = {"summary": "A late parcel.", "information": "Order 7."}
TALK = ("Where is it?", "On its way.", "When?", "Tomorrow.")


def test_prompts_and_completions_in_the_classic_form() -> None:
    chat = dialogue(*TALK, settings=ConversationSettings(preset="support", form=FORM))
    head = "Summary: A late parcel.\n\nSpecific information: Order 7.\n\n###\n\n"
    first = "Customer: Where is it?\nAgent:"
    assert lines(exported("jsonl", chat, shape="prompt-completion")) == [
        {"prompt": head + first, "completion": " On its way.\n"},
        {
            "prompt": f"{head}{first} On its way.\nCustomer: When?\nAgent:",
            "completion": " Tomorrow.\n",
        },
    ]


def test_a_chat_without_a_preset_gets_the_layout_that_is_asked_for() -> None:
    chat = dialogue("Hi", "Ho")
    options = replace(OPTIONS, layout_of="support")
    found = lines(exported("jsonl", chat, shape="prompt-completion", options=options))
    assert found == [{"prompt": "Customer: Hi\nAgent:", "completion": " Ho\n"}]
    found = lines(exported("jsonl", chat, shape="prompt-completion", options=Options()))
    assert found == [{"prompt": "User: Hi\nAssistant:", "completion": " Ho\n"}]


def test_messages_with_the_form_as_the_system_text() -> None:
    chat = dialogue("Hi", "Ho", "And?", settings=ConversationSettings(preset="support", form=FORM))
    system = "Summary: A late parcel.\n\nSpecific information: Order 7."
    turns = [("system", system), ("user", "Hi"), ("assistant", "Ho")]
    wanted = [{"role": role, "content": text} for role, text in turns]
    assert lines(exported("jsonl", chat)) == [{"messages": wanted}]


@pytest.mark.parametrize("state", [State.LENGTH, State.STOPPED, State.FAILED, State.WRITING])
@pytest.mark.parametrize("shape", ["messages", "prompt-completion"])
def test_an_answer_that_is_not_complete_is_nothing_to_learn_from(shape: str, state: State) -> None:
    assert exported("jsonl", answered(dialogue("Hi", "Ho"), state), shape=shape) == ""


def test_what_is_exported_is_never_in_memory_whole() -> None:
    taken = 0

    def chats() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield dialogue("word " * 20_000, "Ho")

    pieces = encoded(format_named("json"), chats(), OPTIONS)  # type: ignore[arg-type]
    next(pieces)
    assert taken <= 2
