"""The catalogue: one file a model."""

from pathlib import Path

import pytest

from desktop.domain.errors import UsageProblem
from desktop.models.catalogue import Starter, read_catalogue, read_entry

ENTRY = """
id = "a-model"
name = "A model"
context_length = 2048
licence = "MIT"
homepage = "https://example.org/a-model"
something_of_a_later_version = true
"""
STARTER = """
[starter]
file = "a.gguf"
size = 98_362_432
sha256 = "00ff"
package = "some-package"
weights = "int4"
"""


def test_an_entry(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY + "[sampling]\ntemperature = 0.2\n")
    entry = read_entry(tmp_path / "a.toml")
    assert (entry.id, entry.name, entry.context_length) == ("a-model", "A model", 2048)
    assert entry.sampling == {"temperature": 0.2}
    assert entry.starter is None


def test_a_starter(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY + STARTER)
    starter = Starter("a.gguf", 98_362_432, "00ff", "int4")
    assert read_entry(tmp_path / "a.toml").starter == starter


def test_a_value_out_of_range_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY + "[sampling]\ntemperature = 9\n")
    with pytest.raises(UsageProblem):
        read_entry(tmp_path / "a.toml")


def test_a_new_model_is_a_new_file(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path) == ()
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(ENTRY.replace("a-model", f"{name}-model"))
    (tmp_path / "README.md").write_text("not a model")
    assert [entry.id for entry in read_catalogue(tmp_path)] == ["a-model", "b-model"]
