"""Makes the bundle: environments, programs, licences, archive, checksums, and the smoke test.

What it makes lies in dist/, how it got there in build/. `build.py --help` tells the options.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import archive
import content
import dev
import licences
import linux_package
import smoke

ROOT = Path(__file__).resolve().parents[1]
BUILD, DIST = ROOT / "build", ROOT / "dist"
STEPS = {
    "chat": ("venv", "run", "bundle", "starter"),
    "converter": ("venv", "run", "convert", "bundle"),
}
LOCKS = {"chat": ("run",), "converter": ("run", "convert")}
MACOS = sys.platform == "darwin"
APP = "Cellar.app" if MACOS else "cellar"
CONTENTS = {
    "chat": f"{APP}/Contents/Frameworks" if MACOS else "_internal",
    "converter": "_converter",
}
MB = content.MB


def build(arguments: "list[str]") -> int:
    """Make one bundle; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py bundle", description="Make the bundle.")
    parser.add_argument("--full", action="store_true", help="with the converter of checkpoints")
    parser.add_argument("--no-smoke", action="store_true", help="leave the smoke test out")
    parser.add_argument("--reuse", action="store_true", help="take the programs of the last build")
    options = parser.parse_args(arguments)
    if options.full and MACOS:
        raise dev.Problem("On macOS there is no full bundle yet: leave out --full.")
    kind = "full" if options.full else "light"
    programs = ["chat", "converter"] if options.full else ["chat"]
    BUILD.mkdir(exist_ok=True)
    DIST.mkdir(exist_ok=True)
    environments = {name: _environment(name) for name in programs}
    _draw_icons(environments["chat"])
    _write_version_file()
    for name, environment in environments.items() if not options.reuse else ():
        with _timed(f"Building the {name} program"):
            _run_pyinstaller(name, environment)
    folder = BUILD / "bundle" / _bundle_name(kind)
    with _timed("Putting the bundle together"):
        _assemble(folder, environments)
        _check(folder, kind, environments)
    packed = _packed(folder, kind)
    if not options.no_smoke:
        with _timed("Smoke test of the unpacked archive"):
            smoke.run(packed, environments["converter"].python if options.full else None)
    return 0


def _environment(name: str) -> dev.Checkout:
    """A clean environment of its own: what is in the one for development must not get in."""
    environment = dev.Checkout(ROOT, f"build/environments/{name}")
    environment.venv.parent.mkdir(exist_ok=True)
    with _timed(f"Environment for the {name} program"):
        dev.set_up(environment, *STEPS[name])
    return environment


def _draw_icons(environment: dev.Checkout) -> None:
    drawing = [str(environment.python), str(ROOT / "packaging" / "icons.py")]
    drawing += [str(ROOT / "resources" / "icons" / "cellar.svg"), str(BUILD / "icons")]
    dev.logged(environment, "Drawing the icon", drawing)


def _write_version_file() -> None:
    """What Windows shows of the executables."""
    version = licences.version_of_cellar()
    text = (ROOT / "packaging" / "windows" / "version.txt").read_text("utf-8")
    numbers = ", ".join((*version.split("."), "0", "0", "0")[:4])
    text = text.replace("@VERSION@", version).replace("@TUPLE@", numbers)
    (BUILD / "version.txt").write_text(text, encoding="utf-8")


def _run_pyinstaller(name: str, environment: dev.Checkout) -> None:
    """Build one program into build/programs. Raises Problem."""
    log = BUILD / f"{name}.log"
    work = BUILD / "work" / name
    work.mkdir(parents=True, exist_ok=True)
    command = [str(environment.python), "-m", "PyInstaller", "--noconfirm", "--clean"]
    command += ["--distpath", str(BUILD / "programs"), "--workpath", str(work)]
    command += [str(ROOT / "packaging" / "cellar.spec")]
    variables = dev.clean_environment(CELLAR_BUNDLE=name, PYTHONHASHSEED="1")
    with open(log, "wb") as sink:
        code = subprocess.call(command, env=variables, stdout=sink, stderr=sink, cwd=BUILD)
    said = dev.text_of(log)
    if code:
        problem = dev.Problem(f"PyInstaller failed. (Log: {log})")
        problem.add_note("\n".join(said.splitlines()[-12:]))
        raise problem
    content.refuse_warnings(said)


