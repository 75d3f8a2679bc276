"""What tests of the whole program share: the program as a command, and folders with a model."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.cli.arguments import parser
from desktop.program import Program
from desktop.services.models import ModelService

ROOT = Path(__file__).parents[1]
STARTER_ID = "smollm2-135m-instruct"
HANG_S = 120.0  # a program that has not ended by then never will


def model_service(data_dir: Path) -> ModelService:
    """The models of a data directory, as the program has them."""
    return Program.of(parser().parse_args(["--data-dir", str(data_dir)])).models()


def linked_copy(source: Path, target: Path) -> Path:
    """A copy of a folder that shares its files: who changes one must replace it."""

    def link(one: str, other: str) -> str:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)
        return other

    shutil.copytree(source, target, copy_function=link)
    for written in ("cache/verified.json", "models/cellar.lock", "logs/cellar.log"):
        if (target / written).exists():
            (target / written).unlink()
            shutil.copy2(source / written, target / written)
    return target


@dataclass(frozen=True)
class Ran:
    """What a run of the program came to."""

    code: int
    out: str
    err: str

    def problem(self) -> str:
        """The one line on standard error that a user gets when something is wrong."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("cellar: "), self.err
        assert "Traceback" not in self.err
        return lines[0]


class Cellar:
    """Runs the program as a user does: a process of its own, an empty HOME, without CI."""

    def __init__(self, data_dir: Path, home: Path) -> None:
        self.data_dir = data_dir
        self.home = home

    def __call__(self, *arguments: str, stdin: bytes = b"", **options: Any) -> Ran:
        """Run to the end."""
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(stdin, timeout=HANG_S)
        except BaseException:
            kill_group(process)
            raise
        return Ran(process.returncode, out.decode("utf-8"), err.decode("utf-8"))

    def start(
        self,
        *arguments: str,
        data_dir: Path | None = None,
        environment: Mapping[str, str] | None = None,
        without: Sequence[str] = (),
        cwd: Path | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start in a process group of its own, its three streams piped."""
        kept = os.environ.items()
        clean = {k: v for k, v in kept if not k.startswith("XDG_") and k not in ("CI", *without)}
        clean |= {"HOME": str(self.home), "USERPROFILE": str(self.home)}
        clean |= {"PYTHONPATH": str(ROOT), **(environment or {})}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "desktop", *self._with_data_dir(arguments, data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean,
            cwd=cwd or self.home,
            start_new_session=True,
        )

    def _with_data_dir(self, arguments: Sequence[str], data_dir: Path | None) -> list[str]:
        given = any(argument.startswith("--data-dir") for argument in arguments)
        return [*([] if given else ["--data-dir", str(data_dir or self.data_dir)]), *arguments]


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End a program that was started by `Cellar.start`, with its children."""
    if process.poll() is None:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
