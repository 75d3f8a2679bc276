"""File names of a repository."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.names import refuse_hostile, refuse_unfit

HOSTILE = [
    "../evil.json",
    "a/../../evil.json",
    "a/..",
    "..",
    ".",
    "",
    "a//b.json",
    "./config.json",
    "/etc/passwd",
    "//server/share/x.json",
    "\\\\server\\share\\x.json",
    "..\\evil.json",
    "a\\b.json",
    "C:/Windows/x.json",
    "c:x.json",
    "config.json:stream",
    "a\0.json",
    "a\nb.json",
    "a\x1b[2Jb.json",
    "a\ud800.json",
    "folder/",
]
UNFIT = [
    "x" * 300 + ".json",
    "é" * 128 + ".json",
    "CON",
    "con.json",
    "a/NUL.txt",
    "com1.bin",
    "COM¹.bin",
    "name.",
    "name ",
    "a<b.json",
    'a"b.json',
    "a?.json",
]
HONEST = [
    "config.json",
    "model-00001-of-00002.safetensors",
    "onnx/model.onnx",
    ".gitattributes",
    "Ünï 張 🙂.json",
    "console.json",
    "auxiliary.json",
    "a..b.json",
    "x" * 245 + ".json",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_condemns_the_repository_even_if_nobody_wants_the_file(name: str) -> None:
    with pytest.raises(Problem, match="maker/model was refused") as raised:
        refuse_hostile("maker/model", ["config.json", name])
    assert raised.value.what.isprintable()
    assert len(raised.value.what) < 250


@pytest.mark.parametrize("name", UNFIT)
def test_a_name_that_some_system_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(Problem, match="maker/model was refused"):
        refuse_unfit("maker/model", ["config.json", name])


def test_the_sentence_holds_the_name() -> None:
    with pytest.raises(Problem, match=r"“\.\./evil\.json” leads out of its folder"):
        refuse_hostile("maker/model", ["../evil.json"])


@pytest.mark.parametrize(
    "pair", [("a.json", "A.json"), ("Straße.txt", "STRASSE.txt"), ("\u00e9", "e\u0301")]
)
def test_two_names_that_become_one_on_other_systems_are_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(Problem, match="in case only"):
        refuse_unfit("maker/model", pair)


def test_honest_names_pass() -> None:
    refuse_hostile("maker/model", HONEST)
    refuse_unfit("maker/model", HONEST)


PIECES = st.sampled_from(["..", ".", "/", "\\", "a", "C:", "\0", " ", "nul", "é", "~", "-"])


@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20))
@example("a/b")
def test_what_passes_stays_inside(name: str) -> None:
    try:
        refuse_hostile("maker/model", [name])
    except Problem:
        return
    inside = Path(os.path.abspath("/models/x"))
    assert Path(os.path.abspath(inside / name)).is_relative_to(inside)
    assert Path(os.path.abspath(inside / name)) != inside
