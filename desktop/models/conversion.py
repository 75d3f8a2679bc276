"""Whether PyTorch checkpoints can be converted here; what that needs is in the full bundle only."""

from importlib.util import find_spec
from pathlib import Path

from desktop.domain.catalogue import COMPRESSED
from desktop.domain.errors import Problem
from desktop.domain.repository import RepositoryFacts
from desktop.domain.sizes import BYTES, conversion_memory
from desktop.domain.wording import megabytes
from desktop.domain.words import listed, tr
from desktop.files import free_space, world_problem
from desktop.paths import converter

MODULES = {  # by the package that has them
    "torch": "torch",
    "transformers": "transformers",
    "optimum-intel": "optimum.intel",
}


def missing_packages() -> tuple[str, ...]:
    """What a conversion needs and is not installed. Looks, imports nothing large."""
    if converter() is not None:
        return ()
    return tuple(package for package, module in MODULES.items() if not _is_there(module))


def conversion_available() -> bool:
    """True when checkpoints can be converted; cheap enough for the window's thread."""
    return not missing_packages()


def refuse_without_packages() -> None:
    """Raise Problem where checkpoints cannot be converted."""
    if missing := missing_packages():
        raise Problem(
            tr(
                "This Cellar cannot convert PyTorch checkpoints: it lacks {missing}.",
                missing=listed(missing),
            ),
            tr(
                "Use Cellar's full bundle, or install these with “pip install cellar[convert]”."
                " Ready OpenVINO repositories and GGUF files need none of this."
            ),
        )


def refuse_unfit(facts: RepositoryFacts, weights: str, download: Path) -> None:
    """Raise Problem for a checkpoint that could be fetched to that folder, but not converted.

    What other programs have taken of the memory now may be free again once it is here.
    """
    import psutil

    whole = int(facts.parameters * BYTES["fp16"])
    memory, total = conversion_memory(whole), int(psutil.virtual_memory().total)
    if total < memory:
        raise Problem(
            tr(
                "Converting this model takes {memory} of memory; this computer has {total}.",
                memory=megabytes(memory),
                total=megabytes(total),
            ),
            tr("Choose a smaller model, or a repository of it that is ready for OpenVINO."),
        )
    made = whole + (int(facts.parameters * BYTES[weights]) if weights in COMPRESSED else 0)
    try:
        here = sum(path.stat().st_size for path in download.rglob("*") if path.is_file())
        free = free_space(download)
    except OSError as error:
        raise world_problem(error, tr("see how much disk is free")) from error
    if free < (room := facts.size - here + made):
        raise Problem(
            tr(
                "Fetching and converting this model takes {room} of disk, and {free} are free.",
                room=megabytes(room),
                free=megabytes(free),
            ),
            tr("Free some space and try again."),
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):  # a package above it is missing, or is kept out
        return False
