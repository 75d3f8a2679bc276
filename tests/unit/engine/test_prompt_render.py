"""What the model reads, written out; and what becomes of conversations that do not fit."""

from pathlib import Path

import pytest

from desktop.domain.errors import Problem, UsageProblem
from desktop.engine.prompt.format import PromptFormat, read_format
from desktop.engine.prompt.plain import STOP_TEXTS
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Turn

TEMPLATES = Path(__file__).parents[2] / "data" / "templates"
WIDE_BAR = "\uff5c"  # in the control tokens of DeepSeek
PLAIN = PromptFormat("", {}, ("<|endoftext|>",))


def turns(*pairs: tuple[str, str]) -> list[Turn]:
    names = {"s": "system", "u": "user", "a": "assistant"}
    return [Turn(names[role], content) for role, content in pairs]


def prompt(family: str, *pairs: tuple[str, str], generation_prompt: bool = True) -> str:
    format = read_format(TEMPLATES / f"{family}.json")
    return render(format, turns(*pairs), generation_prompt=generation_prompt)


def test_smollm2() -> None:
    assert prompt("smollm2", ("u", "Hi"), ("a", "Hello."), ("u", "Who are you?")) == (
        "<|im_start|>system\n"
        "You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n"
        "<|im_start|>assistant\nHello.<|im_end|>\n"
        "<|im_start|>user\nWho are you?<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_mistral() -> None:
    assert prompt("mistral-v0.1", ("s", "Be brief."), ("u", "Hi"), ("a", "Hello."), ("u", "?")) == (
        "<s> [INST] Be brief.\n\nHi [/INST] Hello.</s> [INST] ? [/INST]"
    )


def test_deepseek_without_the_thoughts_of_before() -> None:
    pairs = [("u", "Hi"), ("a", "<think>\nA greeting.\n</think>\n\nHello."), ("u", "Why?")]

    assert prompt("deepseek-r1-distill", *pairs) == (
        "<|begin▁of▁sentence|><|User|>Hi<|Assistant|>\n\nHello.<|end▁of▁sentence|>"
        "<|User|>Why?<|Assistant|><think>\n"
    ).replace("|", WIDE_BAR)


class TestSystemText:
    """It reaches the model, whatever the template thinks of system turns."""

    @pytest.mark.parametrize("family", ["own-gemma2-like", "olmo", "phi-3-medium"])
    def test_goes_before_the_first_user_text(self, family: str) -> None:
        folded = prompt(family, ("u", "Be brief.\n\nHi"), ("a", "Hello."), ("u", "Why?"))

        assert prompt(family, ("s", "Be brief."), ("u", "Hi"), ("a", "Hello."), ("u", "Why?")) == (
            folded
        )

    def test_is_not_mistaken_for_the_same_words_of_the_user(self) -> None:
        ignored = prompt("olmo", ("s", "Hi"), ("u", "Hi"))

        assert "<|user|>\nHi\n\nHi\n" in ignored

    def test_is_not_doubled_when_the_user_says_the_same(self) -> None:
        assert prompt("chatml", ("s", "Hi"), ("u", "Hi")).count("Hi") == 2

    def test_asking_leaves_no_trace(self) -> None:
        assert "systemtext" not in prompt("olmo", ("s", "Hi"), ("u", "Hi"))
        assert prompt("chatml", ("s", "systemtext-0-"), ("u", "a")).count("systemtext") == 1
        assert "Be kind." in prompt("olmo", ("s", "Be kind."), ("u", "systemtext-0-"))

    @pytest.mark.parametrize("family", ["own-gemma2-like", "mistral-v0.1", "neural-chat", "falcon"])
    def test_in_the_middle_goes_to_the_next_user_text(self, family: str) -> None:
        with_system = prompt(
            family, ("u", "Hi"), ("a", "Hello."), ("s", "Be brief."), ("u", "Why?")
        )

        assert with_system == prompt(
            family, ("u", "Hi"), ("a", "Hello."), ("u", "Be brief.\n\nWhy?")
        )

    def test_the_first_stays_where_only_later_ones_are_refused(self) -> None:
        conversation = [("s", "One."), ("u", "Hi"), ("a", "Yes"), ("s", "Two."), ("u", "?")]
        folded = [("s", "One."), ("u", "Hi"), ("a", "Yes"), ("u", "Two.\n\n?")]

        assert prompt("neural-chat", *conversation) == prompt("neural-chat", *folded)

    def test_several_are_kept_in_their_order(self) -> None:
        text = prompt("own-gemma2-like", ("s", "One."), ("s", "Two."), ("u", "Hi"))

        assert "user\nOne.\n\nTwo.\n\nHi<end_of_turn>" in text

    def test_alone_is_what_the_user_says(self) -> None:
        assert "<|user|>\nBe brief.\n" in prompt("olmo", ("s", "Be brief."))

    def test_empty_one_is_no_reason_to_change_anything(self) -> None:
        assert prompt("own-gemma2-like", ("s", " "), ("u", "Hi")) == prompt(
            "own-gemma2-like", ("u", "Hi")
        )
        assert prompt("chatml", ("s", ""), ("u", "Hi")).startswith(
            "<s><|im_start|>system\n<|im_end|>"
        )

    def test_its_control_tokens_are_broken_up_when_it_is_moved(self) -> None:
        text = prompt("own-gemma2-like", ("s", "<end_of_turn>"), ("u", "Hi"))

        assert "user\n< end_of_turn>\n\nHi<end_of_turn>" in text


class TestOrderOfTurns:
    def test_turns_of_one_role_become_one_where_they_have_to(self) -> None:
        text = prompt("own-gemma2-like", ("s", "Be brief."), ("u", "Hi"), ("u", "Hello?"))

        assert "<start_of_turn>user\nBe brief.\n\nHi\n\nHello?<end_of_turn>" in text

    def test_and_stay_two_where_they_may(self) -> None:
        assert prompt("chatml", ("u", "Hi"), ("u", "Hello?")).count("<|im_start|>user") == 2

    def test_the_system_text_keeps_its_place_then(self) -> None:
        text = prompt("mistral-v0.3", ("s", "Be brief."), ("u", "Hi"), ("u", "Hello?"))

        assert text == "<s>[INST] Be brief.\n\nHi\n\nHello?[/INST]"

    def test_what_cannot_be_helped_is_said_in_the_words_of_the_template(self) -> None:
        with pytest.raises(Problem, match="After the user comes the assistant") as caught:
            prompt("own-gemma2-like", ("a", "Hello"), ("u", "Hi"))

        assert caught.value.remedy

    def test_only_known_roles_are_let_in(self) -> None:
        with pytest.raises(UsageProblem, match="im_end"):
            render(PLAIN, [Turn("im_end", "Hi")])


class TestReasoning:
    @pytest.mark.parametrize(
        ("answer", "kept"),
        [
            ("<think>\nHm.\n</think>\n\nYes.", "Yes."),
            ("Hm.\n</think>\n\nYes.", "Yes."),
            ("<think>\nHm. I wonder", ""),
            ("\n<think></think>Yes.", "Yes."),
            ("Use <think> and </think>.", "Use <think> and </think>."),
            ("Use <think>.", "Use <think>."),
            ("  Yes.", "  Yes."),
        ],
    )
    def test_templates_that_know_none_get_the_answer(self, answer: str, kept: str) -> None:
        text = prompt("smollm2", ("u", "?"), ("a", answer), generation_prompt=False)

        assert text.endswith(f"<|im_start|>assistant\n{kept}<|im_end|>\n")

    def test_stopped_while_thinking(self) -> None:
        text = prompt("qwen3", ("u", "?"), ("a", "<think>\nHm. I"), generation_prompt=False)

        assert text.endswith("assistant\n<think>\nHm. I\n</think>\n\n<|im_end|>\n")

    def test_what_the_user_writes_is_never_reasoning(self) -> None:
        assert "<think>Hm.</think>Yes." in prompt("smollm2", ("u", "<think>Hm.</think>Yes."))


class TestWithoutTemplate:
    def test_layout(self) -> None:
        conversation = turns(("s", "Be brief."), ("u", "Hi"), ("a", "Hello."), ("u", "Why?"))

        assert render(PLAIN, conversation) == (
            "Be brief.\n\nUser: Hi\nAssistant: Hello.\nUser: Why?\nAssistant:"
        )

    def test_without_system_text_and_last_line(self) -> None:
        conversation = turns(("u", "Hi"), ("a", "<think>Hm.</think>Hello."))

        assert render(PLAIN, conversation, generation_prompt=False) == "User: Hi\nAssistant: Hello."

    def test_control_tokens_are_broken_up(self) -> None:
        assert render(PLAIN, turns(("u", "<|endoftext|>"))) == "User: < |endoftext|>\nAssistant:"

    def test_stop_text_is_where_the_user_would_go_on(self) -> None:
        lines = render(PLAIN, turns(("u", "Hi"), ("a", "Hello."), ("u", "Why?")))

        assert all(text in lines for text in STOP_TEXTS)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% for m in messages %}", "in line 1: .*'for'"),
        ("one\n\n{{ x|nonesuch }}", "in line 3: .*nonesuch"),
        ("{{ raise_exception('Please be kind') }}", "Please be kind"),
        ("{{ messages[7].content.strip() }}", "no element 7"),
        ("{{ 1 // 0 }}", "by zero"),
        ("{{ raise_exception('long ' * 5000) }}", "long long"),
        ("{{ raise_exception('') }}", "TemplateError"),
    ],
)
def test_errors_are_sentences(template: str, said: str) -> None:
    with pytest.raises(Problem, match=said) as caught:
        render(PromptFormat(template, {}, ()), turns(("s", "Be brief."), ("u", "Hi")))

    assert caught.value.what[-1] in ".!?…"
    assert caught.value.remedy[-1] == "."
    assert len(caught.value.what) < 400
    assert "\n" not in caught.value.what


def test_same_conversation_same_prompt() -> None:
    pairs = [("s", "Be brief."), ("u", "Hi"), ("a", "Hello."), ("u", "Why?")]

    for path in sorted(TEMPLATES.glob("*.json")):
        assert prompt(path.stem, *pairs) == prompt(path.stem, *pairs)
