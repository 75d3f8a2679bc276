"""What the engine process checks of itself: OpenVINO, its plugins and its tokenizers."""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import openvino

from desktop.domain.checks import Checked, Wrong, checked
from desktop.domain.events import PartsChecked
from desktop.engine import limits

SECRET = ("TOKEN", "PASSWORD", "SECRET")  # in the name of a variable that no child has
HARMLESS = ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "TOKENIZERS_PARALLELISM")


def check_engine(folder: Path) -> PartsChecked:
    """Everything that is opened only when it is needed; what has to be written goes to `folder`."""
    results = tuple(_results(folder))
    names = ("openvino", "openvino_genai", "openvino_tokenizers")
    return PartsChecked(results, {name: version_of(name) for name in names})


def _results(folder: Path) -> Iterator[Checked]:
    yield checked("ir", lambda: _ir(folder))
    yield checked("tokenizer_library", _tokenizer_library)
    yield checked("genai", lambda: version_of("openvino_genai"))
    yield checked("engine_telemetry", no_telemetry)
    yield checked("engine_limits", child_is_limited)


def version_of(module: str) -> str:
    """What a library says of itself, without the build's name: “2026.4.1”."""
    return str(importlib.import_module(module).__version__).partition("-")[0]


def _ir(folder: Path) -> str:
    """Write a network of two nodes, read it back, compile it and run it."""
    from openvino import opset13 as operators

    given = operators.parameter([3], openvino.Type.f32)
    network = openvino.Model([operators.relu(given)], [given], "two")
    path = folder / "two-nodes.xml"
    openvino.save_model(network, path, compress_to_fp16=False)
    compiled = openvino.Core().compile_model(openvino.Core().read_model(path), "CPU")
    numbers = openvino.Tensor(openvino.Type.f32, openvino.Shape([3]))
    numbers.data[:] = (-1.0, 0.0, 2.5)
    answer = [float(number) for number in compiled([numbers])[0]]
    if answer != [0.0, 0.0, 2.5]:
        raise Wrong(f"the network answered {answer}")
    return f"relu(-1, 0, 2.5) is {answer} on the CPU"


def _tokenizer_library() -> str:
    library = importlib.import_module("openvino_tokenizers")
    core = openvino.Core()
    core.add_extension(str(library._ext_path))  # the class of nodes that tokenizers are made of
    return Path(library._ext_path).name


def no_telemetry() -> str:
    """That nothing here can report its use to anyone. Raises Wrong."""
    try:
        importlib.import_module("openvino_telemetry")
    except ImportError:
        return "openvino_telemetry cannot be imported"
    raise Wrong("openvino_telemetry can be imported")


def child_is_limited() -> str:
    """That this process leaves no core dump and knows no secrets. Raises Wrong."""
    known = [
        name
        for name in os.environ
        if any(word in name.upper() for word in SECRET) and name not in HARMLESS
    ]
    if known:
        raise Wrong(f"this process knows {', '.join(known)}")
    return limits.told()
