"""The template and the tokens are found wherever models keep them."""

import json
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.prompt.format import PromptFormat, read_format
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Turn

TEMPLATES = Path(__file__).parents[2] / "data" / "templates"
SIMPLE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"


def written(path: Path, value: object) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def tokenizer(*added: tuple[str, bool]) -> dict[str, object]:
    tokens = [{"id": number, "content": t, "special": s} for number, (t, s) in enumerate(added)]
    return {"version": "1.0", "added_tokens": tokens, "model": {"vocab": {'"added_tokens": [': 0}}}


def test_settings_of_a_real_model() -> None:
    format = read_format(TEMPLATES / "smollm2.json")

    assert format.template.startswith("{% for message in messages %}")
    assert format.tokens["bos_token"] == "<|im_start|>"
    assert {"<|im_start|>", "<|im_end|>", "<|endoftext|>", "<file_sep>"} <= set(
        format.control_tokens
    )


def test_control_tokens_come_from_every_file(tmp_path: Path) -> None:
    settings = {
        "eos_token": "<eos>",
        "additional_special_tokens": ["<extra>", {"content": "<object>"}],
        "extra_special_tokens": {"image_token": "<image>"},
        "added_tokens_decoder": {"7": {"content": "<decoder>", "special": False}},
        "add_bos_token": True,
    }
    written(tmp_path / "tokenizer_config.json", settings)
    written(tmp_path / "tokenizer.json", tokenizer(("<json>", False), ("<json2>", True)))
    written(tmp_path / "added_tokens.json", {"<added>": 9})

    format = read_format(tmp_path)

    assert set(format.control_tokens) == {
        "<eos>", "<extra>", "<object>", "<image>", "<decoder>", "<json>", "<json2>", "<added>",
    }  # fmt: skip
    assert format.tokens == {"eos_token": "<eos>", "image_token": "<image>"}
    assert format.template == ""


def test_tokens_are_found_where_the_file_is_in_another_order(tmp_path: Path) -> None:
    body = json.dumps({"model": {"vocab": {"a": 0}}, "added_tokens": [{"content": "<late>"}]})
    written(tmp_path / "tokenizer.json", body)

    assert read_format(tmp_path).control_tokens == ("<late>",)


def test_words_that_were_added_to_a_vocabulary_stay_words(tmp_path: Path) -> None:
    words = tokenizer(("xin", False), ("chào bạn", False), ("EOS", True), ("<call>", False))
    written(tmp_path / "tokenizer.json", words)
    written(tmp_path / "chat_template.jinja", "{{ messages[0].content }}")

    assert render(read_format(tmp_path), [Turn("user", "xin chào bạn EOS <call>")]) == (
        "xin chào bạn E OS < call>"
    )


def test_template_file_comes_first_then_the_settings_then_the_processor(tmp_path: Path) -> None:
    written(tmp_path / "chat_template.json", {"chat_template": "third"})
    assert read_format(tmp_path).template == "third"
    written(tmp_path / "tokenizer_config.json", {"chat_template": "second"})
    assert read_format(tmp_path).template == "second"
    written(tmp_path / "chat_template.jinja", "first")
    assert read_format(tmp_path).template == "first"
    assert read_format(tmp_path / "tokenizer_config.json").template == "first"


def test_named_templates(tmp_path: Path) -> None:
    names = [{"name": "rag", "template": "no"}, {"name": "default", "template": "yes"}]

    assert read_format(written(tmp_path / "a.json", {"chat_template": names})).template == "yes"
    assert read_format(written(tmp_path / "b.json", {"chat_template": names[:1]})).template == ""


def test_nothing_known_is_the_plain_layout(tmp_path: Path) -> None:
    assert read_format(tmp_path) == PromptFormat("", {}, ())


@pytest.mark.parametrize("name", ["chat.jinja", "chat.txt", "chat", "chat_template.jinja"])
def test_jinja_file(tmp_path: Path, name: str) -> None:
    format = read_format(written(tmp_path / name, SIMPLE))

    assert format.template == SIMPLE
    assert format.tokens == {}
    assert render(format, [Turn("user", "<|end|><|system|> a <b> c")]) == (
        "<|user|>< |end|>< |system|> a <b> c<|end|>"
    )


def test_folder_with_nothing_but_a_template_is_guarded_like_a_jinja_file(tmp_path: Path) -> None:
    written(tmp_path / "chat_template.jinja", "<start_of_turn>{{ messages[0].content }}")

    assert render(read_format(tmp_path), [Turn("user", "<start_of_turn>")]) == (
        "<start_of_turn>< start_of_turn>"
    )


def test_settings_under_any_name(tmp_path: Path) -> None:
    settings = {"chat_template": "{{ bos_token }}", "bos_token": "<s>"}

    assert render(read_format(written(tmp_path / "settings", settings)), []) == "<s>"


@pytest.mark.parametrize(
    ("template", "tokens"),
    [
        ("{{ '[INST] <<SYS>>' }}[/INST]</s>", {"[INST]", "<<SYS>>", "[/INST]", "</s>"}),
        ('<start_of_turn>{{ "<end_of_turn>\\n" }}', {"<start_of_turn>", "<end_of_turn>"}),
        (
            "{{ '<\uff5cUser\uff5c>' }}<\uff5cend▁of\uff5c>",
            {"<\uff5cUser\uff5c>", "<\uff5cend▁of\uff5c>"},
        ),
        ("[gMASK]<sop>{{ '[|user|]' }}", {"[gMASK]", "<sop>", "[|user|]"}),
        ("{% if a < b and c > d %}{{ a[0] }} 3 < 4 > 2 [x]{% endif %}", set()),
        ("{% broken", set()),
        ("<s>{{ " + "9" * 5000 + " }}", set()),
        ("<s>{{ " + "(" * 5000 + " }}", set()),
        ("<s>" * 400_000, set()),
    ],
)
def test_control_tokens_of_a_template_without_a_tokenizer(
    tmp_path: Path, template: str, tokens: set[str]
) -> None:
    format = read_format(written(tmp_path / "chat.jinja", template))

    assert set(format.control_tokens) == tokens


def test_byte_order_mark_is_no_part_of_the_template(tmp_path: Path) -> None:
    assert read_format(written(tmp_path / "chat.jinja", "\ufeffHello")).template == "Hello"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tokenizer_config.json", b"{"),
        ("tokenizer_config.json", b"[1]"),
        ("tokenizer_config.json", b"\xff\xfe"),
        ("tokenizer_config.json", b"[" * 100_000),
        ("tokenizer.json", b'{"added_tokens": [{]'),
        ("chat_template.jinja", b"\xff\xfe"),
    ],
)
def test_damaged_file_is_named(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(Problem, match=name):
        read_format(tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        {"chat_template": 3},
        {"chat_template": [1, None]},
        {"bos_token": 7, "eos_token": {"content": None}},
        {"added_tokens_decoder": [], "extra_special_tokens": 1},
        {"added_tokens_decoder": {"1": None, "2": 3, "3": {"content": ["x"]}}},
    ],
)
def test_odd_values_are_left_out(tmp_path: Path, settings: dict[str, object]) -> None:
    assert read_format(written(tmp_path / "a.json", settings)) == PromptFormat("", {}, ())


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="nonesuch"):
        read_format(tmp_path / "nonesuch.jinja")
