"""The catalogues of translations: `dev.py translate` brings them up to date with the program.

It collects every text that is marked, puts new ones into `resources/i18n/*.po` for translators,
takes out those that are gone, and compiles what the program reads (`*.mo`). With names of languages
it does so for these only, and begins one that is new: `dev.py translate -- it`.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from PySide6.QtCore import QLocale

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "i18n"
WIDTH = 100
MARKS = {"tr": 1, "mark": 1, "trn": 2}  # and how many of their arguments are texts
NAMES = {
    "project": "Cellar",
    "version": "1",
    "msgid_bugs_address": "-",
    "last_translator": "-",
    "language_team": "-",
}
COMMENT = "# Cellar in another language. docs/translating.md tells how this is done."

# What people read of the files that come with Cellar. What a model reads stays as it is.
TABLES = {
    "catalogue": ("summary", "unsupported"),  # a licence wants its notice word for word
    "presets": ("name", "description", "fields.label", "fields.help"),
    "layouts": ("name", "description"),
}

# What a text completes that is given to one of these.
DOING = "It completes “…, so Cellar could not …”: a verb, as in “save the settings”."
COMPLETES = dict.fromkeys(("world_problem", "storage_problem", "reading", "writing"), DOING)

Text = str | tuple[str, str]  # of one, and of several
Found = tuple[Text, str, str]  # a text, the file that it stands in, and a note for translators


def texts() -> Iterator[Found]:
    """Every text to translate."""
    for path in sorted((ROOT / "desktop").rglob("*.py")):
        for text, note in texts_of_code(path.read_text("utf-8")):
            yield text, named(path), note
    for folder, keys in TABLES.items():
        for path in sorted((ROOT / "resources" / folder).glob("*.toml")):
            body = tomllib.loads(path.read_text("utf-8"))
            for key in keys:
                yield from ((text, named(path), "") for text in texts_at(body, key.split(".")))
    yield from ((name, "resources/catalogue", "A language.") for name in language_names())


def texts_of_code(source: str) -> Iterator[tuple[Text, str]]:
    """The texts that Python code marks, in their order, and notes on them."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    notes = {argument: COMPLETES.get(called(call), "") for call in calls for argument in call.args}
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        count = MARKS.get(called(call), 0)
        given = [each.value for each in call.args[:count] if isinstance(each, ast.Constant)]
        if count and len(given) == count and all(given):
            yield given[0] if count == 1 else (given[0], given[1]), notes.get(call, "")


def called(call: ast.Call) -> str:
    """The name of what is called."""
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def texts_at(body: Any, keys: list[str]) -> Iterator[str]:
    """The texts below such keys of a table, also of each table of a list."""
    if isinstance(body, list):
        for each in body:
            yield from texts_at(each, keys)
    elif keys and isinstance(body, dict):
        yield from texts_at(body.get(keys[0]), keys[1:])
    elif body and not keys:
        yield body


def language_names() -> dict[str, str]:
    """The languages that models of the catalogue know: names, as Qt says them, to codes."""
    codes = set()
    for path in (ROOT / "resources" / "catalogue").glob("*.toml"):
        codes |= set(tomllib.loads(path.read_text("utf-8"))["languages"])
    found = {code: QLocale.codeToLanguage(code) for code in sorted(codes - {"mul"})}
    return {QLocale.languageToString(language): code for code, language in found.items()}


def named(path: Path) -> str:
    """A file's path as it is written here."""
    return path.relative_to(ROOT).as_posix()


def template() -> Catalog:
    """All texts, not translated."""
    catalog = Catalog(fuzzy=False, **NAMES)
    for text, place, note in texts():
        known = catalog.get(text if isinstance(text, str) else text[0])
        new_place = [] if known and (place, 1) in known.locations else [(place, 1)]
        new_note = [] if not note or (known and note in known.auto_comments) else [note]
        catalog.add(text, locations=new_place, auto_comments=new_note)
    return catalog


def updated(language: str, made: Catalog) -> Catalog:
    """The catalogue of a language, with the texts of today."""
    path = FOLDER / f"{language}.po"
    locale = Locale.parse(language)
    if path.exists():
        catalog = read_po(BytesIO(path.read_bytes()), locale=language)
    else:
        catalog = Catalog(locale=locale, fuzzy=False, **NAMES)
    made.creation_date = catalog.creation_date
    catalog.update(deepcopy(made), no_fuzzy_matching=True)  # which takes its messages over
    catalog.obsolete.clear()
    catalog.header_comment = COMMENT
    for name, code in language_names().items():
        message = catalog.get(name)
        if message and not message.string:
            message.string = locale.languages.get(code, "")
    for message in catalog:
        message.flags.discard("fuzzy")  # Babel marks a plural that is its own singular
    return catalog


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """What stands in the `.po` and in the `.mo` file."""
    source, compiled = BytesIO(), BytesIO()
    write_po(source, catalog, width=WIDTH, include_lineno=False, ignore_obsolete=True)
    read = read_po(BytesIO(source.getvalue()), locale=str(catalog.locale))
    for message in read:
        if not all(forms(message.string)):
            message.string = ""  # so that English is shown in its place
    write_mo(compiled, read)
    return source.getvalue(), compiled.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that still wait for a translator."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not all(forms(message.string))
    ]


def forms(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """A translation as all of its forms."""
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def main(languages: list[str]) -> int:
    """Bring the catalogues up to date."""
    made = template()
    for language in languages or sorted(path.stem for path in FOLDER.glob("*.po")):
        catalog = updated(language, made)
        source, compiled = written(catalog)
        (FOLDER / f"{language}.po").write_bytes(source)
        (FOLDER / f"{language}.mo").write_bytes(compiled)
        print(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
