"""From the command line to a command or the window, and from problems to exit codes."""

import argparse
import sys

from desktop.cli.arguments import parser
from desktop.cli.display import need_display, qt_problem
from desktop.cli.output import discard_output
from desktop.domain.errors import Problem, UsageProblem
from desktop.logs import install_crash_hook, start_logging

WRONG_USAGE = 2
WRONG_WORLD = 3
INTERRUPTED = 130


def run(argv: list[str]) -> int:
    """Do what the arguments say; problems become one line on standard error."""
    arguments = parser().parse_args(argv)
    try:
        return _run(arguments, argv)
    except Problem as problem:
        sys.stderr.write(f"cellar: {problem}\n")
        return WRONG_USAGE if isinstance(problem, UsageProblem) else WRONG_WORLD
    except KeyboardInterrupt:
        sys.stderr.write("cellar: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()  # whoever read it has gone
        return 0


def _open_window(argv: list[str]) -> int:
    need_display()
    try:
        from desktop import app
    except ImportError as error:
        raise qt_problem(error) from error
    return app.run(argv)


def _run(arguments: argparse.Namespace, argv: list[str]) -> int:
    if arguments.self_test:
        from desktop.selftest.run import run as run_self_test

        return run_self_test()
    if arguments.command is None:
        return _open_window(argv)
    from desktop.cli import ask, bench, chats, devices, models, render
    from desktop.program import Program

    commands = {
        "ask": ask.run,
        "bench": bench.run,
        "chats": chats.run,
        "devices": devices.run,
        "models": models.run,
        "render": render.run,
    }
    program = Program.of(arguments)
    start_logging(program.paths.logs, arguments.log_level or "", role=arguments.command)
    install_crash_hook(program.paths.logs, role=arguments.command)
    return commands[arguments.command](arguments, program)
