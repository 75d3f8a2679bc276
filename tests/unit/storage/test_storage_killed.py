"""A process that is killed while it writes loses nothing that it had saved."""

import subprocess
import sys
from collections.abc import Callable

from desktop.domain.conversation import State
from desktop.domain.errors import Problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore

Open = Callable[[], tuple[ConversationStore, list[Problem]]]

# Saves a question, then its answer as it grows, and tells of each after it was saved.
WRITER = """
import sys
from pathlib import Path
from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.paths import Paths
from desktop.storage.opening import open_store

store, problems = open_store(Paths.of(Path(sys.argv[1])))
assert not problems and not store.is_temporary, problems
conversation = store.latest()
if conversation is None:
    conversation = Conversation()
    store.save_conversation(conversation)
parent = conversation.messages[-1].id if conversation.messages else ""
while True:
    question = Message(Role.USER, "", parent_id=parent)
    question = question.with_text(question.id * 200)
    store.save_messages(conversation.id, [question], question.id)
    print("question", question.id, flush=True)
    answer = Message(Role.ASSISTANT, "", parent_id=question.id, state=State.WRITING)
    for length in (1, 100, 300):
        grown = answer.with_text(answer.id * length)
        store.save_messages(conversation.id, [grown], answer.id)
        print("answer", answer.id, length, flush=True)
    parent = answer.id
"""
KILLS = 10


def _write_until_killed(paths: Paths, lines: int) -> list[list[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(paths.data_dir)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().split() for _ in range(lines)]
        writer.kill()
        told += [line.split() for line in writer.stdout if line.endswith("\n")]
    assert all(told), "the writer ended by itself"
    return told


def test_what_was_saved_outlives_every_kill(paths: Paths, open_again: Open) -> None:
    told: list[list[str]] = []
    for number in range(KILLS):
        told += _write_until_killed(paths, lines=1 + 7 * number)
    store, problems = open_again()
    assert problems == []
    interrupted = store.mark_interrupted()
    conversation = store.latest()
    assert conversation is not None
    kept = {message.id: message for message in conversation.messages}
    questions = [line[1] for line in told if line[0] == "question"]
    answers = {line[1]: int(line[2]) for line in told if line[0] == "answer"}
    assert len(questions) > KILLS
    for id_ in questions:
        assert kept[id_].text == id_ * 200
    for id_, length in answers.items():
        assert len(kept[id_].text) >= len(id_) * length
        assert set(kept[id_].text.split(id_)) == {""}
        assert kept[id_].state is State.INTERRUPTED
    assert interrupted >= len(answers)
