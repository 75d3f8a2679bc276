"""How pins are chosen: by the real pip, among packages made here."""

import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pip
import pytest

ROOT = Path(__file__).parents[2]
PROJECT = """
[build-system]
requires = ["builder"]

[project]
dependencies = ["Program_Needs[fast]>=1", "shared"]

[project.optional-dependencies]
convert = ["converter", "torch>=2"]
test = ["tester", "torch==2.13.0"]
bundle = ["Bundler"]
lint = ["linter"]
"""
PACKAGES = {
    "builder-1": [],
    "Program.Needs-1": ["quick; extra == 'fast'", "slow; extra == 'slow'", "SHARED"],
    "Program.Needs-0.9": [],
    "quick-1": ["program-needs[fast]", "elsewhere; sys_platform == 'nowhere'"],
    # The newest is too new for the converter; the program alone could have it.
    "shared-2": [],
    "shared-1": [],
    "converter-1": ["shared<2", "torch", "only-converting"],
    "only_converting-3": [],
    "tester-1": ["torch", "only-testing"],
    "only_testing-1": [],
    "linter-1": ["builder"],
    "Bundler-6": ["bundling-hooks", "shared"],
    "bundling-hooks-1": ["bundler"],
}
TORCHES = {"torch-2.13.0+cpu": ["shared"]}


def make_wheels(folder: Path, packages: dict[str, list[str]]) -> Path:
    """Wheels of nothing but metadata."""
    folder.mkdir(exist_ok=True)
    for package, needs in packages.items():
        name, _, version = package.rpartition("-")
        stem = f"{name.replace('-', '_').replace('.', '_')}-{version}"
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Provides-Extra: {extra}" for extra in ("fast", "slow")]
        lines += [f"Requires-Dist: {need}" for need in needs]
        kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines) + "\n")
            wheel.writestr(f"{stem}.dist-info/WHEEL", kind)
            wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with requirements and pins that are out of date."""
    pins = tmp_path / "packaging" / "requirements"
    pins.mkdir(parents=True)
    for name in ("run", "test", "convert", "bundle"):
        (pins / f"{name}.txt").write_text("old\n")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    return tmp_path


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Where pip looks; nowhere else."""
    folder = make_wheels(tmp_path / "packages", PACKAGES)
    (folder / "builder-2.tar.gz").write_bytes(b"Sources are not installed, so they are not chosen.")
    return folder


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch, checkout: Path, packages: Path) -> ModuleType:
    """The module, at work on that checkout; PyTorch's index is a folder, too."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import dev
    import lock

    torches = make_wheels(checkout / "torches", TORCHES)

    def make_venv(scratch: Any) -> None:
        """Borrow pip: setting one up takes seconds."""
        making = [sys.executable, "-m", "venv", "--without-pip", str(scratch.venv)]
        subprocess.run(making, check=True)
        asking = [
            str(scratch.python),
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
        ]
        site = subprocess.run(asking, check=True, capture_output=True, text=True).stdout.strip()
        (Path(site) / "borrowed.pth").write_text(str(Path(pip.__file__).parents[1]))

    def pip_with_torch(scratch: Any, what: str, *arguments: str) -> None:
        """Ask again, as the real one does."""
        try:
            dev.pip(scratch, what, *arguments)
        except dev.Problem:
            dev.pip(scratch, what, *arguments, "--find-links", str(torches))

    monkeypatch.setattr(lock, "ROOT", checkout)
    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "pip_with_torch", pip_with_torch)
    for name in ("EXTRA_INDEX_URL", "INDEX_URL"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(checkout / "no-settings"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages))
    return lock


def pins(checkout: Path, name: str) -> list[str]:
    """What a file pins for the system where pins are made."""
    lines = (checkout / "packaging" / "requirements" / f"{name}.txt").read_text().splitlines()
    return [line for line in lines if ";" not in line and not line.startswith("#")]


def test_each_file_gets_its_part_of_what_fits_together(lock: ModuleType, checkout: Path) -> None:
    assert lock.lock() == 0
    assert pins(checkout, "run") == ["builder==1", "Program.Needs==1", "quick==1", "shared==1"]
    converting = ["converter==1", "only_converting==3", "torch==2.13.0"]
    assert pins(checkout, "convert") == converting
    testing = ["linter==1", "only_testing==1", "tester==1"]
    assert sorted(pins(checkout, "test")) == sorted(converting + testing)
    assert pins(checkout, "bundle") == ["Bundler==6", "bundling-hooks==1"]


def test_what_other_systems_need_stays(lock: ModuleType, checkout: Path) -> None:
    lock.write("bundle", ["one==1"])
    text = (checkout / "packaging" / "requirements" / "bundle.txt").read_text()
    header, *rest = text.splitlines()
    assert header.startswith("# Made by")
    assert rest == sorted(["one==1", *lock.OTHER_SYSTEMS["bundle"]])


def test_what_cannot_fit_together_is_said_at_once_and_no_pin_changes(
    lock: ModuleType, checkout: Path, packages: Path
) -> None:
    make_wheels(packages, {"tester-1": ["shared>=2"]})
    with pytest.raises(lock.dev.Problem, match="change a bound") as failure:
        lock.lock()
    assert "tester 1 depends on shared>=2" in failure.value.__notes__[0]
    assert "converter 1 depends on shared<2" in failure.value.__notes__[0]
    log = (checkout / "build" / "environments" / "lock" / "setup.log").read_text()
    assert log.count("pip install") == 1  # asking another index for each name took a quarter hour
    assert pins(checkout, "run") == ["old"]


def test_what_else_fails_is_said_as_pip_says_it(
    lock: ModuleType, checkout: Path, packages: Path
) -> None:
    (packages / "linter-1-py3-none-any.whl").unlink()
    with pytest.raises(lock.dev.Problem, match="Resolving failed") as failure:
        lock.lock()
    assert "No matching distribution found for linter" in failure.value.__notes__[0]
