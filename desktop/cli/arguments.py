"""The command line: common options, the commands, and one option for each sampling parameter."""

import argparse
from pathlib import Path

from desktop import __version__
from desktop.domain.sampling import PARAMETERS, Kind, Parameter, Values, checked_values
from desktop.exporters.registry import NAMES, SHAPES

LOG_LEVELS = ("debug", "info", "warning", "error")


def parser() -> argparse.ArgumentParser:
    """The whole command line. Common options may stand before or after the command."""
    common = _common(argparse.SUPPRESS)
    top = argparse.ArgumentParser(
        prog="cellar",
        description="Chat with a language model on this computer, offline.",
        epilog="Without a command, the window opens.",
        parents=[_common(None)],
    )
    top.add_argument("--version", action="version", version=f"Cellar {__version__}")
    top.add_argument(
        "--self-test",
        action="store_true",
        help="check every part of the program; prints one JSON object",
    )
    top.add_argument(
        "--open",
        nargs="*",
        type=Path,
        default=[],
        metavar="FILE",
        help="open the window with files: models, adapters, exported chats, texts to attach; where"
        " a window is open with this data folder, it takes them",
    )
    found = top.add_subparsers(dest="command", metavar="COMMAND")
    _add_ask(found.add_parser("ask", help="one answer", parents=[common]))
    _add_render(found.add_parser("render", help="print the exact prompt text", parents=[common]))
    _add_models(found.add_parser("models", help="the installed models", parents=[common]))
    _add_chats(found.add_parser("chats", help="the conversations", parents=[common]))
    devices = found.add_parser("devices", help="what can run a model here", parents=[common])
    devices.add_argument("--json", action="store_true", help="print one JSON document")
    _add_bench(found.add_parser("bench", help="how fast a model is here", parents=[common]))
    return top


def sampling_of(arguments: argparse.Namespace) -> Values:
    """The sampling values that were given. Raises UsageProblem for one out of range."""
    given = {p.name: getattr(arguments, p.name) for p in PARAMETERS}
    return checked_values({name: value for name, value in given.items() if value is not None})


def _folder(name: str) -> Path:
    if not name.strip():  # as where a script's variable is not set: not the folder it runs in
        raise argparse.ArgumentTypeError("give the name of a folder")
    return Path(name)


def _common(default: object) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False, argument_default=default)
    options.add_argument(
        "--data-dir",
        type=_folder,
        metavar="DIR",
        help="everything that Cellar writes is below it (default: the user data directory)",
    )
    options.add_argument(
        "--offline",
        action="store_true",
        default=default or False,
        help="refuse every network access",
    )
    options.add_argument(
        "--log-level", choices=LOG_LEVELS, help="how much the log tells (default: info)"
    )
    options.add_argument("--engine", choices=("openvino", "fake"), help=argparse.SUPPRESS)
    return options


def _add_ask(command: argparse.ArgumentParser) -> None:
    command.add_argument("text", nargs="?", metavar="TEXT", help="the question; -: standard input")
    command.add_argument("--model", default="", metavar="ID", help="an installed model")
    command.add_argument("--device", default="", help="CPU, GPU, NPU or AUTO")
    command.add_argument("--system", default="", metavar="S", help="how the model should behave")
    command.add_argument(
        "--messages", metavar="FILE", help='a JSON list of {"role", "content"}; -: standard input'
    )
    command.add_argument(
        "--preset", default="", metavar="ID", help="a system prompt, values and layout by a name"
    )
    command.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a line of the preset's form, such as “summary=…”; may be given again",
    )
    command.add_argument(
        "--adapter",
        action="append",
        default=[],
        metavar="ID[:STRENGTH]",
        help="an adapter of the model, at a strength from 0 to 2 (default: 1); may be given again",
    )
    _add_layout(command)
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    group = command.add_argument_group("sampling (the model's own values where not given)")
    for parameter in PARAMETERS:
        _add_parameter(group, parameter)


def _add_parameter(group: "argparse._ArgumentGroup", parameter: Parameter) -> None:
    several = parameter.kind is Kind.TEXTS
    group.add_argument(
        parameter.option,
        dest=parameter.name,
        action="append" if several else "store",
        metavar="TEXT" if several else "N",
        help=parameter.help.replace("%", "%%"),
    )


