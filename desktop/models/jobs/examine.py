"""Whether a folder of IR is complete and harmless, before anything of it is opened."""

import os
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.models.jobs import bundle
from desktop.models.jobs.fetch.choice import EXAMINED, PICKLES, refuse_code_in_settings

PROGRAMS = (".py", ".pyc")
REMEDY = mark("Use a folder with the OpenVINO model alone.")


def examined(folder: Path) -> tuple[str, ...]:
    """The files that make the model. Raises Problem, OSError."""
    _refuse_programs(sorted(entry.name for entry in os.scandir(folder)))
    names = bundle.complete_names(folder)
    for name in names:
        bundle.refuse_unless_regular(folder / name)
    for name in set(EXAMINED) & set(names):
        refuse_code_in_settings(tr("The folder"), name, (folder / name).read_bytes())
    return names


def _refuse_programs(names: Sequence[str]) -> None:
    """Raise Problem for a file that can run code when it is opened."""
    described = {name.lower().removesuffix(".xml") for name in names if name.endswith(".xml")}
    for name in names:
        stem, suffix = os.path.splitext(name.lower())
        if suffix in PROGRAMS:
            raise Problem(
                tr("The folder was refused: it brings program code ({name}).", name=name[:80]),
                tr(REMEDY),
            )
        of_openvino = suffix == ".bin" and (stem in described or stem.startswith("openvino_"))
        if suffix in PICKLES and not of_openvino:
            raise Problem(
                tr(
                    "The folder was refused: {name} is in a format that can run program code when"
                    " it is opened.",
                    name=name[:80],
                ),
                tr(REMEDY),
            )
