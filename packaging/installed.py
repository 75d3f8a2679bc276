"""The distributions of the environment in which this runs."""

import importlib.metadata
import re

# What builds is not part of what is built.
TOOLS = ("pip", "setuptools", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "cellar")


def canonical(name: str) -> str:
    """The name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions(without_modules: "list[str]") -> "list[str]":
    """Names of all distributions but tools, and those all of whose modules are left out."""
    by_module = importlib.metadata.packages_distributions()
    modules: dict[str, set[str]] = {}
    for module, names in by_module.items():
        for name in names:
            modules.setdefault(canonical(name), set()).add(module)
    left_out = {
        name
        for name, tops in modules.items()
        if {top for top in tops if not top.startswith("_")} <= set(without_modules)
    }
    found = {canonical(entry.metadata["Name"]) for entry in importlib.metadata.distributions()}
    return sorted(found - left_out - set(TOOLS))
