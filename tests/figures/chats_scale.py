"""Measures many conversations and writes “Many chats” of `docs/reliability.md`.

Run by hand; it takes some minutes and a gigabyte of disk. The chats are made of a vocabulary in
which, as in a language, few words are frequent and many are rare.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parent))

from reports import RELIABILITY, renew, this_computer  # noqa: E402

from desktop.domain.chats import Whole  # noqa: E402
from desktop.domain.conversation import (  # noqa: E402
    Conversation,
    ConversationSettings,
    Message,
    Role,
    Statistics,
)
from desktop.paths import Paths  # noqa: E402
from desktop.storage import saving  # noqa: E402
from desktop.storage.opening import open_store  # noqa: E402
from desktop.storage.restoring import back_up_if_due  # noqa: E402

TITLE = "## Many chats"
CHATS, MESSAGES_EACH, LONG = 10_000, 50, 100_000
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
FREQUENT = ("the", "of", "and", "to", "a", "in", "is", "that", "it", "was")
HAN = [chr(0x4E00 + number) for number in range(3000)]
QUERIES = {
    "a frequent word": "the ",
    "two frequent words": "the of ",
    "a frequent word, unfinished": "th",
    "a rare word": "{rare} ",
    "a rare word and a frequent one": "{rare} the ",
    "a beginning of two letters": "se",
    "two Chinese characters": "{han}",
    "one Chinese character": "一",
    "nothing that is there": "zzzzzzzz ",
}


class Language:
    """Words and characters by Zipf's law, the same in each run."""

    def __init__(self) -> None:
        self.random = random.Random(5)  # noqa: S311
        some = range(50_000)
        words = [*FREQUENT, *("".join(self._letters()) for _ in some)]
        self.words = self._pool(words)
        self.characters = self._pool(HAN)
        self.rare = words[4000]

    def text(self) -> str:
        """Forty words, or eighty Chinese characters."""
        if self.random.random() < 0.15:
            start = self.random.randrange(len(self.characters) - 80)
            return "".join(self.characters[start : start + 80])
        start = self.random.randrange(len(self.words) - 40)
        return " ".join(self.words[start : start + 40])

    def _letters(self) -> list[str]:
        return self.random.choices(LETTERS, range(26, 0, -1), k=self.random.randint(3, 10))

    def _pool(self, of: list[str]) -> list[str]:
        return self.random.choices(of, [1 / (n + 3) for n in range(len(of))], k=1_000_000)


def chain(language: Language, count: int) -> Iterator[Message]:
    """Questions and answers, one after another."""
    made = Statistics(100, 20, 60, 210.0, 31.5, model="smollm2", sampling={"seed": 7})
    parent = ""
    for number in range(count):
        role = Role.ASSISTANT if number % 2 else Role.USER
        if number % 1000 == 999:
            yield Message(role, language.text(), parent_id=parent)  # another answer, not in view
        message = Message(role, language.text(), parent_id=parent)
        parent = message.id
        yield (
            message
            if role is Role.USER
            else Message(role, message.text, message.id, message.parent_id, statistics=made)
        )


def build(folder: Path, language: Language) -> str:
    """Make the data folder. Returns the id of the long conversation."""
    store, problems = open_store(Paths.of(folder))
    assert not problems
    settings = ConversationSettings(model="smollm2")
    sizes = [MESSAGES_EACH] * CHATS + [LONG]
    long = ""
    with store._database.writing("build") as connection:
        for number, size in enumerate(sizes):
            messages = tuple(chain(language, size))
            title = " ".join(language.text().split()[:5])[:40]
            conversation = Conversation(title=title, settings=settings, messages=messages)
            moment = (
                f"2026-{1 + number % 10:02}-{1 + number % 28:02}T10:00:00.{number % 1000:03}+00:00"
            )
            whole = Whole(conversation, messages[-1].id, {}, moment, moment)
            saving.insert_whole(connection, whole)
            long = conversation.id
    store.close()
    return long