def _assemble(folder: Path, environments: "dict[str, dev.Checkout]") -> None:
    """The programs in one folder, with the licences of all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    place = folder / APP if MACOS else folder
    shutil.copytree(BUILD / "programs" / APP, place, symlinks=True)
    if "converter" in environments:
        shutil.copytree(BUILD / "programs" / "converter", folder, symlinks=True, dirs_exist_ok=True)
        _share(folder / CONTENTS["converter"], folder / CONTENTS["chat"])
    _strip(folder)
    contents = [(folder / CONTENTS[name], _site(made)) for name, made in environments.items()]
    sources: set[str] = set()
    for name in environments:
        sources |= set(json.loads(next((BUILD / "work" / name).rglob("sources.json")).read_text()))
    target = folder / CONTENTS["chat"] / "resources" / "licences"
    licences.collect(contents, [Path(source) for source in sorted(sources)], target)


def _site(environment: dev.Checkout) -> Path:
    return next(environment.venv.glob("[Ll]ib/**/site-packages"))


def _share(folder: Path, other: Path) -> None:
    """Files that both programs have are there once; where there are no links, twice."""
    if sys.platform == "win32":
        return
    for path in content.files(folder):
        twin = other / path.relative_to(folder)
        if _is_same(path, twin):
            path.unlink()
            path.symlink_to(os.path.relpath(twin, path.parent))


def _is_same(path: Path, twin: Path) -> bool:
    """Whether two files have the same content, and it is worth a link."""
    if not twin.is_file() or twin.is_symlink():
        return False
    sizes = {path.stat().st_size, twin.stat().st_size}
    return len(sizes) == 1 and min(sizes) >= 4096 and dev.sha256_of(path) == dev.sha256_of(twin)


def _strip(folder: Path) -> None:
    """Python's own library may come with what debuggers need; others break when stripped."""
    if sys.platform != "linux" or shutil.which("strip") is None:
        return
    for path in content.files(folder):
        if path.name.startswith("libpython"):
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)


def _check(folder: Path, kind: str, environments: "dict[str, dev.Checkout]") -> None:
    """What can be said without starting it. Raises Problem."""
    for name, environment in environments.items():
        contents = folder / CONTENTS[name]
        content.refuse_forbidden(contents, converter=name == "converter")
        locked = "\n".join(dev.source_text(lock, environment) for lock in LOCKS[name])
        content.refuse_other_versions(contents, locked)
    content.refuse_paths(folder, [ROOT, Path.home() / ".cache"])
    model = content.model_size(folder)
    size = content.size_of(folder) - model
    dev.say(f"Unpacked: {size / MB:.1f} MB, and {model / MB:.1f} MB of the model")
    for line in content.largest(folder):
        dev.say(line)
    content.refuse_large("unpacked", size, content.BUDGETS[kind].unpacked)


def _packed(folder: Path, kind: str) -> Path:
    """The archive, the system's packages, and their checksums, in dist/."""
    ending = "zip" if sys.platform == "win32" else "tar.xz"
    with _timed("Packing"):
        packed = archive.pack(folder, DIST / f"{folder.name}.{ending}")
    made = [packed.path]
    whole = packed.path.stat().st_size
    dev.say(f"{packed.path.name}: {whole / MB:.1f} MB, {packed.without_model / MB:.1f} MB of it")
    budget = content.BUDGETS[kind].packed
    if budget is not None:
        content.refuse_large("packed", packed.without_model, budget)
    if sys.platform == "linux" and shutil.which("dpkg-deb"):
        with _timed("Package for Debian and Ubuntu"):
            made.append(linux_package.write_deb(folder, BUILD / "icons", DIST, kind))
    archive.write_sums(DIST, made)
    return packed.path


def _bundle_name(kind: str) -> str:
    version = licences.version_of_cellar()
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    program = "cellar" if kind == "light" else f"cellar-{kind}"
    return f"{program}-{version}-{system}-{platform.machine().lower()}"


@contextlib.contextmanager
def _timed(what: str) -> Iterator[None]:
    dev.say(f"{what} …")
    begun = time.monotonic()
    yield
    dev.say(f"{what}: {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    sys.exit(dev.guarded(lambda: build(sys.argv[1:])))
