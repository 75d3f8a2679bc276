"""Our prompts are those of transformers, text for text."""

import json
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template

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
FOLDED = [Turn("user", f"{SYSTEM.content}\n\n{USER.content}"), ANSWER, AGAIN]


def by_transformers(family: str, turns: list[Turn], *, generation_prompt: bool) -> str:
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
    messages = [{"role": turn.role, "content": turn.content} for turn in turns]
    rendered, _ = render_jinja_template(
        [messages], chat_template=template, add_generation_prompt=generation_prompt, **texts
    )
    return str(rendered[0])


@pytest.mark.parametrize("generation_prompt", [True, False], ids=["prompt", "no prompt"])
@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_same_text_as_transformers(family: str, turns: list[Turn], generation_prompt: bool) -> None:
    taken = turns
    if family in DROP_SYSTEM and turns[0] == SYSTEM:
        taken = FOLDED[: len(turns) - 1]
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
