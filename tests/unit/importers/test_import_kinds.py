"""Each kind of file that can be imported, and how they are told apart."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from desktop.domain.chats import Whole
from desktop.domain.conversation import Role, State
from desktop.domain.errors import Problem
from desktop.exporters.common import Options, branch
from desktop.exporters.registry import encoded, format_named
from desktop.importers.reading import Reading
from tests.chat_trees import NAUGHTY, dialogue, wholes


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("import") / "any name.bin"


def read(file: Path, data: bytes | str | object) -> tuple[list[Whole], list[str]]:
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    reading = Reading(file)
    return list(reading), reading.skipped


def said(chat: Whole) -> list[tuple[str, str]]:
    return [(message.role.value, message.text) for message in branch(chat)]


def as_json(*chats: Whole) -> bytes:
    return b"".join(encoded(format_named("json"), chats, Options()))


# our own JSON


@settings(max_examples=40)
@given(wholes(), wholes())
def test_our_json_comes_back_byte_for_byte(file: Path, one: Whole, other: Whole) -> None:
    data = as_json(one, other)
    chats, skipped = read(file, data)
    assert (chats, skipped) == ([one, other], [])
    assert as_json(*chats) == data


def test_naughty_strings_come_back_unchanged(file: Path) -> None:
    chats, _ = read(file, as_json(dialogue(*NAUGHTY, title=NAUGHTY[6])))
    wanted = [text.replace("\0", "\ufffd") for text in NAUGHTY]
    assert [text for _, text in said(chats[0])] == wanted


def test_the_order_and_the_spacing_of_the_keys_are_free(file: Path) -> None:
    body = json.loads(as_json(dialogue("Hi", "Ho")))
    turned = dict(reversed(body.items()))
    chats, skipped = read(file, json.dumps(turned, indent=4, ensure_ascii=True))
    assert (len(chats), skipped) == (1, [])


def test_keys_that_this_version_does_not_know_are_left_out(file: Path) -> None:
    body = json.loads(as_json(dialogue("Hi", "Ho")))
    body["conversations"][0]["mood"] = {"deep": [1]}
    body["conversations"][0]["messages"][1]["statistics"]["watts"] = 3
    chats, skipped = read(file, body)
    assert skipped == []
    assert said(chats[0]) == [("user", "Hi"), ("assistant", "Ho")]


# ChatGPT


def node(
    id: str, parent: str | None, message: dict[str, Any] | None = None, *children: str
) -> dict[str, Any]:
    return {"id": id, "parent": parent, "children": list(children), "message": message}


def message(role: str, *parts: object, **more: object) -> dict[str, Any]:
    return {
        "author": {"role": role, "name": "python"},
        "create_time": 1700000000.123456,
        "content": {"content_type": "text", "parts": list(parts)},
        "metadata": {"model_slug": "gpt-4o"},
        **more,
    }


def chatgpt(*nodes: dict[str, Any], head: str, **more: object) -> dict[str, Any]:
    return {
        "title": "Towers",
        "create_time": 1700000000.5,
        "update_time": 1700000100.25,
        "mapping": {each["id"]: each for each in nodes},
        "current_node": head,
        "conversation_id": "11111111-2222",
        **more,
    }


TOWERS = chatgpt(
    node("root", None, None, "system"),
    node("system", "root", message("system", ""), "q"),
    node("q", "system", message("user", "Which tower?"), "a1", "a2"),
    node("a1", "q", message("assistant", "Eiffel"), "q2"),
    node("a2", "q", message("assistant", "Pisa")),
    node("q2", "a1", message("user", "How high?")),
    head="a2",
)


def test_branches_titles_and_times_of_chatgpt(file: Path) -> None:
    (chat,), skipped = read(file, [TOWERS])
    assert skipped == []
    assert chat.conversation.title == "Towers"
    assert chat.created_at == "2023-11-14T22:13:20.500+00:00"
    assert said(chat) == [("user", "Which tower?"), ("assistant", "Pisa")]
    texts = {each.text: each for each in chat.conversation.messages}
    assert list(texts) == ["Which tower?", "Eiffel", "Pisa", "How high?"]
    assert texts["How high?"].parent_id == texts["Eiffel"].id
    assert texts["Eiffel"].parent_id == texts["Pisa"].parent_id == texts["Which tower?"].id
    assert texts["Which tower?"].parent_id == ""
    statistics = texts["Pisa"].statistics
    assert statistics is not None
    assert statistics.model == "gpt-4o"
    assert texts["Pisa"].created_at == "2023-11-14T22:13:20.123+00:00"


def test_the_same_file_gives_the_same_ids(file: Path) -> None:
    assert read(file, [TOWERS]) == read(file, [TOWERS])


def test_a_single_conversation_of_chatgpt(file: Path) -> None:
    chats, _ = read(file, TOWERS)
    assert len(chats) == 1


def test_what_is_no_text_becomes_a_note(file: Path) -> None:
    image = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    code = {"content_type": "code", "language": "python", "text": "print(`1`)"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Hm", "content": "So"}]}
    chat = chatgpt(
        node("q", None, message("user", image, "What is it?"), "think"),
        node("think", "q", message("assistant", content=thoughts), "code"),
        node("code", "think", message("assistant", content=code), "tool"),
        node("tool", "code", message("tool", "42"), "end"),
        node("end", "tool", message("assistant", {"content_type": "mystery"}, None)),
        head="end",
    )
    (found,), _ = read(file, [chat])
    assert said(found) == [
        ("user", "[An image in this place was not imported]\n\nWhat is it?"),
        ("assistant", "<think>\nHm\n\nSo\n</think>"),
        ("assistant", "```python\nprint(`1`)\n```"),
        ("assistant", "[From the tool “python”]\n\n42"),
        ("assistant", "[Something in this place was not imported]"),
    ]


def test_the_system_message_of_chatgpt_becomes_the_system_prompt(file: Path) -> None:
    custom = {"content_type": "user_editable_context", "user_instructions": "Be brief."}
    chat = chatgpt(
        node("c", None, message("user", content=custom), "q"),
        node("q", "c", message("user", "Hi")),
        head="c",
    )
    (found,), _ = read(file, [chat])
    assert found.conversation.settings.system_prompt == "Be brief."
    assert said(found) == [("user", "Hi")]


def test_how_an_answer_of_chatgpt_ended(file: Path) -> None:
    cut = {"finish_details": {"type": "max_tokens"}}
    chat = chatgpt(
        node("q", None, message("user", "Hi"), "a", "b"),
        node("a", "q", message("assistant", "Ho", metadata=cut)),
        node("b", "q", message("assistant", "He", status="in_progress")),
        head="a",
    )
    (found,), _ = read(file, [chat])
    states = [each.state for each in found.conversation.messages]
    assert states == [State.STOP, State.LENGTH, State.INTERRUPTED]


# JSON Lines


LINES = (
    '{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},'
    ' {"role": "assistant", "content": "Ho"}]}\n'
    '\n{"messages": [{"role": "user", "content": [{"type": "text", "text": "See"},'
    ' {"type": "image_url", "image_url": {"url": "x"}}]}]}'
)


@pytest.mark.parametrize("text", [LINES, LINES.replace("\n", "\r\n"), "\ufeff" + LINES])
def test_json_lines_of_messages(file: Path, text: str) -> None:
    (one, other), skipped = read(file, text)
    assert skipped == []
    assert said(one) == [("user", "Hi"), ("assistant", "Ho")]
    assert one.conversation.settings.system_prompt == "Be brief."
    assert one.conversation.title == "Hi"
    assert said(other) == [("user", "See\n\n[An image in this place was not imported]")]


def test_utf_16(file: Path) -> None:
    assert len(read(file, LINES.encode("utf-16"))[0]) == 2


def test_json_lines_of_prompts_and_completions(file: Path) -> None:
    (chat,), _ = read(file, {"prompt": "Customer: Hi\nAgent:", "completion": " Ho\n"})
    assert said(chat) == [("user", "Customer: Hi\nAgent:"), ("assistant", " Ho\n")]


def test_a_list_of_records_and_a_list_of_messages(file: Path) -> None:
    record = {"messages": [{"role": "user", "content": "Hi"}]}
    assert [said(chat) for chat in read(file, [record, record])[0]] == [[("user", "Hi")]] * 2
    assert [said(chat) for chat in read(file, record["messages"])[0]] == [[("user", "Hi")]]


@settings(max_examples=30)
@given(wholes())
def test_training_data_comes_back(file: Path, chat: Whole) -> None:
    data = b"".join(encoded(format_named("jsonl"), [chat], Options()))
    if data:
        (found,), skipped = read(file, data)
        assert skipped == []
        assert b"".join(encoded(format_named("jsonl"), [found], Options())) == data
        assert found.conversation.messages[-1].role is Role.ASSISTANT


# no file of chats

STRANGE: dict[str, tuple[bytes, str]] = {
    "empty": (b" \n ", "empty"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "no text|no chats|cannot be read"),
    "zip": (b"PK\3\4" + b"\0" * 99, "ZIP archive"),
    "text": (b"Dear diary", "no chats"),
    "html": (b"<html></html>", "no chats"),
    "number": (b"42", "no chats"),
    "other list": (b"[1, 2]", "no chats"),
    "list of nothing": (b"[null]", "no chats"),
    "other object": (b'{"a": 1}', "no chats"),
    "newer": (b'{"format":"cellar-chats","version":2,"conversations":[]}', "newer Cellar"),
    "no version": (b'{"format":"cellar-chats","conversations":[]}', "which version"),
    "odd version": (b'{"format":"cellar-chats","version":true}', "which version"),
    "latin-1": ('[{"messages": [{"role": "user", "content": "é"}]}]'.encode("latin-1"), "UTF-8"),
    "two": (b'{"format":"cellar-chats","version":1,"conversations":[]} {}', "should end"),
    "nan": (b'{"messages": [], "x": NaN}', "NaN"),
    "digits": (b'{"messages": ' + b"9" * 5000 + b"}", "Line 1"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_of_something_else_is_refused_with_a_sentence(file: Path, name: str) -> None:
    data, words = STRANGE[name]
    with pytest.raises(Problem, match=words) as caught:
        read(file, data)
    assert caught.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no “"):
        list(Reading(tmp_path / "nothing.json"))
    with pytest.raises(Problem, match="folder"):
        list(Reading(tmp_path))
