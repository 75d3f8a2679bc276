"""A wheel of the program: all of its own files are in it, and the model is not."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import HANG_S, ROOT

pytestmark = pytest.mark.e2e

SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
RESOURCES = ROOT / "resources"
MODELS = "starter"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made from a copy: making one leaves files beside the sources."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "desktop", source / "desktop", ignore=lambda *_: ["__pycache__"])
    shutil.copytree(RESOURCES, source / "resources", ignore=lambda *_: [MODELS])
    (source / "resources" / MODELS).mkdir()
    (source / "resources" / MODELS / "model.gguf").write_bytes(b"GGUF")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    made = source / "made"
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", *options, "--wheel-dir", made, source],
        check=True,
        timeout=HANG_S,
    )
    (found,) = made.glob("*.whl")
    return found


def test_resources_are_in_the_package_and_no_model_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = [path.relative_to(RESOURCES) for path in RESOURCES.rglob("*") if path.is_file()]
    wanted = {f"desktop/resources/{path.as_posix()}" for path in files if path.parts[0] != MODELS}
    assert "desktop/resources/presets/customer-support.toml" in wanted
    assert {name for name in names if "resources/" in name} == wanted
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"desktop"}


def test_an_installed_wheel_finds_its_presets(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from desktop.paths import resources\n"
        "from desktop.services.presets.store import PresetStore\n"
        "print(resources(), *PresetStore(resources() / 'presets', resources() / 'own').by_id())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=HANG_S,
    )
    place, *presets = ran.stdout.split()
    assert Path(place) == tmp_path / "desktop" / "resources"
    assert "customer-support" in presets
