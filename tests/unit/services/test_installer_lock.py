"""Waiting for the folder in which a model is made."""

from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.models.library import WorkFolder
from desktop.services.installer import _locked


def test_a_folder_that_cannot_be_made_is_told_and_not_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As below /proc, where a missing folder cannot be made and is called missing."""

    def nowhere(path: Path, *_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr(Path, "mkdir", nowhere)
    with (
        pytest.raises(Problem, match="could not install the model"),
        _locked(WorkFolder(tmp_path / "work"), lambda _: None),
    ):
        pass


def test_a_folder_that_another_one_has_just_tidied_up_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, tries = Path.mkdir, iter([True, True])

    def late(path: Path, *words: object, **more: object) -> None:
        if next(tries, False):
            raise FileNotFoundError(2, "No such file or directory", str(path))
        make(path, *words, **more)

    monkeypatch.setattr(Path, "mkdir", late)
    with _locked(WorkFolder(tmp_path / "work"), lambda _: None):
        assert (tmp_path / "work").is_dir()
