"""`cellar models`: what is installed."""

import argparse
from dataclasses import asdict

from desktop.cli.output import show, show_json
from desktop.domain.model import Model
from desktop.domain.wording import megabytes
from desktop.program import Program


def run(arguments: argparse.Namespace, program: Program) -> int:
    """List the models and return the exit code."""
    library = program.models().library
    models = library.installed()
    if arguments.json:
        show_json([_document(model) for model in models], indent=2)
        return 0
    if not models:
        show("No model is installed yet. The one that comes with Cellar is made ready when asked.")
    for model in models:
        show(f"{model.id}  {model.name}  {model.weights.upper()}  {megabytes(model.size)}")
    for problem in library.problems():
        show(str(problem))
    return 0


def _document(model: Model) -> dict[str, object]:
    facts = asdict(model)
    del facts["files"]
    return facts | {"folder": str(model.folder), "size": model.size}
