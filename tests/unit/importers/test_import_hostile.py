"""Wrong, huge, truncated and hostile files: a sentence with the place, and never a crash."""

import contextlib
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Problem
from desktop.exporters.common import Options
from desktop.exporters.registry import encoded, format_named
from desktop.importers import reading as reading_module
from desktop.importers.reading import Reading
from tests.chat_trees import dialogue

Body = dict[str, Any]
GOOD = b"".join(encoded(format_named("json"), [dialogue("Hi", "Ho", "And?")], Options()))
CHATGPT = {
    "title": "t",
    "current_node": "a",
    "mapping": {
        "q": {
            "id": "q",
            "parent": None,
            "children": ["a"],
            "message": {"author": {"role": "user"}, "content": {"parts": ["Hi"]}},
        },
        "a": {
            "id": "a",
            "parent": "q",
            "children": [],
            "message": {"author": {"role": "assistant"}, "content": {"parts": ["Ho"]}},
        },
    },
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "chats.json"


def skipped(file: Path, body: object) -> list[str]:
    """What is said of the chats of a file of which none can be imported."""
    file.write_text(json.dumps(body), "utf-8")
    reading = Reading(file)
    assert list(reading) == []
    return reading.skipped


def changed(change: Callable[[Body, list[Body]], object]) -> Body:
    body: Body = json.loads(GOOD)
    chat = body["conversations"][0]
    change(chat, chat["messages"])
    return body


WRONG: dict[str, tuple[Callable[[Body, list[Body]], object], str]] = {
    "circle": (lambda c, m: m[0].update(parent_id=m[2]["id"]), "circle"),
    "own parent": (lambda c, m: m[1].update(parent_id=m[1]["id"]), "circle"),
    "twice": (lambda c, m: m.append(m[0]), "Two messages have the id"),
    "role": (lambda c, m: m[1].update(role="boss"), "Message 2: “role” cannot be “boss”"),
    "role's type": (lambda c, m: m[1].update(role=["user"]), "Message 2: “role”"),
    "text": (lambda c, m: m[1].update(text=7), "Message 2: “text” is not a text"),
    "no text": (lambda c, m: m[1].pop("text"), "Message 2"),
    "message": (lambda c, m: m.append(None), "Message 4: It is not a JSON object"),
    "messages": (lambda c, m: c.update(messages={}), "“messages” is not a list"),
    "id": (lambda c, m: c.update(id="../../etc"), "“id” cannot be"),
    "no id": (lambda c, m: c.pop("id"), "“id” cannot be"),
    "time": (lambda c, m: m[0].update(created_at="yesterday"), "Message 1: “created_at”"),
    "no day": (lambda c, m: c.update(updated_at="2026-02-31T00:00:00Z"), "“updated_at”"),
    "state": (lambda c, m: m[0].update(state="asleep"), "“state” cannot be “asleep”"),
    "flag": (lambda c, m: c.update(pinned="yes"), "“pinned” is neither true nor false"),
    "settings": (lambda c, m: c.update(settings=[]), "“settings” is not a JSON object"),
    "sampling": (lambda c, m: c["settings"].update(sampling={"top_p": 9}), "Top-p cannot be 9"),
    "form": (lambda c, m: c["settings"].update(form={"a": 1}), "“form” holds what is not a text"),
    "policy": (lambda c, m: c["settings"].update(context_policy=1), "“context_policy”"),
    "tokens": (lambda c, m: m[1]["statistics"].update(steps=-1), "“steps” cannot be -1"),
    "fraction": (lambda c, m: m[1]["statistics"].update(steps=1.5), "not a whole number"),
    "choices": (lambda c, m: c.update(choices=[1]), "“choices” is not a JSON object"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_chat_that_is_amiss_is_left_out_with_its_place_and_reason(file: Path, name: str) -> None:
    change, words = WRONG[name]
    (sentence,) = skipped(file, changed(change))
    assert sentence.startswith("Chat 1 (line 1): ")
    assert words in sentence


def test_the_other_chats_of_the_file_are_imported(file: Path) -> None:
    body = changed(lambda chat, _: chat.update(pinned="yes"))
    body["conversations"] += json.loads(GOOD)["conversations"]
    file.write_text(json.dumps(body, indent=1), "utf-8")
    reading = Reading(file)
    assert len(list(reading)) == 1
    assert len(reading.skipped) == 1


def test_a_message_whose_parent_is_lost_begins_a_branch(file: Path) -> None:
    file.write_text(json.dumps(changed(lambda c, m: m.pop(1))), "utf-8")
    (chat,) = Reading(file)
    assert [message.parent_id for message in chat.conversation.messages] == ["", ""]


def test_circles_in_chatgpts_file(file: Path) -> None:
    body = json.loads(json.dumps(CHATGPT))
    body["mapping"]["q"]["parent"] = "a"
    assert "circle" in skipped(file, [body])[0]
    body["mapping"]["q"]["message"] = body["mapping"]["a"]["message"] = None
    assert skipped(file, [body]) == [] or "circle" in skipped(file, [body])[0]


def test_every_value_of_a_file_may_be_of_any_type(file: Path) -> None:
    """Each value in turn is replaced by each kind of another: nothing but sentences comes out."""
    for source in (json.loads(GOOD), [CHATGPT], [{"messages": [{"role": "user", "content": "a"}]}]):
        for path in _paths(source):
            for other in (None, 0, -1.5, "x", "\ud800\0", [], [[]], {}, {"a": {}}, True, 1e300):
                file.write_text(json.dumps(_with(source, path, other)), "utf-8")
                reading = Reading(file)
                with contextlib.suppress(Problem):
                    list(reading)
                assert all(sentence.endswith(".") for sentence in reading.skipped)


def _paths(body: Any) -> list[tuple[Any, ...]]:
    keys = body.keys() if isinstance(body, dict) else range(len(body))
    inner = [key for key in keys if isinstance(body[key], (dict, list))]
    return [(key,) for key in keys] + [(key, *p) for key in inner for p in _paths(body[key])]


def _with(body: Any, path: tuple[Any, ...], value: object) -> Any:
    copy = json.loads(json.dumps(body))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


@given(st.integers(0, len(GOOD.rstrip()) - 1))
def test_a_truncated_file_is_refused(file: Path, length: int) -> None:
    file.write_bytes(GOOD[:length])
    with pytest.raises(Problem):
        list(Reading(file))


def test_the_place_of_an_error_is_told(file: Path) -> None:
    lines = ['{"messages": [{"role": "user", "content": "a"}]}'] * 3
    file.write_text("\n".join([*lines, '{"messages": [}', *lines]), "utf-8")
    with pytest.raises(Problem, match="line 4 column 15"):
        list(Reading(file))
    file.write_text("\n".join([*lines, '{"messages": 1}', *lines]), "utf-8")
    reading = Reading(file)
    assert len(list(reading)) == 6
    assert reading.skipped == ["Chat 4 (line 4): “messages” is not a list."]


DEEP = ("[" * 100_000, '{"messages": ' * 100_000, '[{"mapping": ' + "[" * 100_000)


@pytest.mark.parametrize("text", DEEP)
def test_deep_nesting(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(Problem, match="nested too deeply"):
        list(Reading(file))


def test_values_across_the_borders_of_what_is_read_at_once(file: Path) -> None:
    texts = ["\\" * n + "é🙂\u2028" * 200_000 for n in range(3)]
    records = [{"messages": [{"role": "user", "content": text}]} for text in texts]
    for ascii_ in (True, False):
        file.write_text("\n".join(json.dumps(r, ensure_ascii=ascii_) for r in records), "utf-8")
        assert [chat.conversation.messages[0].text for chat in Reading(file)] == texts


def test_a_large_file_takes_the_memory_of_its_largest_chat(file: Path) -> None:
    line = json.dumps({"messages": [{"role": "user", "content": "word " * 20_000}]}) + "\n"
    with file.open("w") as out:
        for _ in range(300):
            out.write(line)
    tracemalloc.start()
    try:
        assert sum(1 for _ in Reading(file)) == 300
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < file.stat().st_size / 2


@pytest.mark.parametrize("start", ['[{"messages": [', '[{"role": "user"}, ', '{"a": 1, "b": ['])
def test_one_value_that_is_too_long_is_refused(file: Path, start: str) -> None:
    file.write_text(start + "{}," * 3_000_000 + "{}", "utf-8")
    with pytest.raises(Problem, match="longer than 3 MB"):
        list(Reading(file, longest=3_000_000))


def test_a_file_that_is_too_large_is_refused_at_once(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b"[")
        out.truncate(reading_module.LARGEST + 1)
    with pytest.raises(Problem, match="can be imported"):
        list(Reading(file))
    file.unlink()


def test_a_file_of_endless_chats_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_module, "MOST", 10)
    file.write_text('{"prompt": "", "completion": ""}\n' * 11, "utf-8")
    with pytest.raises(Problem, match="more than 10 chats"):
        list(Reading(file))
