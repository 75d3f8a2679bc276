"""The table of models in README.md is the one that the catalogue makes."""

from desktop.models.catalogue import read_catalogue
from desktop.paths import resources
from tests.figures.catalogue_table import BEGIN, END, README, table, with_table


def test_the_readme_has_the_table_of_today() -> None:
    readme = README.read_text("utf-8")
    made = table(read_catalogue(resources() / "catalogue"))
    assert readme.count(BEGIN) == readme.count(END) == 1
    assert with_table(readme, made) == readme, "run tests/figures/catalogue_table.py"


def test_each_model_has_a_line() -> None:
    entries = read_catalogue(resources() / "catalogue")
    head, rule, *lines = table(entries).splitlines()
    assert len(lines) == len(entries)
    assert {line.count(" | ") for line in (head, rule, *lines)} == {7}
    assert all(f"[{entry.name}](" in line for entry, line in zip(entries, lines, strict=True))


def test_only_what_is_between_the_markers_changes() -> None:
    readme = f"before\n{BEGIN}old\n{END}after\n"
    assert with_table(readme, "new\n") == f"before\n{BEGIN}new\n{END}after\n"
