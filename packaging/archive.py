"""Packs a bundle, and writes what it must hash to."""

import io
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import dev

PRESET, PRESET_MODEL = "-2", "-0"  # of xz: the model's weights hardly shrink, whatever it takes
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Packed:
    """An archive, and how much of it is not the model."""

    path: Path
    without_model: int


def pack(folder: Path, target: Path) -> Packed:
    """Write an archive of the folder, with the folder's name on top. Raises Problem."""
    if sys.platform == "win32":
        return _zip(folder, target)
    if shutil.which("xz") is None:
        raise dev.Problem("The program xz is missing: sudo apt install xz-utils")
    model = sorted(folder.rglob("resources/starter/*"))
    others = [path for path in sorted(folder.rglob("*")) if path not in model]
    with open(target, "wb") as sink:
        switch = _Switch(sink, PRESET)
        with tarfile.open(fileobj=switch, mode="w|", bufsize=1024**2) as archive:
            for path in [folder, *others]:
                _add(archive, path, folder.parent)
            without_model = switch.change(PRESET_MODEL)
            for path in model:
                _add(archive, path, folder.parent)
        switch.finish()
    return Packed(target, without_model)


def _add(archive: tarfile.TarFile, path: Path, base: Path) -> None:
    archive.add(path, str(path.relative_to(base)), recursive=False, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who built it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


class _Switch(io.RawIOBase):
    """A stream into xz that can go on with another preset: xz reads such streams as one."""

    def __init__(self, sink: IO[bytes], preset: str) -> None:
        super().__init__()
        self._sink = sink
        self._process = self._started(preset)

    def change(self, preset: str) -> int:
        """End what was written so far; returns its compressed size."""
        self.finish()
        size = self._sink.seek(0, io.SEEK_END)
        self._process = self._started(preset)
        return size

    def finish(self) -> None:
        """Wait until all is compressed."""
        pipe = self._process.stdin
        if pipe is not None:
            pipe.close()
        if self._process.wait():
            raise dev.Problem("xz could not compress the bundle.")

    def write(self, data: object) -> int:
        content = bytes(data)  # type: ignore[call-overload]
        pipe = self._process.stdin
        if pipe is not None:
            pipe.write(content)
        return len(content)

    def writable(self) -> bool:
        return True

    def _started(self, preset: str) -> "subprocess.Popen[bytes]":
        command = ["xz", "-T2", preset, "--stdout"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self._sink)


def _zip(folder: Path, target: Path) -> Packed:
    model = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder.parent))
            archive.write(path, name)
            if "starter" in path.parts and path.is_file():
                model += archive.getinfo(name.replace("\\", "/")).compress_size
    return Packed(target, target.stat().st_size - model)


def write_sums(folder: Path, paths: "list[Path]") -> None:
    """Note what the files hash to, as sha256sum does; of others, what is noted stays."""
    target = folder / SUMS
    noted = dict(reversed(line.split("  ", 1)) for line in dev.text_of(target).splitlines() if line)
    noted = {name: digest for name, digest in noted.items() if (folder / name).is_file()}
    noted |= {path.name: dev.sha256_of(path) for path in paths}
    lines = [f"{digest}  {name}\n" for name, digest in sorted(noted.items())]
    target.write_text("".join(lines), encoding="utf-8")
