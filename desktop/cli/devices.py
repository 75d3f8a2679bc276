"""`cellar devices`: what can run a model here, and why something cannot."""

import argparse
from dataclasses import asdict

from desktop.cli.output import show, show_json
from desktop.program import Program
from desktop.services.engine_questions import list_devices


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Print the devices and return the exit code."""
    devices = list_devices(program.make_engine).devices
    if arguments.json:
        show_json([asdict(d) | {"available": d.available} for d in devices], indent=2)
        return 0
    for device in devices:
        show(f"{device.name:5} {device.full_name or '–  ' + device.why_not}")
    return 0
