"""Files that are to go with a message: their text, or a sentence why there is none."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.exporters.common import Options
from desktop.exporters.json_format import write
from desktop.services.attaching.commands import Quit, ReadFiles
from desktop.services.attaching.notices import FilesRead
from desktop.services.attaching.reading import LARGEST, decoded, holds_chats, read_attachment
from desktop.services.attaching.service import MOST, AttachingService
from tests.chat_trees import dialogue

GERMAN = "Größe, Übermut und weiße Mäuse: “quer” – über die Straße.\n" * 20
RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю.\n" * 20
JAPANESE = "いろはにほへと ちりぬるを。日本語の文章です。\n" * 20


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", GERMAN + RUSSIAN + JAPANESE + "🦊"),
        ("utf-8-sig", GERMAN),
        ("utf-16", JAPANESE + "🦊"),
        ("utf-32", RUSSIAN),
        ("cp1252", GERMAN),
        ("cp1251", RUSSIAN),
        ("shift_jis", JAPANESE),
    ],
)
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(text.encode(encoding))
    read = read_attachment(path)
    assert (read.name, read.text) == ("notes.txt", text.removesuffix("\n"))


def test_line_ends_are_one_character(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"one\r\ntwo\rthree\n")
    assert read_attachment(path).text == "one\ntwo\nthree"
    assert read_attachment(path).lines == 3


def test_bytes_that_are_no_text_have_none() -> None:
    assert decoded(b"\x7fELF\x02\x01\x00") is None
    assert decoded(bytes(range(256))) is None
    assert decoded(b"\xff\xfe\x00") is None  # half a character
    assert decoded(b"caf\xe9") is not None


def refused(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        read_attachment(path)
    return str(caught.value)


def folder(path: Path) -> None:
    path.mkdir()


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("papers", folder, "“papers” is a folder. Attach the files that are in it."),
        ("big.log", huge, "“big.log” has 2.0 MB; at most 2 MB can be attached."),
        ("cat.png", lambda path: path.write_bytes(b"x"), "is a picture"),
        ("m.gguf", lambda path: path.write_bytes(b"GGUF"), "Add it on the models page."),
        ("a.out", lambda path: path.write_bytes(b"\x7fELF\0"), "is not a text file"),
        ("blank.txt", lambda path: path.write_bytes(b" \n"), "“blank.txt” is empty."),
        ("gone.txt", lambda path: None, "There is no"),
    ],
)
def test_what_cannot_be_attached_is_told_in_a_sentence(
    tmp_path: Path, name: str, make: Callable[[Path], object], told: str
) -> None:
    make(tmp_path / name)
    assert told in refused(tmp_path / name)


def test_only_files_are_opened_for_others_may_never_end() -> None:
    assert "is not a file that can be read" in refused(Path(os.devnull))


def answer_to(*asked: ReadFiles) -> list[FilesRead]:
    told: list[FilesRead] = []
    service = AttachingService(told.append)
    for command in asked:
        service.post(command)
    service.post(Quit())
    service.run()
    return told


def test_one_answer_holds_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    paths = (tmp_path / "a.txt", tmp_path, tmp_path / "a.txt")
    [read] = answer_to(ReadFiles(paths))
    assert [each.name for each in read.attachments] == ["a.txt", "a.txt"]
    assert len(read.problems) == 1


def test_more_files_than_can_be_are_told_of(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(MOST + 2)]
    for path in paths:
        path.write_text("x", "utf-8")
    [read] = answer_to(ReadFiles(tuple(paths)))
    assert len(read.attachments) == MOST
    assert f"Only the first {MOST} files" in str(read.problems[-1])


def test_only_files_of_chats_are_taken_for_chats(tmp_path: Path) -> None:
    ours, records, other, broken = (
        tmp_path / name for name in ("ours.json", "r.jsonl", "package.json", "b.json")
    )
    ours.write_text("".join(write([dialogue("Hello", "Hi")], Options())), "utf-8")
    records.write_text('{"messages":[{"role":"user","content":"Hello"}]}\n', "utf-8")
    other.write_text(json.dumps({"name": "x", "messages_of": []}), "utf-8")
    broken.write_text("{", "utf-8")
    assert [holds_chats(path) for path in (ours, records, other, broken)] == [
        True,
        True,
        False,
        False,
    ]
    [read] = answer_to(ReadFiles((ours, other, broken), find_chats=True))
    assert read.chats == (ours,)
    assert [each.name for each in read.attachments] == ["package.json", "b.json"]
    [attached] = answer_to(ReadFiles((ours,)))
    assert [each.name for each in attached.attachments] == ["ours.json"]
