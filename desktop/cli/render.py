"""`cellar render`: the exact prompt text, and nothing else."""

import argparse
from pathlib import Path

from desktop.cli.messages import read_turns
from desktop.cli.output import show
from desktop.domain.errors import Problem
from desktop.domain.layout import Layout
from desktop.engine.protocol import Render
from desktop.program import Program
from desktop.services.engine_questions import render


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Print the prompt and return the exit code."""
    layout = program.layouts.named(arguments.layout) if arguments.layout else None
    turns = read_turns(arguments.messages)
    source, own_layout = _source(arguments, program)
    question = Render(
        "render",
        str(source),
        turns,
        generation_prompt=not arguments.no_generation_prompt,
        layout=layout or own_layout,
    )
    show(render(program.make_engine, question).text, end="")
    return 0


def _source(arguments: argparse.Namespace, program: Program) -> tuple[Path, Layout | None]:
    """Where the template is, and the layout of a model that has one of its own."""
    if arguments.template:
        path = Path(arguments.template).absolute()
        if not path.exists():
            raise Problem(f"There is no file “{arguments.template}”.", "Check the name.")
        return path, None
    model = program.models().have(arguments.model or "", lambda _: None)
    return model.folder, program.layouts.of(model)
