"""Our prompts are those of transformers, text for text."""

import json
from pathlib import Path

import pytest
from jinja2 import TemplateError, UndefinedError
from transformers import PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template

from desktop.domain.errors import Problem
from desktop.engine.prompt.format import read_format
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Turn

TEMPLATES = Path(__file__).parents[2] / "data" / "templates"
FAMILIES = sorted(path.stem for path in TEMPLATES.glob("*.json"))
DROP_SYSTEM = {"olmo", "phi-3-medium", "own-gemma2-like"}  # ignored or refused

SYSTEM = Turn("system", "Answer in one word.")
USER = Turn("user", "  What is the capital of France?\n\n")
ANSWER = Turn("assistant", "Paris.\n")
AGAIN = Turn("user", "Warum? 100 % «sicher» — {{ bos_token }} {% for %} \\n 🦊")
CONVERSATIONS = {
    "user": [USER],
    "system, user": [SYSTEM, USER],
    "three turns": [USER, ANSWER, AGAIN],
    "system, three turns": [SYSTEM, USER, ANSWER, AGAIN],
    "answer last": [USER, ANSWER],
    "empty texts": [Turn("user", ""), Turn("assistant", ""), Turn("user", " ")],
    "long": [USER, ANSWER, AGAIN, ANSWER, USER, ANSWER, AGAIN, ANSWER, USER],
}


def folded_for(family: str, turns: list[Turn]) -> list[Turn]:
    """The turns with the system text where we put it for templates that take none."""
    if family not in DROP_SYSTEM or turns[0] != SYSTEM:
        return turns
    return [Turn("user", f"{SYSTEM.content}\n\n{turns[1].content}"), *turns[2:]]


def by_transformers(family: str, turns: list[Turn], *, generation_prompt: bool) -> str:
    messages = [{"role": turn.role, "content": turn.content} for turn in turns]
    return messages_by_transformers(family, messages, generation_prompt=generation_prompt)


def messages_by_transformers(
    family: str, messages: list[dict[str, str]], *, generation_prompt: bool
) -> str:
    settings = json.loads((TEMPLATES / f"{family}.json").read_text("utf-8"))
    template = settings["chat_template"]
    if isinstance(template, list):
        template = {entry["name"]: entry["template"] for entry in template}["default"]
    named = {name: value for name, value in settings.items() if name.endswith("_token")}
    texts = {
        name: value["content"] if isinstance(value, dict) else value
        for name, value in named.items()
        if value is not None
    }
    rendered, _ = render_jinja_template(
        [messages], chat_template=template, add_generation_prompt=generation_prompt, **texts
    )
    return str(rendered[0])


@pytest.mark.parametrize("generation_prompt", [True, False], ids=["prompt", "no prompt"])
@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_same_text_as_transformers(family: str, turns: list[Turn], generation_prompt: bool) -> None:
    taken = folded_for(family, turns)
    expected = by_transformers(family, taken, generation_prompt=generation_prompt)

    format = read_format(TEMPLATES / f"{family}.json")

    assert render(format, turns, generation_prompt=generation_prompt) == expected


@pytest.mark.parametrize("family", ["qwen3", "deepseek-r1-distill"])
@pytest.mark.parametrize("answer", ["<think>\nHm.\n</think>\n\nParis.", "Hm.\n</think>\n\nParis."])
@pytest.mark.parametrize("after", [[], [AGAIN]], ids=["last", "not last"])
def test_reasoning_is_treated_as_by_transformers(
    family: str, answer: str, after: list[Turn]
) -> None:
    turns = [USER, Turn("assistant", answer), *after]

    ours = render(read_format(TEMPLATES / f"{family}.json"), turns)

    assert ours == by_transformers(family, turns, generation_prompt=True)


TOOL_TURNS = {
    "tool last": [USER, Turn("assistant", "One moment."), Turn("tool", '{"city": "Paris"}')],
    "tool answered": [
        SYSTEM,
        USER,
        Turn("assistant", "One moment."),
        Turn("tool", '{"city": "Paris"}'),
        ANSWER,
        AGAIN,
    ],
}
# Roles must alternate in all of these.
REFUSE_TOOLS = {"falcon", "mistral-v0.1", "neural-chat", "own-gemma2-like", "own-llama2-like"}
TOOLS_WITH_IDS = {"mistral-v0.3"}  # a tool's answer needs the number of its call


