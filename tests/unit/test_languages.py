"""Catalogues on disk, and how children come to speak the language of the window."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from desktop.domain.words import Speech, number, speak, spoken, tr
from desktop.engine.client import child_environment
from desktop.languages import LANGUAGE, NUMBERS, environment, read_catalogue, speak_as_told

TEXT = "The engine does not answer."


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    before = spoken()
    yield
    speak(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalog = Catalog(locale="de")
    catalog.add(TEXT, "Die Engine antwortet nicht.")
    with (tmp_path / "de.mo").open("wb") as file:
        write_mo(file, catalog)
    return tmp_path


def test_a_child_speaks_as_the_window_does(folder: Path) -> None:
    speak(Speech("de", read_catalogue(folder, "de"), ",", "\u202f"))
    told = environment()
    speak(Speech())
    speak_as_told(folder, told)
    assert tr(TEXT) == "Die Engine antwortet nicht."
    assert number(1234.5) == "1\u202f234,5"


def test_without_a_word_from_the_parent_it_is_english(folder: Path) -> None:
    speak_as_told(folder, {})
    assert tr(TEXT) == TEXT
    assert spoken().language == "en"


def test_english_numbers_may_be_written_otherwise(folder: Path) -> None:
    speak_as_told(folder, {LANGUAGE: "en", NUMBERS: ",0 "})
    assert (tr(TEXT), number(1234.5)) == (TEXT, "1 234,5")


@pytest.mark.parametrize("bytes_", [b"", b"no catalogue", b"\xde\x12\x04\x95"])
def test_a_damaged_catalogue_leaves_english(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / "de.mo").write_bytes(bytes_)
    assert read_catalogue(tmp_path, "de").gettext(TEXT) == TEXT


def test_a_command_speaks_english_and_so_do_its_children() -> None:
    told = child_environment({**os.environ, LANGUAGE: "de"})
    assert told[LANGUAGE] == "en"


def test_a_worker_speaks_before_it_serves() -> None:
    """The answer of a real child, in French numbers; texts follow the same way."""
    speak(Speech("fr", read_catalogue(Path(), "en"), ",", "\u202f"))
    code = (
        "from desktop import worker; worker.start_logging = lambda *a, **k: None;"
        "import desktop.domain.words as words;"
        "worker.run_worker(['none']); print(words.spoken().language, words.number(1234.5))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=child_environment(os.environ) | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    assert ran.stdout.decode().strip() == "fr 1\u202f234,5"