def _add_render(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group()
    source.add_argument("--model", metavar="ID", help="an installed model")
    source.add_argument(
        "--template", metavar="FILE", help="a Jinja file or a tokenizer_config.json"
    )
    command.add_argument(
        "--messages",
        required=True,
        metavar="FILE",
        help='a JSON list of {"role", "content"}; -: standard input',
    )
    command.add_argument(
        "--no-generation-prompt", action="store_true", help="end after the last message"
    )
    _add_layout(command)


def _add_layout(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--layout",
        default="",
        metavar="ID|FILE",
        help="a prompt layout in place of the model's own, such as chatml",
    )


def _add_bench(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", default="", metavar="ID", help="an installed model")
    command.add_argument("--device", default="", help="CPU, GPU or NPU (default: each there is)")
    command.add_argument(
        "--tune", action="store_true", help="compare OpenVINO's settings anew before"
    )
    command.add_argument("--quick", action="store_true", help="one short round; a rough figure")
    command.add_argument("--json", action="store_true", help="print one JSON document")


def _add_models(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, what: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=what, parents=[_common(argparse.SUPPRESS)])

    listing = action("list", "what is installed")
    listing.add_argument("--all", action="store_true", help="the whole catalogue")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    add = action("add", "install a model")
    add.add_argument(
        "source",
        metavar="SOURCE",
        help="an id of the catalogue, hf:owner/name[@revision], a folder with IR, a .gguf file",
    )
    add.add_argument("--weights", default="", metavar="FORMAT", help="fp16, int8 or int4")
    add.add_argument("--as", dest="model_id", default="", metavar="ID", help="its name here")
    add.add_argument("--json", action="store_true", help="progress as JSON lines")
    remove = action("remove", "delete an installed model")
    remove.add_argument("model_id", metavar="ID")
    verify = action("verify", "hash the files of the installed models")
    verify.add_argument("model_id", nargs="?", default="", metavar="ID")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
    _add_adapters(action("adapters", "the LoRA adapters of the installed models"))


def _add_adapters(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="adapter_action", metavar="ACTION", required=True)

    def action(name: str, what: str, whose: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=what, parents=[_common(argparse.SUPPRESS)])
        made.add_argument("--to", dest="model", default="", metavar="MODEL", help=whose)
        return made

    only = "an installed model, in any weight format (default: the only one there is)"
    listing = action("list", "what was added", "only those of this model")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    add = action("add", "add a LoRA adapter to a model", only)
    add.add_argument(
        "source",
        metavar="SOURCE",
        help="a .safetensors file, or a folder with adapter_config.json and"
        " adapter_model.safetensors",
    )
    add.add_argument("--json", action="store_true", help="print one JSON document")
    remove = action("remove", "delete an adapter", "whose it is, where several have it")
    remove.add_argument("adapter_id", metavar="ID", help="an id, or how it begins")


def _add_chats(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, what: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=what, parents=[_common(argparse.SUPPRESS)])
        made.add_argument("--json", action="store_true", help="print one JSON document")
        return made

    action("list", "all chats, newest first")
    show = action("show", "a chat, as it is in view")
    show.add_argument("chat_id", metavar="ID", help="an id, or how it begins")
    search = action("search", "the chats and messages that hold all words of a text")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many")
    _add_export(action("export", "write chats to a file or to standard output"))
    importing = action("import", "add the chats of a file, all or none")
    importing.add_argument(
        "file",
        metavar="FILE",
        help="Cellar's own JSON, ChatGPT's conversations.json, or JSON Lines of messages or of"
        " prompts and completions; told by what is in it",
    )


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("chat_ids", nargs="*", metavar="ID", help="ids, or how they begin")
    export.add_argument("--all", action="store_true", help="every chat, archived ones too")
    export.add_argument(
        "--format",
        choices=NAMES,
        help="json has everything and can be imported again; the others have the branch in view;"
        " jsonl is training data (default: markdown)",
    )
    export.add_argument(
        "--shape",
        choices=SHAPES,
        default="",
        help="of jsonl: a chat a line, or an answer a line with all that is before it"
        " (default: messages)",
    )
    export.add_argument(
        "--preset",
        default="customer-support",
        metavar="ID",
        help="whose layout prompt-completion has for chats that have none themselves"
        " (default: customer-support)",
    )
    export.add_argument(
        "--output",
        metavar="FILE|DIR",
        help="a file, or a folder for a file each (default: standard output)",
    )
