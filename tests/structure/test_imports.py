"""Who may import whom. The tables below are the dependency rule of ARCHITECTURE.md."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOUNDATION = (
    "desktop.domain",
    "desktop.files",
    "desktop.languages",
    "desktop.paths",
    "desktop.logs",
    "desktop.crashes",
)
PROTOCOL = ("desktop.engine.client", "desktop.engine.protocol")

# What the modules of a layer may import of ours. The longest name that fits a module is its layer;
# who may import a layer may not for that import a layer below it that has a line of its own.
LAYERS: dict[str, tuple[str, ...]] = {
    "desktop": (),
    "desktop.domain": ("desktop.domain",),
    "desktop.files": ("desktop.domain",),
    "desktop.languages": ("desktop.domain",),
    "desktop.paths": ("desktop.domain", "desktop.files"),
    "desktop.crashes": ("desktop", "desktop.domain", "desktop.files"),
    "desktop.logs": ("desktop.domain", "desktop.crashes"),
    "desktop.pauses": (),
    "desktop.settings": (*FOUNDATION, "desktop.settings"),
    "desktop.storage": (*FOUNDATION, "desktop.storage"),
    "desktop.exporters": (*FOUNDATION, "desktop.exporters"),
    "desktop.importers": (*FOUNDATION, "desktop.importers", "desktop.exporters.json_format"),
    "desktop.models": (*FOUNDATION, "desktop.models"),
    "desktop.models.jobs": (
        *FOUNDATION,
        "desktop",
        "desktop.engine",
        "desktop.models",
        "desktop.models.jobs",
    ),
    "desktop.engine": (*FOUNDATION, "desktop.engine"),
    "desktop.engine.fake": (*FOUNDATION, "desktop.engine", "desktop.models.library"),
    "desktop.services": (
        *FOUNDATION,
        *PROTOCOL,
        "desktop.services",
        "desktop.models",
        "desktop.storage",
        "desktop.exporters",
        "desktop.importers",
        "desktop.settings",
    ),
    "desktop.program": (
        *FOUNDATION,
        "desktop.engine.client",
        "desktop.engine.fake",
        "desktop.models",
        "desktop.services",
        "desktop.settings",
    ),
    "desktop.cli": (
        *FOUNDATION,
        *PROTOCOL,
        "desktop",
        "desktop.cli",
        "desktop.exporters",
        "desktop.models",
        "desktop.services",
        "desktop.program",
    ),
    "desktop.selftest": (
        *FOUNDATION,
        *PROTOCOL,
        "desktop",
        "desktop.cli",
        "desktop.models",
        "desktop.program",
        "desktop.selftest",
        "desktop.services",
        "desktop.storage",
        "desktop.ui",
    ),
    "desktop.cli.main": (
        *FOUNDATION,
        "desktop.cli",
        "desktop.program",
        "desktop.selftest",
        "desktop.app",
    ),
    "desktop.ui": (*FOUNDATION, "desktop", "desktop.ui", "desktop.services", "desktop.settings"),
    "desktop.worker": (
        *FOUNDATION,
        "desktop.engine.limits",
        "desktop.engine.worker",
        "desktop.engine.baseline.worker",
        "desktop.engine.prompt.template_worker",
        "desktop.models.jobs.worker",
    ),
    "desktop.__main__": ("desktop.worker", "desktop.cli.main", "desktop.engine.limits"),
    "desktop.app": ("desktop",),
}

# Libraries that only some modules may import.
OPENVINO = (
    "desktop.engine.adapters",
    "desktop.engine.pipeline",
    "desktop.engine.baseline",
    "desktop.engine.best_of",
    "desktop.engine.reading",
    "desktop.engine.stateful",
    "desktop.engine.stepper",
    "desktop.engine.tokenizer",
    "desktop.engine.devices",
    "desktop.engine.generation_config",
    "desktop.engine.self_check",
    "desktop.engine.trial",
    "desktop.engine.tuning",
)
BASELINE = "desktop.engine.baseline.optimum_intel"  # what Cellar is compared with, in a child
LIBRARIES: dict[str, tuple[str, ...]] = {
    "PySide6": ("desktop.ui", "desktop.app"),
    "shiboken6": ("desktop.ui",),
    "openvino": (*OPENVINO, "desktop.models.jobs"),
    "openvino_genai": (*OPENVINO, "desktop.models.jobs"),
    "openvino_tokenizers": (*OPENVINO, "desktop.models.jobs"),
    "torch": ("desktop.models.jobs", BASELINE),
    "transformers": ("desktop.models.jobs",),
    "optimum": ("desktop.models.jobs", BASELINE),
    "nncf": ("desktop.models.jobs",),
    "gguf": ("desktop.models.jobs",),
    "huggingface_hub": ("desktop.models.jobs",),
    "numpy": ("desktop.models.jobs",),
    "sqlite3": ("desktop.storage", "desktop.crashes"),
}


@dataclass(frozen=True)
class Import:
    """One import of one module, and where it stands."""

    module: str
    name: str
    line: int
    at_once: bool  # when the module is imported, not later inside a function

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((ROOT / "desktop").rglob("*.py"))}


def imports_of(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text("utf-8"))
    later = {
        id(inner)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else str(node.module) for name in whole]
        else:
            continue
        for name in names:
            yield Import(module, name, node.lineno, id(node) not in later)


IMPORTS = [found for module, path in MODULES.items() for found in imports_of(module, path)]
OURS = [found for found in IMPORTS if found.name.split(".")[0] == "desktop"]


def is_below(name: str, top: str) -> bool:
    return name == top or name.startswith(f"{top}.")


def allows(allowed: str, name: str, importer: str) -> bool:
    if allowed == "desktop":  # the package's own facts, such as its version
        return name == "desktop" or importer == "desktop.app"
    return is_below(name, allowed) and layer_of(name) in (layer_of(allowed), allowed)


def layer_of(module: str) -> str:
    return max((layer for layer in LAYERS if is_below(module, layer)), key=len)


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 60
    assert len(OURS) > 200


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_it_may(layer: str) -> None:
    wrong = [
        str(found)
        for found in OURS
        if layer_of(found.module) == layer
        and not any(allows(allowed, found.name, found.module) for allowed in LAYERS[layer])
    ]
    assert not wrong


def test_no_module_is_outside_of_the_layers() -> None:
    assert [module for module in MODULES if layer_of(module) == "desktop"] == ["desktop"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_only_where_it_may(library: str) -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if is_below(found.name, library)
        and not any(is_below(found.module, allowed) for allowed in LIBRARIES[library])
    ]
    assert not wrong


def test_the_domain_imports_the_standard_library_only() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if is_below(found.module, "desktop.domain")
        and found.name.split(".")[0] not in (*sys.stdlib_module_names, "desktop")
    ]
    assert not wrong


def test_the_domain_does_no_input_or_output() -> None:
    doors = {"os", "io", "sys", "subprocess", "socket", "sqlite3", "threading", "logging", "shutil"}
    wrong = [
        str(found)
        for found in IMPORTS
        if is_below(found.module, "desktop.domain") and found.name.split(".")[0] in doors
    ]
    assert not wrong


def test_the_window_is_imported_only_when_it_is_opened() -> None:
    found = [found for found in OURS if is_below(found.name, "desktop.app")]
    assert [(each.module, each.at_once) for each in found] == [("desktop.cli.main", False)]


def test_heavy_libraries_of_the_engine_wait_until_a_model_is_wanted() -> None:
    first = [found for found in OURS if found.module == "desktop.engine.worker" and found.at_once]
    names = {found.name for found in first}
    assert not names & {*OPENVINO}


def test_the_dependencies_have_no_circles() -> None:
    at_once = {(found.module, found.name) for found in OURS if found.at_once}
    known: dict[str, set[str]] = {module: set() for module in MODULES}
    for module, name in at_once:
        known[module].add(name)
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        if module not in done:
            for name in sorted(known.get(module, ())):
                visit(name, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return {name.split(".")[0] for name in ran.stdout.split()}


def test_the_window_loads_no_library_of_the_engine() -> None:
    loaded = modules_after("import desktop.app")
    assert "PySide6" in loaded
    assert not loaded & {"openvino", "openvino_genai", "torch", "transformers", "numpy", "nncf"}


def test_a_command_loads_no_window_and_no_engine() -> None:
    loaded = modules_after(
        "import desktop.cli.main, desktop.cli.ask, desktop.cli.render, desktop.program"
    )
    assert not loaded & {"PySide6", "openvino", "openvino_genai", "torch", "numpy"}


@pytest.mark.parametrize("worker", ["desktop.engine.worker", "desktop.models.jobs.worker"])
def test_a_worker_loads_no_window(worker: str) -> None:
    loaded = modules_after(f"import {worker}")
    assert not loaded & {"PySide6", "sqlite3", "openvino", "torch"}
