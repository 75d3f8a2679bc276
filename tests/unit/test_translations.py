"""The catalogues: complete, in step with the program, and fit to be shown in its place."""

import gettext
import importlib.util
import re
import string
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from desktop.domain.words import ENGLISH, LANGUAGES
from desktop.languages import read_catalogue

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "i18n"
SHIPPED = sorted(code for code in LANGUAGES if code != ENGLISH)
FILES = sorted(path.stem for path in FOLDER.glob("*.po"))

# What ends a text, in any script: a translation ends as its source does.
ENDS = {".": ".\u3002", "…": "…", ":": ":\uff1a", "?": "?\uff1f\u061f", "!": "!\uff01"}


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


translations = load(ROOT / "packaging" / "translations.py")


@pytest.fixture(scope="module")
def template() -> Catalog:
    made: Catalog = translations.template()
    return made


def catalog_of(language: str) -> Catalog:
    return read_po(BytesIO((FOLDER / f"{language}.po").read_bytes()), locale=language)


def sources(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translated(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What is translated: texts, and the forms of their translation."""
    pairs = [(sources(m), translations.forms(m.string)) for m in catalog_of(language) if m.id]
    return [(texts, forms) for texts, forms in pairs if any(forms)]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_each_language() -> None:
    assert set(SHIPPED) <= set(FILES)


def test_the_texts_are_there(template: Catalog) -> None:
    assert len(template) > 1000
    for text in ("New chat", "Temperature", "Try again.", "{count} chat", "Appearance"):
        assert template.get(text), text


def test_texts_of_files_are_collected_and_those_for_the_model_are_not(template: Catalog) -> None:
    assert template.get("Strong for its size at reasoning and code; in about a hundred languages.")
    assert template.get("Summary of the conversation so far")
    assert not template.get("Summary: ")


@pytest.mark.parametrize("language", FILES)
def test_the_files_are_in_step_with_the_program(language: str, template: Catalog) -> None:
    """If not: `python3 dev.py translate`."""
    source, compiled = translations.written(translations.updated(language, template))
    assert (FOLDER / f"{language}.po").read_bytes() == source
    assert (FOLDER / f"{language}.mo").read_bytes() == compiled


@pytest.mark.parametrize("language", SHIPPED)
def test_every_text_is_translated(language: str) -> None:
    left = translations.untranslated(catalog_of(language))
    assert len(left) == 0, left[:20]


@pytest.mark.parametrize("language", FILES)
def test_a_translation_names_the_values_that_its_text_names(language: str) -> None:
    wrong = []
    for texts, forms in translated(language):
        for form in forms:
            wanted = fields(texts[-1])
            if fields(form) not in (wanted, wanted - {"count"} if len(texts) > 1 else wanted):
                wrong.append((texts, form))
    assert wrong == []


@pytest.mark.parametrize("language", FILES)
def test_the_form_for_many_names_the_count(language: str) -> None:
    wrong = [
        (texts, forms)
        for texts, forms in translated(language)
        if len(texts) > 1 and "count" in fields(texts[1]) and "count" not in fields(forms[-1])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", FILES)
def test_a_translation_ends_as_its_text_does(language: str) -> None:
    def end(text: str) -> str:
        return next((sign for sign, signs in ENDS.items() if text.endswith(tuple(signs))), "")

    wrong = [
        (texts, form)
        for texts, forms in translated(language)
        for form in forms
        if end(form) != end(texts[0])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", FILES)
def test_a_translation_has_the_blanks_and_lines_of_its_text(language: str) -> None:
    def shape(text: str) -> tuple[bool, bool, int]:
        return text[:1].isspace(), text[-1:].isspace(), text.count("\n")

    wrong = [
        (texts, form)
        for texts, forms in translated(language)
        for form in forms
        if texts[0] != ", " and shape(form) != shape(texts[0])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", FILES)
def test_there_are_as_many_forms_as_the_language_has(language: str) -> None:
    catalog, plural = catalog_of(language), get_plural(language)
    assert (catalog.num_plurals, catalog.plural_expr) == (plural.num_plurals, plural.plural_expr)
    wrong = [
        texts
        for texts, forms in translated(language)
        if len(forms) != (catalog.num_plurals if len(texts) > 1 else 1)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", FILES)
def test_every_translation_can_be_filled_in(language: str) -> None:
    for texts, forms in translated(language):
        values = dict.fromkeys(fields(texts[-1]), "x")
        for form in forms:
            assert form.format(**values), form


def test_no_text_has_an_accelerator(template: Catalog) -> None:
    """None is in use: two that are alike in one menu would be in each other's way."""
    found = [text for message in template for text in sources(message) if re.search(r"&\w", text)]
    assert found == []


@pytest.mark.parametrize("language", SHIPPED)
def test_the_program_reads_what_was_compiled(language: str) -> None:
    assert isinstance(read_catalogue(FOLDER, language), gettext.GNUTranslations)