def times(work: Callable[[], object], count: int = 7) -> list[float]:
    """How long it takes, in milliseconds, the first time among them."""
    found = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def measure(folder: Path, long: str, rare: str, han: str) -> dict[str, list[float]]:
    """All figures, in a process that did not build the chats."""
    found: dict[str, list[float]] = {}
    began = time.perf_counter()
    store, problems = open_store(Paths.of(folder))
    found["start: open the file"] = [(time.perf_counter() - began) * 1000]
    assert not problems
    found["list: all 10,001 chats"] = times(lambda: store.summaries(limit=CHATS + 1))
    found["list: the first 200 chats"] = times(store.summaries)
    for name, query in QUERIES.items():
        sought = query.format(rare=rare, han=han)
        found[f"search: {name}"] = times(lambda sought=sought: store.search(sought))
    found["open the chat of 100,000 messages"] = times(lambda: store.open(long))
    view = store.open(long)
    assert view is not None
    found["the same: read 200 earlier messages"] = times(
        lambda: store.messages(long, view.path[5000:5200])
    )
    found["the same: Find in it"] = times(lambda: store.find_in(long, rare), 3)
    peak = memory()
    last = view.conversation.messages[-1]
    saved = times(
        lambda: store.save_messages(
            long, [m := Message(Role.USER, last.text, parent_id=last.id)], m.id
        ),
        50,
    )
    found["save a message"] = saved
    sibling = view.path[-1]
    found["switch to another branch of it"] = times(lambda: store.choose_branch(long, sibling), 3)
    gone = store.summaries(limit=1)[0].id
    began = time.perf_counter()
    back_up_if_due(Paths.of(folder))
    found["daily backup, in another thread"] = [(time.perf_counter() - began) * 1000]
    store.delete(gone)
    found["erase a chat, from backups too"] = times(store.purge, 1)
    store.close()
    found["memory"] = [peak]
    return found


def memory() -> float:
    """The most memory that this process had so far, in MB."""
    import resource

    assert psutil.LINUX
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def section(found: dict[str, list[float]], size: int) -> str:
    """The section, its title included."""
    searches = [t for name, each in found.items() if name.startswith("search") for t in each]
    wanted = {
        "list: the first 200 chats": 200,
        "open the chat of 100,000 messages": 300,
        **{name: 100 for name in found if name.startswith("search")},
    }
    memory = found.pop("memory")[0]
    rows = [
        f"| {name} | {statistics.median(each):,.1f} ms | {max(each):,.1f} ms |"
        f" {f'{wanted[name]} ms' if name in wanted else ''} |"
        for name, each in found.items()
    ]
    about = (
        f"Made by `tests/figures/chats_scale.py`: {CHATS:,} chats with {CHATS * MESSAGES_EACH:,}"
        f" messages of 40 words or 80 Chinese characters, and one chat of {LONG:,} messages with"
        f" 100 forks, in a file of {size / 1e6:,.0f} MB ({this_computer()})."
        " All searches together: median"
        f" {statistics.median(searches):.0f} ms, longest {max(searches):.0f} ms. The most memory"
        f" of the process until then: {memory:.0f} MB (wanted: under 400 MB). Words that are found"
        " more than 2,000 times are ranked among their newest 2,000 messages."
    )
    return "\n".join(
        [
            TITLE,
            "",
            *textwrap.wrap(about, 100),
            "",
            "| what | median | longest | wanted |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Build, measure, print, write."""
    if len(sys.argv) > 1:
        found = measure(Path(sys.argv[1]), *sys.argv[2:5])
        sys.stdout.write(json.dumps(found))
        return
    language = Language()
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        long = build(Path(name), language)
        sys.stdout.write(f"built in {time.monotonic() - began:.0f} s\n")
        size = Paths.of(Path(name)).database.stat().st_size
        han = "".join(language.characters[500:502])
        command = [sys.executable, __file__, name, long, language.rare, han]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    new = section(json.loads(told), size)
    sys.stdout.write(new)
    renew(RELIABILITY, new)


if __name__ == "__main__":
    main()
