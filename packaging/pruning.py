"""What PyInstaller collects and nobody here uses, by the path inside the bundle."""

import re
from collections.abc import Callable, Iterable

# Of these languages the window has texts.
LANGUAGES = ("ar", "de", "es", "fr", "ja", "zh_CN")

# Plugins of Qt that stay, each with who needs it. Every other one is left out.
QT_PLUGINS = {
    "iconengines": "svgicon",
    "imageformats": "svg|ico|jpeg|gif|webp|macheif|icns",
    "platforminputcontexts": "(compose|ibus).*",
    "platforms": "xcb|wayland.*|offscreen|windows|cocoa|direct2d",
    "platformthemes": "xdgdesktopportal",
    "styles": ".*",
    "wayland-decoration-client": ".*",
    "wayland-shell-integration": "xdg-shell",
    "xcbglintegrations": ".*",
    "accessiblebridge": ".*",
}
LEFT_OUT = (
    # The driver's own loaders, which must be those of the computer where Cellar runs.
    r"libOpenCL\.so.*|libGLX?\.so.*|libEGL\.so.*|libGLdispatch\.so.*|libOpenGL\.so.*",
    r"libdrm.*|libgbm.*|libva.*|libvulkan.*|libze_loader.*",
    # Tests, headers and typing of libraries.
    r".*/tests?/.*",
    r".*\.(pyi|h|hpp|cmake|a|lib|pxd|pyx|c|cpp)",
    r"torch/(include|share|test)/.*|torch/bin/(?!torch_shm_manager).*",
    r"PySide6/(Qt/)?(qml|metatypes|typesystems|scripts|glue|doc)/.*",
    r"openvino/(tools/benchmark|include|cmake)/.*",
)
QT_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?q?([^/]+?)\.(?:so|dll|dylib)")
QT_TRANSLATION = re.compile(r"PySide6/(?:Qt/)?translations/([^/]+)\.qm")


def is_kept(name: str) -> bool:
    """Whether a file belongs into the bundle. `name`: its path there."""
    name = name.replace("\\", "/")
    if plugin := QT_PLUGIN.match(name):
        wanted = QT_PLUGINS.get(plugin[1])
        return wanted is not None and re.fullmatch(wanted, plugin[2]) is not None
    if translation := QT_TRANSLATION.match(name):
        return any(translation[1] == f"qtbase_{language}" for language in LANGUAGES)
    return not any(re.fullmatch(pattern, name) for pattern in LEFT_OUT)


def is_library(name: str) -> bool:
    """Whether a file is here only because another one links it, by its path in the bundle."""
    folder, _, file = name.replace("\\", "/").rpartition("/")
    if file.startswith("libpython"):  # the executable itself loads it
        return False
    shared = re.fullmatch(r"lib.*\.(so|dylib)(\..*)?", file) is not None
    return shared and (folder in ("", "PySide6/Qt/lib") or folder.endswith(".libs"))


def needed(names: Iterable[str], links_of: Callable[[str], Iterable[str]]) -> set[str]:
    """Those of the files that are used, now that some of what linked the others is gone.

    `links_of` gives the file names of the libraries that a file links.
    """
    names = list(names)
    found = [name for name in names if not is_library(name)]
    by_file: dict[str, list[str]] = {}
    for name in names:
        if is_library(name):
            by_file.setdefault(name.rpartition("/")[2], []).append(name)
    kept = set(found)
    while found:
        for file in links_of(found.pop()):
            found += by_file.pop(file, ())
        kept.update(found)
    return kept
