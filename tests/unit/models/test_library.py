"""The models below one folder: which there are, and whether they are still what was installed."""

import json
import os
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.model import Model, ModelFile
from desktop.models import manifest
from desktop.models.library import Library

CONTENT = {"openvino_model.bin": b"weights", "openvino_model.xml": b"<net/>"}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "models", tmp_path / "cache" / "verified.json")


def staged(library: Library, model_id: str = "a-model", name: str = "A model") -> Model:
    """A model whose files are there, but which is not installed yet."""
    folder = library.work_folder(model_id).empty_model()
    for path, data in CONTENT.items():
        (folder / path).write_bytes(data)
    files = tuple(ModelFile(path, len(data), "00") for path, data in CONTENT.items())
    return Model(model_id, name, "int4", folder, 2048, files)


def install(library: Library, model_id: str = "a-model", name: str = "A model") -> Model:
    return library.put_in_place(staged(library, model_id, name))


def test_without_a_folder_there_are_no_models(library: Library) -> None:
    assert library.installed() == ()
    assert library.problems() == ()


def test_an_installed_model_is_listed(library: Library) -> None:
    model = install(library)
    assert model.folder == library.folder / "a-model"
    assert library.installed() == (model,)
    assert library.get("a-model") == model


def test_models_are_listed_by_name(library: Library) -> None:
    for model_id, name in (("c", "zeta"), ("a", "Beta"), ("b", "alpha")):
        install(library, model_id, name)
    assert [model.id for model in library.installed()] == ["b", "a", "c"]


def test_what_is_being_installed_is_not_a_model_yet(library: Library) -> None:
    model = staged(library)
    manifest.write(model)
    assert library.installed() == ()
    assert library.problems() == ()


def test_a_folder_without_a_manifest_is_no_model_but_is_told(library: Library) -> None:
    good = install(library)
    (library.folder / "half-copied").mkdir()
    (library.folder / "half-copied" / "openvino_model.bin").write_bytes(b"weights")
    (library.folder / "a-file").write_bytes(b"")
    assert library.installed() == (good,)
    (problem,) = library.problems()
    assert "“half-copied” is not a model" in problem.what


def test_a_model_that_is_not_there_is_named_with_those_that_are(library: Library) -> None:
    with pytest.raises(Problem, match=r"“ghost” is not installed\. Installed models: none yet\."):
        library.get("ghost")
    install(library)
    with pytest.raises(Problem, match=r"Installed models: a-model\."):
        library.get("x" * 5000)


def test_installing_again_replaces_what_was_there(library: Library) -> None:
    old = install(library)
    (old.folder / "left-over").write_bytes(b"")
    new = install(library, name="A newer model")
    assert library.installed() == (new,)
    assert not (new.folder / "left-over").exists()


def test_a_folder_of_work_begins_empty_and_leaves_nothing(library: Library) -> None:
    work = library.work_folder("a-model")
    assert library.work_folders() == ()
    staged(library)
    assert library.work_folders() == (work,)
    assert work.model_id == "a-model"
    assert list(work.empty_model().iterdir()) == []
    work.discard()
    work.discard()
    assert list(library.folder.iterdir()) == []


def test_an_empty_folder_for_the_model_spares_the_download(library: Library) -> None:
    work = library.work_folder("a-model")
    work.download.mkdir(parents=True)
    (work.download / "half.bin").write_bytes(b"half")
    work.empty_model()
    assert (work.download / "half.bin").read_bytes() == b"half"


def test_a_model_that_was_removed_can_be_brought_back(library: Library) -> None:
    model = install(library)
    library.remove(model)
    assert library.installed() == ()
    assert library.problems() == ()
    library.bring_back(model)
    assert library.installed() == (model,)
    assert library.unverified(model) == ()


def test_a_model_that_was_removed_for_good_frees_its_space(library: Library) -> None:
    library.remove(install(library))
    library.forget_removed()
    library.forget_removed()
    assert list(library.folder.rglob("openvino_model.bin")) == []


def test_the_same_model_can_be_removed_twice(library: Library) -> None:
    library.remove(install(library))
    library.remove(install(library))
    assert library.installed() == ()


def test_what_is_not_there_cannot_be_removed_or_brought_back(library: Library) -> None:
    model = install(library)
    library.remove(model)
    library.forget_removed()
    with pytest.raises(Problem, match="could not remove the model"):
        library.remove(model)
    with pytest.raises(Problem, match="could not bring the model back"):
        library.bring_back(model)


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    library = Library(tmp_path / "file" / "models", tmp_path / "verified.json")
    with pytest.raises(Problem, match="could not make room for the model"):
        library.work_folder("a-model").empty_model()
    assert library.installed() == ()


# verification


def test_a_model_that_was_just_installed_needs_no_hashing(library: Library) -> None:
    assert library.unverified(install(library)) == ()


def test_a_file_that_was_touched_is_hashed_again_and_no_other(library: Library) -> None:
    model = install(library)
    os.utime(model.folder / "openvino_model.bin", ns=(1, 1))
    assert [file.path for file in library.unverified(model)] == ["openvino_model.bin"]
    library.mark_verified(model)
    assert library.unverified(model) == ()


def test_without_its_memory_every_file_is_hashed(library: Library, tmp_path: Path) -> None:
    model = install(library)
    (tmp_path / "cache" / "verified.json").unlink()
    assert library.unverified(model) == model.files


@pytest.mark.parametrize(
    "memory",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b"[]",
        b"[1]",
        b'"a-model"',
        b'{"a-model": 7}',
        b'{"a-model": "openvino_model.bin"}',
        b'{"a-model": ["openvino_model.bin"]}',
        b'{"a-model": {"openvino_model.bin": "yes"}}',
        b"[" * 100_000,
        b"\xff",
    ],
    ids=lambda data: repr(data[:30]),
)
def test_a_damaged_memory_costs_a_hash_and_no_more(
    library: Library, tmp_path: Path, memory: bytes
) -> None:
    model = install(library)
    path = tmp_path / "cache" / "verified.json"
    path.write_bytes(memory)
    assert library.unverified(model) == model.files
    library.mark_verified(model)
    assert library.unverified(model) == ()
    assert set(json.loads(path.read_bytes())) == {"a-model"}


def test_what_one_model_is_known_for_is_not_known_of_another(library: Library) -> None:
    one, other = install(library, "one"), install(library, "other")
    assert library.unverified(one) == library.unverified(other) == ()
    os.utime(other.folder / "openvino_model.xml", ns=(1, 1))
    library.mark_verified(one)
    assert len(library.unverified(other)) == 1


@pytest.mark.parametrize(("data", "told"), [(b"weigh", "5 bytes of 7"), (b"", "0 bytes of 7")])
def test_a_file_that_was_cut_is_a_problem(library: Library, data: bytes, told: str) -> None:
    model = install(library)
    (model.folder / "openvino_model.bin").write_bytes(data)
    with pytest.raises(Problem, match=f"openvino_model.bin of “A model” is damaged: .*{told}"):
        library.unverified(model)


def test_a_file_that_is_missing_is_a_problem(library: Library) -> None:
    model = install(library)
    (model.folder / "openvino_model.xml").unlink()
    with pytest.raises(Problem, match=r"is missing\. Remove the model and install it again"):
        library.unverified(model)
    library.mark_verified(model)  # nobody claims that it is right


def test_a_memory_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file in the place of the folder")
    library = Library(tmp_path / "models", tmp_path / "cache" / "verified.json")
    model = install(library)
    assert library.unverified(model) == model.files
