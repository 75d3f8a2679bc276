"""The lines that the window's process and its children exchange: one JSON object each.

Commands go to the child's standard input, events come from its standard output. Every message
is a frozen dataclass; on the wire it is its fields and, under "is", the name of its class.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from desktop.domain import events
from desktop.domain.adapters import AppliedAdapter
from desktop.domain.conversation import ContextPolicy
from desktop.domain.events import Event
from desktop.domain.layout import Layout
from desktop.domain.model import ModelFile, Recipe
from desktop.domain.sampling import Values


@dataclass(frozen=True, slots=True)
class Load:
    """Make a model ready. What was loaded before is let go."""

    folder: str
    device: str
    unverified: tuple[ModelFile, ...] = ()  # files to be hashed before they are used
    context_length: int = 0
    cache_folder: str = ""  # compiled models of GPU and NPU
    properties: dict[str, str] = field(default_factory=dict)  # OpenVINO's, as tuning chose them
    paged: bool = True  # False: the model is wrong on the paged-attention back-end
    prompt_lookup: bool = False  # guess the next tokens from the prompt, and verify them
    adapters: tuple[AppliedAdapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a request."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Generate:
    """Answer the last turn. Every sampling parameter is given; a seed of None is drawn here."""

    request_id: str
    turns: tuple[Turn, ...]
    sampling: Values
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    pin_first: bool = False
    layout: Layout | None = None  # in place of the model's own template
    continues: bool = False  # the last turn is an answer: go on where it ends


@dataclass(frozen=True, slots=True)
class Fit:
    """Ask what the model would see of these turns. The answer is Fitted, or Overfull."""

    request_id: str
    turns: tuple[Turn, ...]
    sampling: Values
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    pin_first: bool = False
    layout: Layout | None = None  # in place of the model's own template


@dataclass(frozen=True, slots=True)
class Tune:
    """Compare the settings of OpenVINO for a model on a device; Tried events, then Tuned."""

    folder: str
    device: str
    context_length: int = 0
    cache_folder: str = ""
    paged: bool = True
    budget_s: float = 10.0  # no further trial is begun when it would end later
    reading: int = 0  # new prompt tokens of the typical turn; with `writing` what "best" means
    writing: int = 0  # answer tokens of the typical turn


@dataclass(frozen=True, slots=True)
class Stop:
    """End an answer now and keep what was written. Unknown ids are ignored."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Unload:
    """Let the model go."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Ask what can run a model here."""


@dataclass(frozen=True, slots=True)
class CountTokens:
    """Count the tokens of texts with the loaded model's tokenizer."""

    request_id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Render:
    """Ask for the prompt text; `source` is a model folder or a template file."""

    request_id: str
    source: str
    turns: tuple[Turn, ...]
    generation_prompt: bool = True
    layout: Layout | None = None  # in place of the source's own template


@dataclass(frozen=True, slots=True)
class ImportGguf:
    """A job: make OpenVINO IR, tokenizer and their settings out of a GGUF file."""

    source: str
    folder: str
    sha256: str = ""
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetch:
    """A job: bring files of a repository into a folder, going on where an earlier try ended.

    The token goes to the hub's own host over https only, and is written nowhere.
    """

    repository: str  # owner/name
    folder: str
    revision: str = "main"
    patterns: tuple[str, ...] = ()  # of file names, as in fnmatch; none: all that a model needs
    endpoint: str = ""  # of a mirror; empty: the hub's own
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Inspect:
    """A job: tell what a repository of the hub holds. The answer is Inspected."""

    repository: str  # owner/name
    revision: str = "main"
    endpoint: str = ""  # of a mirror; empty: the hub's own
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class InspectLocal:
    """A job: the same of a folder or a GGUF file on this computer."""

    path: str


