"""`cellar models adapters`: the LoRA adapters of an installed model."""

import argparse
from dataclasses import asdict
from pathlib import Path

from desktop.cli.output import show, show_json
from desktop.domain.adapters import AS_TRAINED, STRONGEST, Adapter, Strengths
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.formats import family
from desktop.domain.model import Model
from desktop.domain.wording import megabytes
from desktop.models.adapters import AdapterStore
from desktop.program import Program


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Do what is asked and return the exit code."""
    actions = {"list": _list, "add": _add, "remove": _remove}
    return actions[arguments.adapter_action](arguments, program)


def chosen(store: AdapterStore, model: Model, given: list[str]) -> Strengths:
    """The adapters of `--adapter ID[:STRENGTH]`. Raises Problem, UsageProblem."""
    found: Strengths = {}
    for each in given:
        name, colon, number = each.partition(":")
        strength = _strength(number) if colon else AS_TRAINED
        adapter = store.find(family(model), name)
        if adapter.id in found:
            raise UsageProblem(f"The adapter “{adapter.id}” is given twice.")
        found[adapter.id] = strength
    return {adapter_id: strength for adapter_id, strength in found.items() if strength}


def _strength(text: str) -> float:
    try:
        strength = float(text)
        if 0 <= strength <= STRONGEST:
            return strength
    except ValueError:
        pass
    raise UsageProblem(
        f"The strength of an adapter cannot be “{text:.20}”.",
        f"Give a number from 0 to {STRONGEST:g}.",
    )


def _list(arguments: argparse.Namespace, program: Program) -> int:
    store, model_id = program.adapters, arguments.model
    adapters = store.of(family(program.library.get(model_id))) if model_id else store.all()
    if arguments.json:
        show_json([document(adapter) for adapter in adapters], indent=2)
        return 0
    if not adapters:
        show("No adapter was added yet.")
    for adapter in adapters:
        show(
            f"{adapter.id}  {adapter.name}  for {adapter.family}  rank {adapter.rank}"
            f"  {megabytes(adapter.size)}"
        )
    return 0


def _add(arguments: argparse.Namespace, program: Program) -> int:
    model = _model(arguments.model, program)
    adapter = program.adapters.add(Path(arguments.source), model)
    if arguments.json:
        show_json(document(adapter))
        return 0
    show(f"{adapter.id}: for {model.id}, rank {adapter.rank}, {megabytes(adapter.size)}")
    if adapter.note:
        show(adapter.note)
    return 0


def _remove(arguments: argparse.Namespace, program: Program) -> int:
    whose = family(program.library.get(arguments.model)) if arguments.model else ""
    adapter = program.adapters.find(whose, arguments.adapter_id)
    program.adapters.remove(adapter)
    program.adapters.forget_removed()
    show(f"{adapter.id} is removed; {megabytes(adapter.size)} are free again.")
    return 0


def _model(model_id: str, program: Program) -> Model:
    """The model that is named, else the only one there is. Raises Problem, UsageProblem."""
    if model_id:
        return program.library.get(model_id)
    installed = program.library.installed()
    if not installed:
        raise Problem("No model is installed yet.", "Add a model first.")
    if len({family(model) for model in installed}) > 1:
        names = ", ".join(model.id for model in installed)
        raise UsageProblem("There are several models.", f"Name one with --to: {names}.")
    return installed[0]


def document(adapter: Adapter) -> dict[str, object]:
    """What a program is told of an adapter."""
    facts = asdict(adapter)
    del facts["parts"]
    return facts
