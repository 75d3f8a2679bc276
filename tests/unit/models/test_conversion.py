"""Whether checkpoints can be converted here, and what is said where they cannot."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from desktop.domain.errors import Problem
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.models import conversion
from tests.support import ROOT

LARGE = RepositoryFacts("a/b", parameters=7_000_000_000, files=(RepositoryFile("w", 10**9),))


def test_looking_imports_nothing_large() -> None:
    code = (
        "import sys; from desktop.models.conversion import conversion_available as there;"
        "print(there(), {'torch', 'transformers', 'optimum.intel'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "True set()"


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert not conversion.conversion_available()
    assert conversion.missing_packages() == ("torch",)
    with pytest.raises(Problem, match="cannot convert PyTorch checkpoints: it lacks torch") as told:
        conversion.refuse_without_packages()
    assert "GGUF" in told.value.remedy


def test_without_any_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "MODULES", {"x": "no_such_module.inner"})
    assert conversion.missing_packages() == ("x",)


def test_what_this_computer_cannot_convert_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Memory:
        total = 8_000_000_000

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    with pytest.raises(Problem, match=r"takes \d\d\.\d GB of memory; this computer has 8\.0 GB"):
        conversion.refuse_unfit(LARGE, "int4", tmp_path)
    Memory.total = 80_000_000_000
    monkeypatch.setattr(conversion, "free_space", lambda _: 16 * 10**9)
    with pytest.raises(Problem, match=r"takes 18\.8 GB of disk, and 16\.0 GB are free"):
        conversion.refuse_unfit(LARGE, "int4", tmp_path)
    conversion.refuse_unfit(LARGE, "fp16", tmp_path)
