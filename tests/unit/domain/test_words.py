"""The language in use: texts, forms for a count, numbers."""

import gettext
from collections.abc import Iterator

import pytest

from desktop.domain.words import Speech, either, listed, mark, number, speak, spoken, tr, trn

TEXTS = {"Say {what}.": "Sag {what}.", ", ": "; ", "{one} or {other}": "{one} oder {other}"}


class Catalogue(gettext.NullTranslations):
    """A few texts in German."""

    def gettext(self, message: str) -> str:
        return TEXTS.get(message, message or "the header of a file")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return "{count} Blatt von {name}" if n == 1 else "{count} Blätter von {name}"


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    before = spoken()
    yield
    speak(before)


def german() -> None:
    speak(Speech("de", Catalogue(), ",", "."))


def test_without_a_catalogue_it_is_english() -> None:
    assert spoken().language == "en"
    assert tr("Say {what}.", what="a word") == "Say a word."
    assert trn("{count} leaf", "{count} leaves", 1) == "1 leaf"
    assert trn("{count} leaf", "{count} leaves", 1234) == "1,234 leaves"
    assert mark("A text") == "A text"


def test_texts_come_from_the_catalogue() -> None:
    german()
    assert tr("Say {what}.", what="{nothing}") == "Sag {nothing}."
    assert tr("Not in it") == "Not in it"
    assert tr("") == ""  # in a catalogue, that is its header
    assert trn("{count} leaf of {name}", "{count} leaves of {name}", 1, name="X") == "1 Blatt von X"
    assert trn("{count} leaf of {name}", "…", 2000, name="X") == "2.000 Blätter von X"


def test_braces_of_a_text_without_values_stay() -> None:
    assert tr("Give {“role”}.") == "Give {“role”}."


@pytest.mark.parametrize(
    ("value", "decimals", "english", "in_german"),
    [
        (0, None, "0", "0"),
        (1204, None, "1,204", "1.204"),
        (0.35, None, "0.35", "0,35"),
        (2.0, None, "2", "2"),
        (1234.56, 1, "1,234.6", "1.234,6"),
        (-1234567, None, "-1,234,567", "-1.234.567"),
        (96.5, 0, "96", "96"),
    ],
)
def test_numbers(value: float, decimals: int | None, english: str, in_german: str) -> None:
    assert number(value, decimals) == english
    german()
    assert number(value, decimals) == in_german


def test_digits_of_another_script() -> None:
    speak(Speech("ar", gettext.NullTranslations(), "\u066b", "\u066c", "\u0660"))
    assert number(1204.5) == "\u0661\u066c\u0662\u0660\u0664\u066b\u0665"


def test_a_number_to_type_has_no_groups() -> None:
    assert number(2147483647, grouped=False) == "2147483647"


def test_lists() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert either(["a", "b", "c"]) == "a, b or c"
    assert either(["a"]) == "a"
    german()
    assert listed(["a", "b"]) == "a; b"
    assert either(["a", "b"]) == "a oder b"
