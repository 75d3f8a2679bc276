"""The package for Debian and Ubuntu: the bundle below /opt, with what menus show of it."""

import datetime
import os
import shutil
import subprocess
from pathlib import Path

import content
import dev
from licences import version_of_cellar

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"
METAINFO = "app.cellar.Cellar.metainfo.xml"
HOME = Path("opt", "cellar")
PROGRAM = "/opt/cellar/cellar"
# What the bundle takes from the system, beside the C library: drivers, X11's base, fonts.
DEPENDS = "libc6, libgl1, libegl1, libxcb1, libx11-6, fontconfig"
RECOMMENDS = "xdg-desktop-portal, ocl-icd-libopencl1"
CONTROL = """Package: {package}
Version: {version}
Architecture: {architecture}
Maintainer: The Cellar developers <developers@cellar.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: {recommends}
Conflicts: {other}
Section: utils
Priority: optional
Description: Chat with a language model on this computer
 Cellar runs a language model on your own laptop through OpenVINO, without a
 network. A small model comes along; nothing that you write leaves the computer.
"""


def write_deb(folder: Path, icons: Path, target: Path, kind: str) -> Path:
    """Write the package into a folder. Raises Problem."""
    package = "cellar" if kind == "light" else f"cellar-{kind}"
    root = folder.parent / f"{package}-deb"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(folder, icons, root)
    architecture = _said("dpkg", "--print-architecture").strip()
    control = CONTROL.format(
        package=package,
        other="cellar-full" if kind == "light" else "cellar",
        version=version_of_cellar(),
        architecture=architecture,
        kilobytes=content.size_of(root) // 1024,
        depends=DEPENDS,
        recommends=RECOMMENDS,
    )
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    made = target / f"{package}_{version_of_cellar()}_{architecture}.deb"
    _said("dpkg-deb", "--root-owner-group", "-Zzstd", "-z6", "--build", str(root), str(made))
    shutil.rmtree(root)
    return made


def lay_out(folder: Path, icons: Path, root: Path) -> None:
    """Put everything where a Linux system expects it, below `root`."""
    shutil.copytree(folder, root / HOME, symlinks=True, copy_function=os.link)
    for path in (root, *(path for path in root.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "cellar").symlink_to(PROGRAM)
    share = root / "usr" / "share"
    _put(LINUX / "cellar.desktop", share / "applications" / "cellar.desktop")
    _put(ROOT / "resources" / "icons" / "cellar.svg", share / _icon("scalable") / "cellar.svg")
    for picture in icons.glob("cellar-*.png"):
        size = picture.stem.partition("-")[2]
        _put(picture, share / _icon(f"{size}x{size}") / "cellar.png")
    text = (LINUX / METAINFO).read_text("utf-8").replace("@VERSION@", version_of_cellar())
    text = text.replace("@DATE@", datetime.datetime.now(datetime.UTC).date().isoformat())
    (share / "metainfo").mkdir()
    (share / "metainfo" / METAINFO).write_text(text, encoding="utf-8")
    _put(ROOT / "LICENSE", share / "doc" / "cellar" / "copyright")


def _icon(size: str) -> Path:
    return Path("icons", "hicolor", size, "apps")


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        problem = dev.Problem(f"{command[0]} failed.")
        problem.add_note(done.stderr.strip()[-500:])
        raise problem
    return done.stdout
