"""What the self-test looks at beside the program's parts: files, network, what was loaded."""

import logging
import sys
from pathlib import Path

import psutil

from desktop.domain.checks import Wrong

TELEMETRY = "openvino_telemetry"
HEAVY = ("openvino", "openvino_genai", "torch", "nncf", "transformers")
SENTENCE = "the self-test writes this line"

log = logging.getLogger("desktop.selftest")


def log_is_written(folder: Path) -> str:
    """That the log gets what is said to it. Raises Wrong."""
    log.info(SENTENCE)
    files = [path for path in folder.glob("*.log") if SENTENCE in path.read_text("utf-8")]
    if not files:
        raise Wrong(f"nothing was logged below {folder}")
    return files[0].name


def no_telemetry() -> str:
    """That the module which reports the use of OpenVINO is shut out, and of a bundle no part.

    Raises Wrong.
    """
    kept_out = TELEMETRY in sys.modules and sys.modules[TELEMETRY] is None
    found = any(finder.find_spec(TELEMETRY, None) for finder in sys.meta_path)
    if found and getattr(sys, "frozen", False):
        raise Wrong(f"{TELEMETRY} is in the bundle")
    if not kept_out:
        raise Wrong(f"{TELEMETRY} is not shut out")
    return "shut out" if found else "not there"


def licences(resources: Path) -> str:
    """That the licences are where the window looks for them. Raises Wrong."""
    folder = resources / "licences"
    count = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0
    if count:
        return f"{count} files"
    if getattr(sys, "frozen", False):
        raise Wrong("there are no licences")
    return "made by the build of a bundle"


def no_network() -> str:
    """That this process and its children have no connection and listen nowhere. Raises Wrong."""
    here = psutil.Process()
    sockets = []
    for process in (here, *here.children(recursive=True)):
        sockets += process.net_connections(kind="inet")
    if sockets:
        raise Wrong(f"{len(sockets)} sockets are open: {sockets[0].laddr} to {sockets[0].raddr}")
    return "no connection, no listening port"


def window_process() -> str:
    """That no library of the children was loaded here: a crash of one would take the window along.

    Raises Wrong.
    """
    loaded = [name for name in HEAVY if sys.modules.get(name) is not None]
    if loaded:
        raise Wrong(f"{', '.join(loaded)} were loaded")
    return "OpenVINO was not loaded here"
