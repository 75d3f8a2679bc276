"""`cellar models`: what is installed, and adding, checking and removing it."""

import argparse
from dataclasses import asdict

from desktop.cli import adapters
from desktop.cli.output import Progress, show, show_json
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Inspected, Transferring
from desktop.domain.events import Progress as Progressed
from desktop.domain.model import Model
from desktop.domain.wording import facts_text, megabytes, stage_text, transfer_text
from desktop.models.verify import check_files
from desktop.program import Program
from desktop.services.plans import Request

WORLD_IS_WRONG = 3


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Do what is asked and return the exit code."""
    actions = {
        "list": _list,
        "add": _add,
        "remove": _remove,
        "verify": _verify,
        "adapters": adapters.run,
    }
    return actions[arguments.action](arguments, program)


def _list(arguments: argparse.Namespace, program: Program) -> int:
    if arguments.all:
        return _list_catalogue(arguments, program)
    models = program.library.installed()
    if arguments.json:
        show_json([document(model) for model in models], indent=2)
        return 0
    if not models:
        show("No model is installed yet. The one that comes with Cellar is made ready when asked.")
    for model in models:
        show(f"{model.id}  {model.name}  {model.weights.upper()}  {megabytes(model.size)}")
    for problem in program.library.problems():
        show(str(problem))
    return 0


def _list_catalogue(arguments: argparse.Namespace, program: Program) -> int:
    if arguments.json:
        show_json([asdict(entry) for entry in program.catalogue], indent=2)
        return 0
    for entry in program.catalogue:
        gated = "  (gated)" if entry.licence.gated else ""
        size = f"{entry.parameters / 1e9:.1f} B"
        show(f"{entry.id}  {entry.name}  {size}  {entry.licence.name}{gated}")
    return 0


def _add(arguments: argparse.Namespace, program: Program) -> int:
    request = Request(arguments.source, arguments.weights, arguments.model_id)
    planned = program.make_plan(request)
    if any(model.id == planned.model_id for model in program.library.installed()):
        raise Problem(
            f"“{planned.model_id}” is installed already.",
            "Remove it first, or give this one another name with --as.",
        )
    progress = Progress()
    installer, _ = program.make_installer()
    model = installer.install(planned, lambda event: _tell(event, arguments.json, progress))
    progress.done()
    if arguments.json:
        show_json({"event": "installed", **document(model)})
    else:
        show(f"{model.id}: {model.weights.upper()}, {megabytes(model.size)}")
        if model.note:
            show(model.note)
    return 0


def _tell(event: Event, as_json: bool, progress: Progress) -> None:
    match event:
        case Inspected(facts):
            if as_json:
                show_json({"event": "inspected", **asdict(facts)})
            progress.note(facts_text(facts))
        case Progressed(stage):
            if as_json:
                show_json({"event": "stage", **asdict(stage)})
            progress.show(stage_text(stage))
        case Transferring(done, total, bytes_per_s):
            if as_json:
                show_json({"event": "transfer", **asdict(event)})
            progress.show(transfer_text(done, total, bytes_per_s))


def _remove(arguments: argparse.Namespace, program: Program) -> int:
    model = program.library.get(arguments.model_id)
    program.library.remove(model)
    program.library.forget_removed()
    show(f"{model.id} is removed; {megabytes(model.size)} are free again.")
    return 0


def _verify(arguments: argparse.Namespace, program: Program) -> int:
    library = program.library
    models = (library.get(arguments.model_id),) if arguments.model_id else library.installed()
    found = {model.id: check_files(library, model) for model in models}
    if arguments.json:
        show_json({model_id: str(problem or "") for model_id, problem in found.items()}, indent=2)
    else:
        for model_id, problem in found.items():
            show(f"{model_id}: {problem or 'every file is as it was installed'}")
    return WORLD_IS_WRONG if any(found.values()) else 0


def document(model: Model) -> dict[str, object]:
    """What a program is told of a model."""
    facts = asdict(model)
    del facts["files"]
    return facts | {"folder": str(model.folder), "size": model.size}
