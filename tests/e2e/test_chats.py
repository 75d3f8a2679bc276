"""`chats`: real conversations, listed, shown, searched, exported and imported."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, Role
from desktop.paths import Paths
from desktop.storage.opening import open_to_change
from tests.chat_trees import NAUGHTY, dialogue
from tests.support import Cellar, Ran

pytestmark = pytest.mark.e2e

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m"


@pytest.fixture
def talk(fresh_cellar: Cellar) -> Whole:
    """A chat with two answers to one question, in the program's own data folder."""
    chat = dialogue("Where is the heron?", f"At the **pond**.{ESCAPE}", title="Birds")
    question = chat.conversation.messages[0]
    other = Message(Role.ASSISTANT, "In the reeds.", parent_id=question.id)
    messages = (*chat.conversation.messages, other)
    chat = replace(chat, conversation=replace(chat.conversation, messages=messages))
    store, problems = open_to_change(Paths.of(fresh_cellar.data_dir))
    assert problems == []
    store.add(chat)
    store.add(dialogue(*NAUGHTY, title="Naughty"))
    store.close()
    return chat


def done(ran: Ran) -> str:
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_before_the_first_chat(fresh_cellar: Cellar) -> None:
    assert done(fresh_cellar("chats", "list")) == "There are no chats yet.\n"
    assert json.loads(done(fresh_cellar("chats", "list", "--json"))) == []
    assert not (fresh_cellar.data_dir / "chats.db").exists()


def test_list_show_and_search(fresh_cellar: Cellar, talk: Whole) -> None:
    id_ = talk.conversation.id
    assert f"{id_[:8]}  2026-11-21 09:58 UTC  Birds  (3 messages)" in done(
        fresh_cellar("chats", "list")
    )
    listed = {
        each["id"]: each for each in json.loads(done(fresh_cellar("chats", "list", "--json")))
    }
    assert listed[id_]["message_count"] == 3
    assert "You:\nWhere is the heron?\n" in done(fresh_cellar("chats", "show", id_[:6]))
    shown = json.loads(done(fresh_cellar("chats", "show", id_, "--json")))
    assert [each["text"] for each in shown["messages"]][-1] == "In the reeds."
    assert "user: Where is the heron?" in done(fresh_cellar("chats", "search", "heron"))
    (hit,) = json.loads(done(fresh_cellar("chats", "search", "reeds", "--json")))
    assert (hit["conversation_id"], hit["role"]) == (id_, "assistant")
    assert done(fresh_cellar("chats", "search", "pelican")) == "Nothing was found.\n"


def test_export_import_export(fresh_cellar: Cellar, talk: Whole, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    done(fresh_cellar("chats", "export", "--all", "--format", "json", "--output", str(file)))
    other = str(tmp_path / "other")
    arguments = ("chats", "import", str(file), "--data-dir", other)
    assert done(fresh_cellar(*arguments)) == "2 chats imported.\n"
    assert done(fresh_cellar(*arguments)) == "0 chats imported, 2 already there.\n"
    process = fresh_cellar.start("chats", "export", "--all", "--json", "--data-dir", other)
    assert process.communicate()[0] == file.read_bytes()


def test_naughty_strings_come_out_of_a_pipe_unchanged(fresh_cellar: Cellar, talk: Whole) -> None:
    process = fresh_cellar.start("chats", "export", "--all", "--format", "json")
    body = json.loads(process.communicate()[0])
    texts = {each["text"] for chat in body["conversations"] for each in chat["messages"]}
    assert {text.replace("\0", "\ufffd") for text in NAUGHTY} <= texts


def test_every_format(fresh_cellar: Cellar, talk: Whole, tmp_path: Path) -> None:
    def exported(*more: str) -> str:
        return done(fresh_cellar("chats", "export", talk.conversation.id[:8], *more))

    assert exported().startswith("# Birds\n")
    assert "<strong>pond</strong>" in exported("--format", "html")
    assert exported("--format", "text").startswith("Birds\n=====\n")
    turns = json.loads(exported("--format", "jsonl"))["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant"]
    pair = json.loads(exported("--format", "jsonl", "--shape", "prompt-completion"))
    assert pair["prompt"] == "Customer: Where is the heron?\nAgent:"
    assert pair["completion"].startswith(" At the **pond**.")
    folder = tmp_path / "folder"
    report = json.loads(exported("--json", "--output", f"{folder}{os.sep}"))
    assert [Path(name).read_text()[:7] for name in report["files"]] == ["# Birds"]


def test_reading_works_while_the_window_is_open_and_writing_does_not(
    fresh_cellar: Cellar, talk: Whole, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"messages": [{"role": "user", "content": "a"}]}')
    store, _ = open_to_change(Paths.of(fresh_cellar.data_dir))
    try:
        assert "Birds" in done(fresh_cellar("chats", "list"))
        assert "heron" in done(fresh_cellar("chats", "search", "heron"))
        ran = fresh_cellar("chats", "import", str(tmp_path / "a.jsonl"))
    finally:
        store.close()
    assert ran.code == 3
    assert "window is open" in ran.problem()


def test_what_is_wrong_is_said_in_a_line(fresh_cellar: Cellar, talk: Whole, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('[{"mapping": []}]')
    (tmp_path / "cut.json").write_text('[{"mapping": ')
    wrong = {
        ("show", "zzz"): (3, "There is no chat “zzz”"),
        ("show", ""): (3, "There is no chat"),
        ("search", " "): (2, "nothing to search for"),
        ("export",): (2, "which chats to export"),
        ("export", "--all", "--shape", "messages"): (2, "training data only"),
        ("export", "--all", "--preset", "ghost"): (2, "no preset “ghost”"),
        ("export", "--all", "--output", "nothing/here.md"): (3, "There is no “"),
        ("import", "nothing.json"): (3, "There is no “"),
        ("import", str(tmp_path / "cut.json")): (3, "ends too early"),
    }
    for arguments, (code, words) in wrong.items():
        ran = fresh_cellar("chats", *arguments)
        assert (ran.code, ran.out) == (code, "")
        assert words in ran.problem()
    ran = fresh_cellar("chats", "import", str(tmp_path / "bad.json"))
    assert ran.code == 3
    assert "“mapping” is not a JSON object" in ran.out


@pytest.mark.parametrize("command", [("show",), ("export",), ("export", "--format", "html")])
def test_a_terminal_gets_no_escape_sequences(
    fresh_cellar: Cellar, talk: Whole, tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = [*command, talk.conversation.id]
    code = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    program = [sys.executable, "-m", "desktop", "--data-dir", str(fresh_cellar.data_dir)]
    ran = subprocess.run(
        [sys.executable, "-c", code, *program, "chats", *words],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    text = ran.stdout.decode()
    assert "pond" in text
    assert not {"\x1b", "\x07", "\x9b"} & set(text)
    assert "\ufffd" in text


def test_a_pipe_gets_what_was_said_to_the_letter(fresh_cellar: Cellar, talk: Whole) -> None:
    assert ESCAPE in done(fresh_cellar("chats", "export", talk.conversation.id))
