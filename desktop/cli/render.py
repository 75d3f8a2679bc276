"""`cellar render`: the exact prompt text, and nothing else."""

import argparse
from pathlib import Path

from desktop.cli.messages import read_turns
from desktop.cli.output import show
from desktop.domain.errors import Problem
from desktop.engine.protocol import Render
from desktop.program import Program
from desktop.services.engine_questions import render


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Print the prompt and return the exit code."""
    question = Render(
        "render",
        str(_source(arguments, program)),
        read_turns(arguments.messages),
        generation_prompt=not arguments.no_generation_prompt,
    )
    show(render(program.make_engine, question).text, end="")
    return 0


def _source(arguments: argparse.Namespace, program: Program) -> Path:
    if arguments.template:
        path = Path(arguments.template).absolute()
        if not path.exists():
            raise Problem(f"There is no file “{arguments.template}”.", "Check the name.")
        return path
    models = program.models()
    return models.have(arguments.model or "", lambda _: None).folder
