"""What the processes that make and fetch models check of themselves."""

import contextlib
import importlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from desktop.domain.checks import Checked, Wrong, checked
from desktop.domain.events import PartsChecked
from desktop.models.conversion import conversion_available, missing_packages

CONVERSION = ("torch", "transformers", "optimum.intel", "optimum.exporters.openvino")
LEAST_AUTHORITIES = 50


def check_convert(folder: Path) -> PartsChecked:
    """The libraries of compression, and those of conversion where this Cellar has them.

    What they write when they are imported goes to `folder`.
    """
    tempfile.tempdir = str(folder)
    versions: dict[str, str] = {}
    results = [
        checked("nncf", _compression),
        checked("convert_telemetry", _no_telemetry),
        checked("conversion", _conversion),
    ]
    for name in ("nncf", "torch", "transformers"):
        with contextlib.suppress(ImportError):
            if name in sys.modules:
                versions[name] = str(importlib.import_module(name).__version__)
    return PartsChecked(tuple(results), versions)


def _compression() -> str:
    nncf = importlib.import_module("nncf")
    if not callable(nncf.compress_weights):
        raise Wrong("nncf has no compress_weights")
    return f"nncf {nncf.__version__}"


def _conversion() -> str:
    """Import what a conversion imports; a light bundle has none of it, and says so."""
    if not conversion_available():
        return f"not in this Cellar: {', '.join(missing_packages())}"
    for name in CONVERSION:
        importlib.import_module(name)
    return f"torch {sys.modules['torch'].__version__}"


def _no_telemetry() -> str:
    from desktop.engine.self_check import no_telemetry

    return no_telemetry()


def check_fetch(_: Path) -> PartsChecked:
    """That a download could be made: the library, and certificates to trust."""
    return PartsChecked(tuple(_of_fetch()), {})


def _of_fetch() -> Iterator[Checked]:
    yield checked("certificates", _certificates)
    yield checked("hub_client", lambda: f"huggingface_hub {_version('huggingface_hub')}")


def _certificates() -> str:
    from desktop.models.jobs.fetch.connection import trusted

    authorities = len(trusted().get_ca_certs())
    if authorities < LEAST_AUTHORITIES:
        raise Wrong(f"only {authorities} authorities are trusted")
    return f"{authorities} authorities are trusted"


def _version(module: str) -> str:
    return str(importlib.import_module(module).__version__)