@dataclass(frozen=True, slots=True)
class SearchHub:
    """A job: find models of the hub by words in their names. The answer is FoundRepositories."""

    text: str
    most: int
    endpoint: str = ""  # of a mirror; empty: the hub's own
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ExportCheckpoint:
    """A job: make FP16 IR, tokenizer and their settings of a PyTorch checkpoint in safetensors."""

    source: str
    folder: str
    weights: str = "fp16"  # wanted in the end; what is to be compressed need not prove itself yet
    repository: str = ""  # where it is from: optimum-intel knows what is best for some


@dataclass(frozen=True, slots=True)
class Compress:
    """A job: make INT8 or INT4 of the FP16 IR in `source`, into `folder`."""

    source: str
    folder: str
    weights: str  # "int8" or "int4"
    context_length: int = 0  # tokens; 0: what the model's settings say
    symmetric: bool = False  # the NPU takes nothing else
    recipe: Recipe | None = None  # of INT4, where one is known for this very model


@dataclass(frozen=True, slots=True)
class AdoptIr:
    """A job: take over a folder that holds IR already, and prove that it works."""

    source: str
    folder: str
    owned: bool = False  # nobody but Cellar has the source: its files are shared, not copied


@dataclass(frozen=True, slots=True)
class OpenBare:
    """Make a model ready in a library as it is, to be compared with. The answer is BareOpened."""

    library: str  # one of the names of desktop.engine.baseline.worker
    source: str  # the model's folder, or a GGUF file
    device: str
    context_length: int = 0
    properties: dict[str, str] = field(default_factory=dict)  # OpenVINO's, where not its defaults


@dataclass(frozen=True, slots=True)
class RunBare:
    """Answer a prompt greedily in the library that was opened. The answer is Measured."""

    prompt: str  # whole, with its control tokens
    new_tokens: int  # at most


@dataclass(frozen=True, slots=True)
class CheckParts:
    """Check what this process is made of; it may write to `folder`. The answer is PartsChecked."""

    folder: str


Command = (
    Load
    | Generate
    | Fit
    | Tune
    | Stop
    | Unload
    | ListDevices
    | CountTokens
    | Render
    | ImportGguf
    | Fetch
    | Inspect
    | InspectLocal
    | SearchHub
    | ExportCheckpoint
    | Compress
    | AdoptIr
    | OpenBare
    | RunBare
    | CheckParts
)

_CLASSES: dict[str, type] = {
    cls.__name__: cls for cls in (*get_args(Command), *get_args(events.Event))
}


class ProtocolError(ValueError):
    """A line that is no message."""


def encode(message: Command | Event) -> bytes:
    """One line, its end included. Control characters and all of Unicode survive."""
    body = {"is": type(message).__name__, **_plain_fields(message)}
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> Command | Event:
    """The message of one line. Raises ProtocolError."""
    try:
        body = json.loads(line)
        cls = _CLASSES[body.pop("is")]
        message: Command | Event = _built(cls, body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"not a message: {line[:200]!r}") from error
    return message


def _plain_fields(message: Any) -> dict[str, object]:
    return {f.name: _plain(getattr(message, f.name)) for f in fields(message)}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _built(hint: Any, value: Any) -> Any:
    """`value`, as JSON gives it, in the type that `hint` names."""
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{name: _built(hints[name], item) for name, item in value.items()})
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    origin = get_origin(hint)
    if origin is tuple:
        return tuple(_built(get_args(hint)[0], item) for item in value)
    if origin in (Union, UnionType):
        return _built_choice(get_args(hint), value)
    if origin is dict:
        item_hint = get_args(hint)[1]
        return {key: _built(item_hint, item) for key, item in value.items()}
    return value


def _built_choice(hints: tuple[Any, ...], value: Any) -> Any:
    """A value of one of several types: JSON tells objects and lists from the rest."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return _built(next(hint for hint in hints if is_dataclass(hint)), value)
    for hint in hints:
        if isinstance(value, str) and isinstance(hint, type) and issubclass(hint, StrEnum):
            return hint(value)
    return value
