"""Sizes, docstrings and other habits that a newcomer can rely on."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.catalogue import read_catalogue, read_entry
from desktop.models.manifest import SAFE_ID, WEIGHTS

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "desktop").rglob("*.py"))
EVERYTHING = [ROOT / "dev.py", *OURS]
EVERYTHING += sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "packaging").rglob("*.py"))

LARGEST_FILE = 600
LARGE_FILE = 400
LARGEST_FUNCTION = 50
LARGEST_CLASS = 300
LARGEST_WINDOW = 350

# Files of more than LARGE_FILE lines, each with the reason.
LARGE_FILES = {
    "dev.py": "one file that sets everything up before anything of ours can be imported",
}
# Methods that a framework calls and documents.
OVERRIDES = {
    "count",
    "data",
    "emit",
    "event",
    "flags",
    "format",
    "paint",
    "run",
    "sort",
    "validate",
}
CATALOGUE = sorted((ROOT / "resources" / "catalogue").glob("*.toml"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path, *kinds: type[ast.AST]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, kinds):
            assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
            yield node


def size(node: ast.FunctionDef | ast.ClassDef) -> int:
    assert node.end_lineno
    return node.end_lineno - node.lineno + 1


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_too_large() -> None:
    sizes = {name_of(path): lines(path) for path in EVERYTHING}
    assert {name: count for name, count in sizes.items() if count > LARGEST_FILE} == {}


def test_every_large_file_has_its_reason() -> None:
    program = [path for path in EVERYTHING if not name_of(path).startswith("tests/")]
    large = {name_of(path) for path in program if lines(path) > LARGE_FILE}
    assert large <= set(LARGE_FILES)


def test_every_file_with_a_reason_is_there() -> None:
    assert all((ROOT / name).is_file() for name in LARGE_FILES)


def test_functions_are_small() -> None:
    large = {
        f"{name_of(path)}:{node.name}": size(node)
        for path in EVERYTHING
        for node in definitions(path, ast.FunctionDef, ast.AsyncFunctionDef)
        if size(node) > LARGEST_FUNCTION
    }
    assert large == {}


def test_classes_are_small() -> None:
    large = {
        f"{name_of(path)}:{node.name}": size(node)
        for path in EVERYTHING
        for node in definitions(path, ast.ClassDef)
        if size(node) > LARGEST_CLASS
    }
    assert large == {}


def test_the_main_window_is_small() -> None:
    assert lines(ROOT / "desktop/ui/main_window.py") <= LARGEST_WINDOW


# docstrings


def is_public(name: str) -> bool:
    return not name.startswith("_")


def is_override(name: str) -> bool:
    camel_case = name != name.lower()
    return camel_case or name in OVERRIDES


def undocumented(node: ast.AST, where: str) -> Iterator[str]:
    """The public definitions below a module or class that say nothing of themselves."""
    for child in getattr(node, "body", []):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        name = f"{where}.{child.name}"
        is_method = isinstance(node, ast.ClassDef) and not isinstance(child, ast.ClassDef)
        if not is_public(child.name) or (is_method and is_override(child.name)):
            continue
        if not ast.get_docstring(child) and not is_setter(child):
            yield name
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, name)


def is_setter(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Attribute) and each.attr == "setter" for each in decorators)


def test_everything_public_says_what_it_is() -> None:
    found = [
        name
        for path in OURS
        for name in undocumented(ast.parse(path.read_text("utf-8")), name_of(path))
    ]
    assert found == []


def test_every_file_says_what_it_is() -> None:
    trees = {name_of(path): ast.parse(path.read_text("utf-8")) for path in EVERYTHING}
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []


# habits

BARE = {
    "a type: ignore without a code": re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+)"),
    "a noqa without a code": re.compile(r"#\s*noqa(?!:\s*[A-Z]+\d+)", re.IGNORECASE),
    "a TODO": re.compile(r"#.*\b(TODO|FIXME|XXX)\b"),
    "a file without checks": re.compile(r"#\s*(mypy|ruff|flake8):\s*(ignore|noqa)"),
}


@pytest.mark.parametrize("habit", BARE)
def test_nothing_is_silenced_without_a_reason(habit: str) -> None:
    this = Path(__file__).resolve()
    found = [
        f"{name_of(path)}:{number}"
        for path in EVERYTHING
        if path.resolve() != this
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if BARE[habit].search(line)
    ]
    assert found == []


def test_the_folder_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()  # it would shadow PyPI's packaging


def test_test_folders_are_no_packages_and_file_names_are_unique() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert [name_of(path) for path in tests if path.name == "__init__.py"] == []
    names = [path.name for path in tests]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in OURS}), ids=name_of)
def test_every_folder_of_the_program_is_a_package(folder: Path) -> None:
    assert (folder / "__init__.py").is_file()
    assert lines(folder / "__init__.py") <= 10


# catalogue


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_an_entry_of_the_catalogue_has_all_that_is_needed(path: Path) -> None:
    entry = read_entry(path)
    assert entry.id == path.stem
    assert SAFE_ID.fullmatch(entry.id)
    assert entry.name.strip()
    assert entry.context_length > 0
    assert entry.parameters > 0
    assert entry.languages
    assert entry.licence.name.strip()
    assert entry.licence.url.startswith("https://")
    assert entry.homepage.startswith("https://")
    assert entry.summary.endswith(".")
    assert entry.sources or entry.starter
    for source in entry.sources:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", source.repository)
        assert source.weights in WEIGHTS
    body = tomllib.loads(path.read_text("utf-8"))
    if entry.starter:
        assert re.fullmatch(r"[0-9a-f]{64}", entry.starter.sha256)
        assert entry.starter.weights in WEIGHTS
        assert Path(entry.starter.file).name == entry.starter.file
        for name in ("package", "version"):  # dev.py fetches it by these
            assert body["starter"][name]


def test_one_model_comes_with_the_program() -> None:
    entries = read_catalogue(ROOT / "resources" / "catalogue")
    assert len([entry for entry in entries if entry.starter]) == 1
