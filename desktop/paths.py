"""Every directory: where the program writes, and where its own files are."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import create_private, temporary_name, world_problem


@dataclass(frozen=True)
class Paths:
    """What the program writes, all of it below one folder."""

    data_dir: Path  # absolute

    @classmethod
    def of(cls, data_dir: Path | None = None) -> "Paths":
        """Below the folder given, or else below the platform's user data directory."""
        if data_dir is None:
            from platformdirs import user_data_dir

            data_dir = Path(user_data_dir("Cellar", appauthor=False))
        return cls(Path(os.path.abspath(os.path.expanduser(data_dir))))

    @property
    def database(self) -> Path:
        """The file of the conversations."""
        return self.data_dir / "chats.db"

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.data_dir / "settings.toml"

    @property
    def models(self) -> Path:
        """The folder with one folder for each model."""
        return self.data_dir / "models"

    @property
    def adapters(self) -> Path:
        """The folder with the adapters that were added to models."""
        return self.data_dir / "adapters"

    @property
    def backups(self) -> Path:
        """The folder of copies made before a change of format."""
        return self.data_dir / "backups"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again."""
        return self.data_dir / "cache"

    @property
    def logs(self) -> Path:
        """The folder of logs and crash reports."""
        return self.data_dir / "logs"

    def prepare(self) -> Problem | None:
        """Create the folder, for its owner only, and try it. Returns why it cannot be used."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = temporary_name(self.data_dir)
            try:
                with create_private(probe) as file:
                    file.write(b"Can this folder be written?")
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            error.filename = str(self.data_dir)  # the probe's name would tell nobody anything
            return world_problem(error, tr("use this folder for its data"))
        except ValueError:  # a NUL in the name
            return Problem(
                tr("The name of the data folder holds a character that no folder can have."),
                tr("Use another folder."),
            )
        return None


def converter() -> Path | None:
    """The full bundle's second program, which has what a conversion needs; None elsewhere."""
    if not getattr(sys, "frozen", False):
        return None
    program = Path(sys.executable)
    second = program.with_name(f"cellar-converter{program.suffix}")
    return second if second.is_file() else None


def resources() -> Path:
    """The program's own files, from a bundle, a wheel or a source checkout. Raises Problem."""
    package = Path(__file__).resolve().parent
    bundle = getattr(sys, "_MEIPASS", None)
    places = [Path(bundle)] if bundle else [package, package.parent]
    for place in places:
        if (place / "resources").is_dir():
            return place / "resources"
    raise Problem(tr("Files that belong to Cellar are missing."), tr("Install Cellar again."))
