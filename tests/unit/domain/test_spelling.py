"""Which words of a text a spell-checker is asked about."""

import pytest

from desktop.domain.spelling import best_language, prose_of, words_of


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("The quick, brown fox.", ["The", "quick", "brown", "fox"]),
        ("Don’t say it's mother-in-law!", ["Don’t", "say", "it's", "mother", "in", "law"]),
        ("Füchse naïve “größer” (élan)", ["Füchse", "naïve", "größer", "élan"]),
        ("see https://example.org/helo or www.helo.org or a@helo.org", ["see", "or", "or"]),
        ("run `helo --wrold` now", ["run", "now"]),
        ("``a ` b`` done", ["done"]),
        ("my_helo getHelo helo() ~/helo/x helo.py v2helo 3rd", []),
        ("NATO and CPU", ["and"]),
        ("これは日本語です and ไทย", ["and"]),
        ("a " + "x" * 60, []),
        ("emoji 🦊 fox", ["emoji", "fox"]),
    ],
)
def test_only_words_are_checked(line: str, words: list[str]) -> None:
    found = list(words_of(line))
    assert [word.text for word in found] == words
    assert all(line[word.start : word.end] == word.text for word in found)


def test_program_text_is_passed_over() -> None:
    lines = ["before", "```py", "helo wrold", "```", "after"]
    assert [(number, word.text) for number, word in prose_of(lines, [])] == [
        (0, "before"),
        (4, "after"),
    ]
    assert [word.text for _, word in prose_of(["inside", "```", "after"], ["text", "```"])] == [
        "after"
    ]


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (("de-AT", "en"), "de_DE"),
        (("en",), "en_US"),
        (("en-GB",), "en_GB"),
        (("fi", "de_CH"), "de_DE"),
        (("de-Latn-BE", "de"), "de_BE"),
        (("C",), "en_US"),
        (("ja",), ""),
        ((), ""),
    ],
)
def test_the_dictionary_is_that_of_the_first_language_that_has_one(
    wanted: tuple[str, ...], language: str
) -> None:
    offered = ("en_GB", "en_US", "de_BE", "de_DE")
    assert best_language(wanted, offered) == language
