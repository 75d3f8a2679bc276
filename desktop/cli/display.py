"""Whether a window can be opened here, before Qt ends the process over it."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

from desktop.domain.errors import Problem

X11_PLUGIN = Path("Qt", "plugins", "platforms", "libqxcb.so")
DEBIAN_PACKAGES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4"
    " libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0"
)


def need_display() -> None:
    """Raises Problem where there is no display, or a library is missing that it takes."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise Problem(
            "There is no display to open a window on.",
            'In a terminal, use: cellar ask "…" (or python -m desktop ask "…").',
        )
    _need_x11_libraries()


def _need_x11_libraries() -> None:
    """Load Qt's plugin for X11 as Qt will: where that fails, Qt would abort the process."""
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return
    plugin = Path(package.origin).parent / X11_PLUGIN
    if not plugin.is_file():
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise qt_problem(error) from error


def qt_problem(error: ImportError | OSError) -> Problem:
    """What to say when Qt cannot be loaded. The linker's message begins with the library."""
    library = str(error).partition(":")[0]
    if library.startswith("lib") and ".so" in library:
        return Problem(
            f"Qt needs the system library {library}.",
            f"On Debian or Ubuntu: sudo apt install {DEBIAN_PACKAGES}",
        )
    return Problem(f"Qt could not be loaded: {error}.", "Install Cellar again.")
