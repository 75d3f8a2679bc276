"""Collects the licence of everything that is in a bundle, and an index of them.

index.json is a list of {"name", "version", "licence", "files"}; files lie in the same folder.
"""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

import dev
from installed import canonical

ROOT = Path(__file__).resolve().parents[1]
TEXT = re.compile(r"(^|[/_.-])(licen[cs]es?|copying|notice|third-party|authors)", re.IGNORECASE)
NO_TEXT = (".py", ".pyc", ".pyi", ".h", ".so", ".json")
QT = ("pyside6-essentials", "shiboken6")
KNOWN_TEXTS = ROOT / "packaging" / "licence_texts"  # of packages that come without theirs
QT_TEXTS = ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "GPL-2.0.txt")
CLASSIFIER = "License :: "
APACHE = ("Apache-2.0", "Apache Software License")


@dataclass(frozen=True)
class Licence:
    """What one part of the bundle may be used for."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]  # in the folder of licences


def collect(contents: "list[tuple[Path, Path]]", sources: "list[Path]", target: Path) -> None:
    """Fill `target` for programs, each a folder of contents and the environment it was built in.

    `sources` are the files of this system that were taken along. Raises dev.Problem.
    """
    target.mkdir(parents=True, exist_ok=True)
    found = {}
    for folder, site in contents:
        for entry in packages(folder, site, target):
            found[entry.name] = entry
    found |= {entry.name: entry for entry in (*ours(contents[0][1], target), *starter(target))}
    found |= {entry.name: entry for entry in system(sources, target)}
    lacking = sorted(entry.name for entry in found.values() if not entry.files)
    if lacking:
        raise dev.Problem(f"No text of a licence was found for {', '.join(lacking)}.")
    rows = [asdict(found[name]) for name in sorted(found, key=str.lower)]
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    (target / "index.json").write_text(text, encoding="utf-8")


def packages(folder: Path, site: Path, target: Path) -> "list[Licence]":
    """Python's packages: those whose metadata is in the bundle."""
    wanted = {canonical(path.name.split("-")[0]) for path in folder.glob("*.dist-info")}
    found = {}
    for package in importlib.metadata.distributions(path=[str(site)]):
        name = canonical(package.metadata["Name"])
        if name in wanted and name not in found:
            found[name] = _package(name, package, target)
    if missing := wanted - set(found):
        raise dev.Problem(f"{site} has no {', '.join(sorted(missing))}.")
    return list(found.values())


def _package(name: str, package: importlib.metadata.Distribution, target: Path) -> Licence:
    facts = package.metadata
    kinds = [kind for kind in facts.get_all("Classifier") or [] if kind.startswith(CLASSIFIER)]
    said = facts.get("License-Expression") or facts.get("License") or ""
    if not said or "\n" in said or len(said) > 80:
        said = "; ".join(kind.rpartition(" :: ")[2] for kind in kinds)
    files = [] if name not in QT else [text for text in QT_TEXTS if (target / text).is_file()]
    for path in package.files or ():
        inside = str(path)
        if TEXT.search(inside.replace(".dist-info", "")) and not inside.endswith(NO_TEXT):
            flat = inside.partition(".dist-info/")[2] or inside
            place = Path(name, flat.removeprefix("licenses/"))
            files.append(_copied(Path(str(path.locate())), target, place))
    known = KNOWN_TEXTS / f"{name}.txt"
    if not files and known.is_file():
        files.append(_copied(known, target, Path(name, "LICENSE.txt")))
    if not files and said.strip() in APACHE:
        files.append(_apache(target))  # it has no copyright line of its own
    return Licence(name, package.version, said.strip(), tuple(dict.fromkeys(files)))


def ours(site: Path, target: Path) -> "list[Licence]":
    """Cellar itself, Python, and the start of PyInstaller's that is part of the executable."""
    home = Path(sys.base_prefix)
    texts = [*home.glob("lib/python3.*/LICENSE.txt"), *home.glob("LICENSE*")]
    texts += Path("/usr/share/doc").glob("python3.*/copyright")
    python = [_copied(text, target, Path("python", "LICENSE.txt")) for text in texts[:1]]
    builder = next(site.glob("pyinstaller-*.dist-info/licenses/COPYING.txt"))
    number = builder.parts[-3].removesuffix(".dist-info").rpartition("-")[2]
    number_of_python = ".".join(map(str, sys.version_info[:3]))
    start = _copied(builder, target, Path("pyinstaller", "COPYING.txt"))
    exception = "GPL-2.0-or-later WITH Bootloader-exception"
    return [
        Licence("Cellar", version_of_cellar(), "Apache-2.0", (_apache(target),)),
        Licence("Python", number_of_python, "PSF-2.0", tuple(python)),
        Licence("PyInstaller bootloader", number, exception, (start,)),
    ]


def version_of_cellar() -> str:
    """As the program says it."""
    text = (ROOT / "desktop" / "__init__.py").read_text("utf-8")
    return re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)[0]


def starter(target: Path) -> "list[Licence]":
    """The model that comes with Cellar."""
    facts = tomllib.loads((ROOT / dev.SOURCES["starter"]).read_text("utf-8"))
    return [Licence(facts["name"], "", facts["licence"]["name"], (_apache(target),))]


def system(sources: "list[Path]", target: Path) -> "list[Licence]":
    """Libraries of the system that builds, by its package manager."""
    if not shutil.which("dpkg-query"):
        return []
    found = {}
    for source in sources:
        if "site-packages" in source.parts:
            continue
        for name, version in _owners(source):
            text = Path("/usr/share/doc", name, "copyright")
            if name not in found and text.is_file():
                copied = _copied(text, target, Path("system", f"{name}.txt"))
                said = re.findall(r"^License: *(\S.*)$", text.read_text("utf-8", "replace"), re.M)
                licence = "; ".join(dict.fromkeys(said)) or "see the text"
                found[name] = Licence(name, version, licence[:120], (copied,))
    return list(found.values())


def _owners(source: Path) -> "list[tuple[str, str]]":
    for path in (source, source.resolve(), Path("/lib", *source.resolve().parts[3:])):
        query = ["dpkg-query", "--search", str(path)]
        said = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        if names := [line.partition(":")[0] for line in said.splitlines()[:1]]:
            show = ["dpkg-query", "--show", "--showformat=${Version}\n", names[0]]
            version = subprocess.run(show, capture_output=True, text=True, check=False).stdout
            return [(names[0], version.partition("\n")[0])]
    return []


def _apache(target: Path) -> str:
    return _copied(ROOT / "LICENSE", target, Path("Apache-2.0.txt"))


def _copied(source: Path, target: Path, place: Path) -> str:
    (target / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target / place)
    return place.as_posix()
