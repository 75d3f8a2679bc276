"""What the build of bundles decides by rules: what stays, what is refused, what is packed."""

import io
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The modules of the build, by their names."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(PACKAGING))
    import build

    return build


@pytest.fixture
def content(packaging: ModuleType) -> ModuleType:
    return packaging.content


@pytest.fixture
def pruning(packaging: ModuleType) -> ModuleType:
    import pruning

    return pruning


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "openvino/libs/libopenvino_ir_frontend.so.2641",
        "libxcb-cursor.so.0",
        "resources/i18n/de.mo",
    ],
)
def test_what_is_used_stays(pruning: ModuleType, name: str) -> None:
    assert pruning.is_kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/plugins/tls/qschannelbackend.dll",
        "PySide6/Qt/translations/qtbase_pl.qm",
        "PySide6/Qt/translations/designer_de.qm",
        "libOpenCL.so.1",
        "numpy/_core/tests/data/a.csv",
        "torch/include/ATen/ATen.h",
    ],
)
def test_what_nobody_uses_is_left_out(pruning: ModuleType, name: str) -> None:
    assert not pruning.is_kept(name)


def test_the_shipped_languages_are_those_of_the_window(pruning: ModuleType) -> None:
    catalogues = {path.stem for path in (ROOT / "resources" / "i18n").glob("*.po")}
    assert catalogues == set(pruning.LANGUAGES)


def test_libraries_go_with_what_linked_them(pruning: ModuleType) -> None:
    links = {
        "PySide6/QtGui.abi3.so": ["libQt6Gui.so.6"],
        "PySide6/Qt/lib/libQt6Gui.so.6": ["libpng16.so.16", "libc.so.6"],
        "libQt6Gui.so.6": [],
    }
    names = [*links, "libpng16.so.16", "libgtk.so.0", "libpython3.11.so.1.0", "resources/a.svg"]
    kept = pruning.needed(names, lambda name: links.get(name, []))
    assert kept == set(names) - {"libgtk.so.0"}


def test_a_library_that_is_not_found_ends_the_build(
    packaging: ModuleType, content: ModuleType
) -> None:
    line = "12 WARNING: Library not found: could not resolve 'lib{}', dependency of '/x/y.so'.\n"
    content.refuse_warnings(line.format("OpenCL.so.1") + line.format("gtk-3.so.0"))
    with pytest.raises(packaging.dev.Problem, match="libxcb-cursor"):
        content.refuse_warnings(line.format("OpenCL.so.1") + line.format("xcb-cursor.so.0"))


def test_torch_has_no_place_in_the_chat_program(
    packaging: ModuleType, content: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "torch").mkdir()
    content.refuse_forbidden(tmp_path, converter=True)
    with pytest.raises(packaging.dev.Problem, match="torch"):
        content.refuse_forbidden(tmp_path, converter=False)


def test_a_path_of_the_build_is_found(
    packaging: ModuleType, content: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_bytes(b"\x00/home/builder/x.py")
    content.refuse_paths(tmp_path, [Path("/home/other")])
    with pytest.raises(packaging.dev.Problem, match=r"a\.py"):
        content.refuse_paths(tmp_path, [Path("/home/builder")])


def test_another_version_than_the_locked_one_is_refused(
    packaging: ModuleType, content: ModuleType, tmp_path: Path
) -> None:
    info = tmp_path / "Some_Thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Some_Thing\nVersion: 1.0+cpu\n")
    content.refuse_other_versions(tmp_path, "some-thing==1.0\n")
    with pytest.raises(packaging.dev.Problem, match="some-thing"):
        content.refuse_other_versions(tmp_path, "some-thing==1.1\n")


def test_a_budget_is_kept(packaging: ModuleType, content: ModuleType) -> None:
    content.refuse_large("unpacked", 480_000_000, content.BUDGETS["light"].unpacked)
    with pytest.raises(packaging.dev.Problem, match="too large"):
        content.refuse_large("unpacked", 480_000_001, content.BUDGETS["light"].unpacked)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is a zip file")
