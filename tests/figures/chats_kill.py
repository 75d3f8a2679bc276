"""Kills a process that writes chats, 200 times, and writes “Kills” of `docs/reliability.md`.

The child tells on standard output of each thing after it was saved; it is killed at random moments.
Every new start must find what was told, and what was not told whole or not at all.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parent))

from reports import RELIABILITY, renew, this_computer  # noqa: E402

from desktop.domain.chats import Whole  # noqa: E402
from desktop.domain.conversation import Conversation, Message, Role, State  # noqa: E402
from desktop.paths import Paths  # noqa: E402
from desktop.storage.conversations import ConversationStore  # noqa: E402
from desktop.storage.opening import open_store  # noqa: E402

TITLE = "## Kills"
KILLS, MIGRATIONS = 160, 40
LATEST = 0.4  # seconds after the first word of the child
PARTS = (1, 50, 200, 400)  # lengths of a partial answer, in copies of its id
OLD_CHATS = 1500


def tell(*what: object) -> None:
    """Say that something is saved."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def migrate(folder: Path) -> None:
    """What the child does when it is killed while it migrates."""
    _, problems = open_store(Paths.of(folder))
    tell("open", [problem.what for problem in problems], False)


def write(folder: Path, seed: int) -> None:
    """What the child does until it is killed."""
    choose = random.Random(seed)  # noqa: S311
    store, problems = open_store(Paths.of(folder))
    tell("open", [problem.what for problem in problems], store.is_temporary)
    store.mark_interrupted()
    while True:
        rows = store.summaries(limit=50)
        action = choose.choice(("send", "send", "send", "rename", "delete", "branch", "import"))
        if action == "import" or not rows:
            import_chat(store)
        elif action == "send":
            send(store, choose.choice(rows).id)
        elif action == "rename":
            chat = choose.choice(rows).id
            tell("renaming", chat)
            title = f"{chat} {choose.random()}"
            store.rename(chat, title)
            tell("rename", chat, title)
        elif action == "delete" and len(rows) > 5:
            chat = choose.choice(rows).id
            tell("deleting", chat)
            store.delete(chat)
            store.purge()
            tell("delete", chat)
        elif action == "branch":
            cut(store, choose.choice(rows).id)


def send(store: ConversationStore, chat: str) -> None:
    """A question, and an answer that grows."""
    view = store.open(chat, last=1)
    assert view is not None
    parent = view.path[-1] if view.path else ""
    question = Message(Role.USER, "", parent_id=parent)
    question = question.with_text(question.id * 20)
    answer = Message(Role.ASSISTANT, "", parent_id=question.id, state=State.WRITING)
    store.save_messages(chat, [question, answer], answer.id)
    tell("send", chat, question.id, answer.id)
    for length in PARTS:
        store.save_messages(chat, [answer.with_text(answer.id * length)], answer.id)
        tell("grow", chat, answer.id, length)
    done = Message(
        Role.ASSISTANT, answer.id * (PARTS[-1] + 1), answer.id, question.id, answer.created_at
    )
    store.save_messages(chat, [done], answer.id)
    tell("done", chat, answer.id)


def import_chat(store: ConversationStore) -> None:
    """A chat with many messages, all or none of them."""
    messages = [Message(Role.USER, "first imported message")]
    for _ in range(200):
        message = Message(Role.USER, "", parent_id=messages[-1].id)
        messages.append(message.with_text(message.id * 10))
    conversation = Conversation(title="imported", messages=tuple(messages))
    tell("importing", conversation.id)
    store.add(Whole(conversation, messages[-1].id))
    tell("import", conversation.id, len(messages))


def cut(store: ConversationStore, chat: str) -> None:
    """Delete the last message of a chat."""
    view = store.open(chat, last=1)
    if view is not None and len(view.path) > 1:
        tell("cutting", chat, view.path[-1])
        store.delete_branch(chat, view.path[-1])
        tell("cut", chat, view.path[-1])


