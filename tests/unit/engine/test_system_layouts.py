"""Each older chatbot's prompt is, to the letter, the one that its own published code builds."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.layout import Layout, left_out
from desktop.engine.prompt.layout_prompt import layout_text, stops_with
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.protocol import Turn
from desktop.engine.text_stream import TextStream
from desktop.paths import resources
from desktop.services.layouts.store import LayoutStore

LAYOUTS = {
    id_: each.layout
    for id_, each in LayoutStore(resources() / "layouts", Path("nowhere")).shipped.items()
}
SYSTEM = Turn("system", "Be brief.")
TALK = (Turn("user", "Hi there."), Turn("assistant", "Hello, friend."), Turn("user", "Why?"))
LONG = (*TALK, Turn("assistant", "Because."), Turn("user", "I see."))
PIECES = (
    *("<|endoftext|>", "<|im_", "end|>", "<s>", "</", "s>", "[INST]", "<<SYS>>", "<bos>"),
    *("<human>:", "<speaker1>", "\nHuman: ", "\n\n Human: ", " Assistant: ", "\n", "so"),
)
TOKENS = ("<|endoftext|>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<bos>", "<speaker1>")


def prompt(id_: str, *turns: Turn, continues: bool = False) -> Prompt:
    return layout_text(LAYOUTS[id_], turns, TOKENS, continues=continues)


def test_redpajama() -> None:
    # github.com/togethercomputer/OpenChatKit, inference/conversation.py: push_human_turn adds
    # "<human>: " + question + "\n" + "<bot>:", push_model_response the answer and "\n". Before all
    # that it puts the date; here that is the system prompt's place.
    talk = "<human>: Hi there.\n<bot>: Hello, friend.\n<human>: Why?\n<bot>:"
    assert prompt("redpajama-chat", *TALK) == talk
    assert prompt("redpajama-chat", SYSTEM, *TALK) == f"Be brief.\n\n{talk}"


def test_llama_2() -> None:
    # github.com/meta-llama/llama, llama/generation.py, chat_completion of July 2023: a system text
    # becomes the beginning of the first question; each exchange is encoded by itself, between the
    # tokens of its beginning and end, as "[INST] question [/INST] answer ", both stripped.
    assert prompt("llama-2-chat", SYSTEM, *TALK) == (
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi there. [/INST] Hello, friend. </s>"
        "<s>[INST] Why? [/INST]"
    )
    spaced = (Turn("user", " Hi there.\n"), Turn("assistant", "\nHello, friend. "), TALK[2])
    assert prompt("llama-2-chat", *spaced) == (
        "<s>[INST] Hi there. [/INST] Hello, friend. </s><s>[INST] Why? [/INST]"
    )


def test_mpt() -> None:
    # huggingface.co/spaces/mosaicml/mpt-7b-chat, app.py, convert_history_to_text: a line break
    # after the system text, and none between the turns.
    assert prompt("mpt-chat", SYSTEM, *TALK) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHi there.<|im_end|><|im_start|>assistant\nHello, friend.<|im_end|>"
        "<|im_start|>user\nWhy?<|im_end|><|im_start|>assistant\n"
    )


def test_dialogpt() -> None:
    # github.com/microsoft/DialoGPT, gradiodemo.py: each question is encoded with the end-of-text
    # token after it, and joined to the tokens of the history, which the model ended likewise.
    made = prompt("dialogpt", SYSTEM, *TALK)
    assert made == "Hi there.<|endoftext|>Hello, friend.<|endoftext|>Why?<|endoftext|>"
    assert "".join(made.pieces) == made
    assert [made.pieces[place] for place in sorted(made.answers)] == ["Hello, friend."]


@pytest.mark.parametrize(
    ("id_", "one", "two"),
    [("speaker-tokens", "<speaker1>", "<speaker2>"), ("sp-tokens", "<sp1>", "<sp2>")],
)
def test_speaker_tokens(id_: str, one: str, two: str) -> None:
    # github.com/devjwsong/gpt2-dialogue-generation-pytorch, src/infer.py: <bos>, then each turn
    # after its speaker's token, then the second speaker's. From max_turns on, which is 5, all but
    # the last four are dropped, so that a prompt may begin with an answer.
    assert prompt(id_, SYSTEM, *TALK) == f"<bos>{one}Hi there.{two}Hello, friend.{one}Why?{two}"
    assert prompt(id_, *LONG) == (f"<bos>{two}Hello, friend.{one}Why?{two}Because.{one}I see.{two}")
    assert left_out(LAYOUTS[id_], [turn.role for turn in (SYSTEM, *LONG)]) == (0, 1)


def test_deepspeed_chat() -> None:
    # github.com/microsoft/DeepSpeedExamples, applications/DeepSpeed-Chat/inference/chatbot.py:
    # get_user_input adds " Human: " + question + "\n Assistant: ", main "\n\n" after each answer;
    # the tokenizer of OPT puts </s> before everything.
    assert prompt("human-assistant", *TALK) == (
        "</s> Human: Hi there.\n Assistant: Hello, friend.\n\n Human: Why?\n Assistant: "
    )


def test_ai_msgbot() -> None:
    # github.com/pszemraj/ai-msgbot, ai_single_response.py: a name and a line break before what is
    # said, an empty line after it.
    assert prompt("person-alpha-beta", *TALK) == (
        "person alpha:\nHi there.\n\nperson beta:\nHello, friend.\n\n"
        "person alpha:\nWhy?\n\nperson beta:\n"
    )


def test_completion_of_a_dialogue() -> None:
    # The examples of OpenAI's completion interface of 2020: “Chat”, and customer support.
    assert prompt("completion-human-ai", SYSTEM, *TALK) == (
        "Be brief.\n\nHuman: Hi there.\nAI: Hello, friend.\nHuman: Why?\nAI:"
    )
    assert prompt("completion-customer-agent", SYSTEM, *TALK) == (
        "Be brief.\n\n###\n\nCustomer: Hi there.\nAgent: Hello, friend.\nCustomer: Why?\nAgent:"
    )
    assert "\nHuman" in stops_with(LAYOUTS["completion-human-ai"], None)
    assert "\nCustomer" in stops_with(LAYOUTS["completion-customer-agent"], None)


@pytest.mark.parametrize("id_", sorted(LAYOUTS))
def test_an_answer_that_was_cut_is_gone_on_with(id_: str) -> None:
    begun = prompt(id_, *TALK, Turn("assistant", "Because it"), continues=True)
    asked = prompt(id_, *TALK)
    assert begun.startswith(asked)
    assert begun[len(asked) :].lstrip(" ") == "Because it"


@pytest.mark.parametrize("id_", sorted(LAYOUTS))
@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
def test_nothing_that_is_said_counts_as_the_layouts_own(id_: str, said: str) -> None:
    layout = LAYOUTS[id_]
    own = [each for each in (*layout.control, layout.user.strip()) if each]
    harmless = prompt(id_, Turn("user", "so"), Turn("assistant", "so"), Turn("user", "so"))
    made = prompt(id_, Turn("user", said), Turn("assistant", said), Turn("user", said))
    for text in own:
        if text in layout.control:
            assert made.count(text) == harmless.count(text)
    lines = [line for line in made.splitlines() if line.startswith(layout.user.rstrip() or "\0")]
    assert len(lines) <= len(harmless.split(layout.user.strip() or "\0"))


def test_the_plain_form_of_a_layout_is_what_it_was() -> None:
    assert Layout("Customer: ", "Agent: ", "\n", "\n\n###\n\n") == replace(
        LAYOUTS["completion-customer-agent"], stop=()
    )


# where an answer ends


def shown(id_: str, *chunks: str, asked: tuple[str, ...] = ()) -> tuple[str, bool]:
    """What is shown of an answer that comes in these chunks, and whether it was stopped."""
    layout = LAYOUTS[id_]
    letters = "".join(chunks)
    made = prompt(id_, *TALK)
    stream = TextStream(
        lambda ids: "".join(letters[i] for i in ids), stops_with(layout, asked), made.names
    )
    told, start = "", 0
    for chunk in chunks:
        told += stream.push(range(start, start + len(chunk)))
        start += len(chunk)
    told += stream.finish()
    assert told == stream.text
    return told, stream.stopped


@pytest.mark.parametrize("cut", range(1, len("Fine.\n<human>: And")))
def test_the_next_speaker_is_cut_off_wherever_the_chunks_end(cut: int) -> None:
    text = "Fine.\n<human>: And"
    assert shown("redpajama-chat", text[:cut], text[cut:]) == ("Fine.", True)


@pytest.mark.parametrize("end", ["\n<human>", "\n<hum", "\n<", "\n", "<human", "<"])
def test_a_name_that_was_only_begun_is_cut_off_too(end: str) -> None:
    assert shown("redpajama-chat", "Fine.", end) == ("Fine.", False)
    assert shown("redpajama-chat", f"Fine.{end}", " and well.")[0].startswith("Fine.")


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        ("completion-human-ai", "Fine.\nHuman beings"),
        ("completion-customer-agent", "Fine.\nCustomer: So"),
        ("human-assistant", "Fine.\nHuman: So"),
        ("person-alpha-beta", "Fine.\nperson alpha:\nSo"),
        ("plain", "Fine.\nUser: So"),
    ],
)
def test_an_answer_ends_before_the_next_question(id_: str, text: str) -> None:
    for cut in range(1, len(text)):
        assert shown(id_, text[:cut], text[cut:]) == ("Fine.", True)


def test_a_beginning_of_a_text_that_the_user_asked_to_stop_at_stays() -> None:
    assert shown("plain", "The EN", asked=("END",)) == ("The EN", False)
    assert shown("redpajama-chat", "1 < 2 and 3 <b> 4") == ("1 < 2 and 3 <b> 4", False)


def test_an_answer_ends_before_a_token_also_when_that_has_a_text() -> None:
    words = ("Fine", ".", "\n<hum", "<eos>", " So")
    names = ("\n<human>:",)
    stream = TextStream(lambda ids: "".join(words[i] for i in ids), names, names, {3})
    assert stream.push([0, 1]) + stream.push([2]) + stream.push([3, 4]) == "Fine."
    assert (stream.stopped, stream.ids, stream.finish()) == (True, [0, 1, 2], "")


def test_which_tokens_end_an_answer() -> None:
    assert prompt("dialogpt", *TALK).ends == ("<|endoftext|>",)
    assert prompt("mpt-chat", *TALK).ends == ("<|im_end|>", "<|endoftext|>")
    assert "</s>" in prompt("llama-2-chat", *TALK).ends
    assert "<eos>" in prompt("speaker-tokens", *TALK).ends