@pytest.mark.parametrize("turns", TOOL_TURNS.values(), ids=TOOL_TURNS)
@pytest.mark.parametrize("family", FAMILIES)
def test_tool_turns_are_treated_as_by_transformers(family: str, turns: list[Turn]) -> None:
    format = read_format(TEMPLATES / f"{family}.json")
    taken = folded_for(family, turns)
    if family in REFUSE_TOOLS | TOOLS_WITH_IDS:
        with pytest.raises((TemplateError, UndefinedError)):
            by_transformers(family, taken, generation_prompt=True)
        with pytest.raises(Problem, match="does not accept this conversation"):
            render(format, turns)
    else:
        assert render(format, turns) == by_transformers(family, taken, generation_prompt=True)


THOUGHTS = "Is it Lyon?\nNo."
PARTS_ITSELF = {"deepseek-r1-distill"}  # wants the whole answer, thoughts and tags


@pytest.mark.parametrize("turns", [[USER], [USER, AGAIN]], ids=["last", "not last"])
@pytest.mark.parametrize("family", sorted({*FAMILIES} - PARTS_ITSELF))
def test_thoughts_are_given_as_transformers_wants_them(family: str, turns: list[Turn]) -> None:
    """As `reasoning_content`, which templates that know nothing of it leave out."""
    first, *rest = turns
    thought = Turn("assistant", f"<think>\n{THOUGHTS}\n</think>\n\nParis.")
    generation_prompt = bool(rest)
    parted = [
        {"role": "user", "content": first.content},
        {"role": "assistant", "content": "Paris.", "reasoning_content": THOUGHTS},
        *({"role": "user", "content": turn.content} for turn in rest),
    ]

    ours = render(
        read_format(TEMPLATES / f"{family}.json"),
        [first, thought, *rest],
        generation_prompt=generation_prompt,
    )

    assert ours == messages_by_transformers(family, parted, generation_prompt=generation_prompt)
    assert "Paris." in ours


def tokenizer_file(path: Path, added: list[str]) -> None:
    """A tokenizer.json that transformers accepts."""
    added_tokens = [
        {
            "id": number,
            "content": text,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, text in enumerate(added)
    ]
    vocabulary = {text: number for number, text in enumerate(added)}
    model = {"type": "BPE", "vocab": vocabulary, "merges": []}
    path.write_text(
        json.dumps({"version": "1.0", "added_tokens": added_tokens, "model": model}), "utf-8"
    )


TOKEN_TEMPLATE = (
    "{% for m in messages %}{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ pad_token }}|"
    "{{ cls_token }}|{{ image_token }}|{{ m.content }}{% endfor %}"
)
FOLDERS = {
    "plain texts": ({"bos_token": "<s>", "eos_token": "</s>", "chat_template": TOKEN_TEMPLATE}, {}),
    "null token": ({"bos_token": None, "eos_token": "</s>", "chat_template": TOKEN_TEMPLATE}, {}),
    "token objects": (
        {
            "bos_token": {"__type": "AddedToken", "content": "<s>"},
            "image_token": "<image>",
            "chat_template": [{"name": "default", "template": TOKEN_TEMPLATE}],
        },
        {},
    ),
    "map of special tokens": (
        {"bos_token": "<unk>", "chat_template": TOKEN_TEMPLATE},
        {"special_tokens_map.json": json.dumps({"bos_token": {"content": "<s>"}})},
    ),
    "map beside a decoder": (
        {
            "bos_token": "<s>",
            "chat_template": TOKEN_TEMPLATE,
            "added_tokens_decoder": {"0": {"content": "<s>", "special": True}},
        },
        {"special_tokens_map.json": json.dumps({"bos_token": "</s>"})},
    ),
    "template file": (
        {"bos_token": "<s>", "chat_template": "not this one"},
        {"chat_template.jinja": TOKEN_TEMPLATE + "\n"},
    ),
}


@pytest.mark.parametrize(("settings", "files"), FOLDERS.values(), ids=FOLDERS)
def test_folder_is_read_as_by_transformers(
    tmp_path: Path, settings: dict[str, object], files: dict[str, str]
) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    tokenizer_file(tmp_path / "tokenizer.json", ["<unk>", "<s>", "</s>", "<image>"])
    tokenizer = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    expected = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hello"}], tokenize=False, add_generation_prompt=True
    )

    assert render(read_format(tmp_path), [Turn("user", "Hello")]) == expected
    assert render(read_format(tmp_path / "tokenizer_config.json"), [Turn("user", "Hello")]) == (
        expected
    )