def test_an_archive_has_links_and_the_model_in_a_part_of_its_own(
    packaging: ModuleType, tmp_path: Path
) -> None:
    bundle = tmp_path / "cellar-1"
    model = bundle / "_internal" / "resources" / "starter" / "model.gguf"
    model.parent.mkdir(parents=True)
    model.write_bytes(bytes(range(256)) * 4096)
    (bundle / "cellar").write_bytes(b"program" * 1000)
    (bundle / "link").symlink_to("cellar")
    packed = packaging.archive.pack(bundle, tmp_path / "cellar-1.tar.xz")
    assert 0 < packed.without_model < packed.path.stat().st_size
    content = subprocess.run(
        ["xz", "--decompress", "--stdout", packed.path], check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as found:
        assert found.extractfile("cellar-1/cellar").read() == b"program" * 1000
        assert found.extractfile(f"cellar-1/{model.relative_to(bundle)}").read() == (
            model.read_bytes()
        )
        assert found.getmember("cellar-1/link").linkname == "cellar"
        assert {entry.uname for entry in found} == {"root"}


def test_checksums_of_other_files_stay_while_these_are_there(
    packaging: ModuleType, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        packaging.archive.write_sums(tmp_path, [tmp_path / name])
    (tmp_path / "a").unlink()
    packaging.archive.write_sums(tmp_path, [])
    lines = (tmp_path / packaging.archive.SUMS).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["b"]
    subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_a_package_without_a_licence_is_refused(packaging: ModuleType, tmp_path: Path) -> None:
    site, contents, target = (tmp_path / name for name in ("site", "contents", "target"))
    for name in ("lib_a-1.0", "lib_b-2.0"):
        (contents / f"{name}.dist-info").mkdir(parents=True)
        info = site / f"{name}.dist-info"
        info.mkdir(parents=True)
        package, _, version = name.partition("-")
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {package}\nVersion: {version}\nLicense-Expression: MIT\n"
        )
        (info / "RECORD").write_text(f"{name}.dist-info/LICENSE,,\n")
        (info / "LICENSE").write_text("Do what you like.")
    found = packaging.licences.packages(contents, site, target)
    assert {(entry.name, entry.licence) for entry in found} == {("lib-a", "MIT"), ("lib-b", "MIT")}
    assert (target / "lib-a" / "LICENSE").read_text() == "Do what you like."
    (site / "lib_b-2.0.dist-info" / "RECORD").write_text("")
    (site / "pyinstaller-6.0.dist-info" / "licenses").mkdir(parents=True)
    (site / "pyinstaller-6.0.dist-info" / "licenses" / "COPYING.txt").write_text("GPL")
    (site / "pyinstaller-6.0.dist-info" / "METADATA").write_text("Name: pyinstaller\n")
    with pytest.raises(packaging.dev.Problem, match="lib-b"):
        packaging.licences.collect([(contents, site)], [], target)


def test_noise_on_standard_error_is_refused(packaging: ModuleType) -> None:
    packaging.smoke.refuse_noise('Detected locale "C", which is not UTF-8.\n')
    with pytest.raises(packaging.dev.Problem, match="Traceback"):
        packaging.smoke.refuse_noise("Traceback (most recent call last):\n")


def test_hooks_are_there_for_what_hides_its_parts() -> None:
    names = {path.stem for path in (PACKAGING / "hooks").glob("hook-*.py")}
    hidden = ("openvino", "openvino_genai", "openvino_tokenizers", "nncf", "optimum")
    assert {f"hook-{name}" for name in hidden} <= names


def test_the_packages_of_the_build_are_locked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = settings["project"]["optional-dependencies"]
    for kind, wanted in (("bundle", "pyinstaller"), ("convert", "optimum-intel")):
        lock = (PACKAGING / "requirements" / f"{kind}.txt").read_text("utf-8")
        assert any(line.startswith(wanted) for line in extras[kind])
        assert f"\n{wanted}==" in lock


def test_what_is_converted_with_is_also_tested_with() -> None:
    locks = [(PACKAGING / "requirements" / f"{name}.txt") for name in ("convert", "test")]
    convert, test = ({*path.read_text("utf-8").splitlines()} for path in locks)
    assert convert <= test


def test_the_licences_of_qt_are_in_the_repository() -> None:
    folder = ROOT / "resources" / "licences"
    assert "LESSER GENERAL PUBLIC LICENSE" in (folder / "LGPL-3.0.txt").read_text("utf-8")
    assert "GENERAL PUBLIC LICENSE" in (folder / "GPL-3.0.txt").read_text("utf-8")
    assert "To replace them" in (folder / "Qt.txt").read_text("utf-8")


def test_every_package_that_is_locked_has_a_licence(packaging: ModuleType, tmp_path: Path) -> None:
    lock = (PACKAGING / "requirements" / "run.txt").read_text("utf-8")
    pins = [line for line in lock.splitlines() if "==" in line and ";" not in line]
    for pin in pins:
        name, _, version = pin.partition("==")
        (tmp_path / "in" / f"{name.replace('-', '_')}-{version}.dist-info").mkdir(parents=True)
    target = tmp_path / "out"
    shutil.copytree(ROOT / "resources" / "licences", target)
    site = Path(sysconfig.get_path("purelib"))
    found = packaging.licences.packages(tmp_path / "in", site, target)
    assert len(found) == len(pins)
    assert [entry.name for entry in found if not entry.files or not entry.licence] == []