class Told:
    """What was acknowledged so far, and so must be there."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.chats: dict[str, int] = {}  # messages at least, by chat
        self.unsure: set[str] = set()  # of what was begun and not told to be done
        self.titles: dict[str, str] = {}
        self.questions: dict[str, str] = {}  # the chat of each
        self.answers: dict[str, tuple[str, int]] = {}  # chat and length
        self.gone: set[str] = set()

    def hear(self, lines: list[list[Any]]) -> None:
        """Take up what one child said."""
        self.unsure = set()
        for what, *rest in lines:
            self.counts[what] += 1
            if what in ("renaming", "deleting", "importing"):
                self.unsure.add(rest[0])
            elif what == "cutting":
                self.unsure.add(rest[1])
            elif what == "open":
                if rest != [[], False]:
                    raise RuntimeError(f"a start was not well: {rest}")
            else:
                getattr(self, f"_{what}")(*rest)

    def _send(self, chat: str, question: str, answer: str) -> None:
        self.questions[question] = chat
        self.answers[answer] = (chat, 0)

    def _grow(self, chat: str, answer: str, length: int) -> None:
        self.answers[answer] = (chat, length)

    def _done(self, chat: str, answer: str) -> None:
        self.answers[answer] = (chat, PARTS[-1] + 1)

    def _rename(self, chat: str, title: str) -> None:
        self.unsure.discard(chat)
        self.titles[chat] = title

    def _delete(self, chat: str) -> None:
        self.unsure.discard(chat)
        self.gone.add(chat)

    def _import(self, chat: str, count: int) -> None:
        self.unsure.discard(chat)
        self.chats[chat] = count

    def _cut(self, chat: str, message: str) -> None:
        self.unsure.discard(message)
        self.gone.add(message)


def check(folder: Path, told: Told) -> Counter[str]:
    """What is in the folder after a kill, held against what was told."""
    found: Counter[str] = Counter()
    store, problems = open_store(Paths.of(folder))
    if problems or store.is_temporary:
        raise RuntimeError(f"the file did not open well: {problems}")
    found["interrupted"] = store.mark_interrupted()
    with store._database.reading("check") as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise RuntimeError("the database is damaged")
        connection.execute(
            "INSERT INTO search_messages (search_messages) VALUES ('integrity-check')"
        )
        rows = connection.execute("SELECT id, text, state FROM messages").fetchall()
        indexed = connection.execute("SELECT count(*) FROM search_messages_docsize").fetchone()[0]
        titles = dict(connection.execute("SELECT id, title FROM conversations").fetchall())
        hidden = {
            id_
            for (id_,) in connection.execute("SELECT id FROM conversations WHERE deleted_at <> ''")
        }
    if indexed != len(rows):
        raise RuntimeError(f"{indexed} messages in the index of {len(rows)}")
    texts = {id_: (text, state) for id_, text, state in rows}
    lost = _lost(told, texts, titles, hidden)
    if lost:
        raise RuntimeError(f"lost: {lost[:5]}")
    found["partial"] = sum(state == State.INTERRUPTED for _, state in texts.values())
    store.close()
    return found


def _lost(
    told: Told, texts: dict[str, tuple[str, str]], titles: dict[str, str], hidden: set[str]
) -> list[str]:
    lost: list[str] = []
    forgotten = told.gone | told.unsure | hidden
    for question, chat in told.questions.items():
        if not {question, chat} & forgotten and texts.get(question, ("",))[0] != question * 20:
            lost.append(f"question {question}")
    for answer, (chat, length) in told.answers.items():
        text, state = texts.get(answer, ("", ""))
        if {answer, chat} & forgotten:
            continue
        if len(text) < len(answer) * length or set(text.split(answer)) - {""}:
            lost.append(f"answer {answer}")
        if length <= PARTS[-1] and state not in (State.INTERRUPTED, State.STOP):
            lost.append(f"mark of {answer}")
    lost += [
        f"title of {chat}"
        for chat, title in told.titles.items()
        if chat not in forgotten and titles.get(chat) != title
    ]
    lost += [f"chat {chat}" for chat in told.chats.keys() - forgotten if chat not in titles]
    lost += [f"{id_} is back" for id_ in told.gone if id_ in titles or id_ in texts]
    return lost


def run_child(folder: Path, moment: float, what: str, *arguments: str) -> list[list[Any]]:
    """Start a child, kill it so long after its first word, and return what it told.

    Before zero: after its start.
    """
    command = [sys.executable, __file__, what, str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline() if moment >= 0 else ""
        killer = threading.Timer(abs(moment), child.kill)
        killer.start()
        lines = [first, *child.stdout]
        killer.join()
    return [json.loads(line) for line in lines if line.endswith("\n")]


def kill_writers(folder: Path, count: int) -> tuple[Told, Counter[str]]:
    """Kill a child so many times, and look after each."""
    choose, told = random.Random(3), Told()  # noqa: S311
    found: Counter[str] = Counter()
    for number in range(count):
        told.hear(run_child(folder, choose.uniform(0, LATEST), "child", str(number)))
        found += check(folder, told)
        # What was not sure is settled now: it was done, or it was not.
        settle(folder, told)
    return told, found


def settle(folder: Path, told: Told) -> None:
    """Forget what the kill left open: the title, the chat or the message may be either way."""
    for id_ in told.unsure:
        told.titles.pop(id_, None)
    store, _ = open_store(Paths.of(folder))
    store.purge()
    with store._database.reading("settle") as connection:
        ids = {id_ for (id_,) in connection.execute("SELECT id FROM conversations")}
        ids |= {id_ for (id_,) in connection.execute("SELECT id FROM messages")}
    store.close()
    told.gone |= told.unsure - ids


def kill_migrations(count: int) -> int:
    """Kill children while they bring a file of schema 1 to that of today. Returns how many did."""
    choose, cut_short = random.Random(4), 0  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        old = old_database(Path(name))
        took = time.monotonic()
        shutil.copytree(old, Path(name) / "once")
        run_child(Path(name) / "once", 0.0, "migrate")
        took = time.monotonic() - took
        for number in range(count):
            folder = Path(name) / str(number)
            shutil.copytree(old, folder)
            run_child(folder, -choose.uniform(0.6 * took, 1.1 * took), "migrate")
            connection = sqlite3.connect(Paths.of(folder).database)
            cut_short += connection.execute("PRAGMA user_version").fetchone()[0] == 1
            connection.close()
            store, problems = open_store(Paths.of(folder))
            if problems or store.is_temporary:
                raise RuntimeError(f"the migrated file did not open well: {problems}")
            if len(store.search("canary ", limit=2 * OLD_CHATS)) < OLD_CHATS:
                raise RuntimeError("a message was lost in a migration")
            store.close()
            shutil.rmtree(folder)
    return cut_short


def old_database(folder: Path) -> Path:
    """A data folder of schema 1."""
    place = folder / "old"
    place.mkdir()
    source = ROOT / "tests" / "data" / "databases" / "schema-1.db"
    shutil.copyfile(source, Paths.of(place).database)
    connection = sqlite3.connect(Paths.of(place).database)
    for number in range(OLD_CHATS):
        connection.execute(
            "INSERT INTO conversations (id, created_at, updated_at) VALUES (?, '', '')",
            (f"old{number}",),
        )
        connection.execute(
            "INSERT INTO messages (id, conversation_id, role, text, state, created_at, position)"
            " VALUES (?, ?, 'user', ?, 'stop', '', 0)",
            (f"m{number}", f"old{number}", f"canary {number} " * 20),
        )
    connection.commit()
    connection.close()
    return place


def section(told: Told, found: Counter[str], cut_short: int) -> str:
    """The section, its title included."""
    counts = told.counts
    about = (
        f"Made by `tests/figures/chats_kill.py`: a process that writes chats is killed (SIGKILL) at"
        f" {KILLS} random moments, and another {MIGRATIONS} times while it brings a file of"
        f" schema 1 to that of today ({this_computer()}). After every kill, all that had been"
        " acknowledged was there, the database and its search index were sound, every answer that"
        " had begun was there and marked as interrupted, and nothing that was deleted had come"
        " back."
    )
    rows = [
        ("kills", KILLS + MIGRATIONS),
        ("questions acknowledged", counts["send"]),
        ("partial answers acknowledged", counts["grow"]),
        ("answers acknowledged", counts["done"]),
        ("answers found interrupted, and marked", found["interrupted"]),
        ("renames acknowledged", counts["rename"]),
        ("chats deleted, acknowledged", counts["delete"]),
        ("branches deleted, acknowledged", counts["cut"]),
        ("imports acknowledged, of 201 messages each", counts["import"]),
        ("migrations killed before they were done, all whole at the next start", cut_short),
        ("acknowledged and lost", 0),
    ]
    return "\n".join(
        [
            TITLE,
            "",
            *textwrap.wrap(about, 100),
            "",
            "| what | number |",
            "| --- | --- |",
            *(f"| {what} | {count:,} |" for what, count in rows),
            "",
        ]
    )


def main() -> None:
    """Kill, check, print, write."""
    if sys.argv[1:2] == ["migrate"]:
        migrate(Path(sys.argv[2]))
        return
    if sys.argv[1:2] == ["child"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    with tempfile.TemporaryDirectory() as name:
        told, found = kill_writers(Path(name), KILLS)
    new = section(told, found, kill_migrations(MIGRATIONS))
    sys.stdout.write(new)
    renew(RELIABILITY, new)


if __name__ == "__main__":
    main()
