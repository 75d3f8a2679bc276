"""What the window is made of, tried without opening it."""

from collections.abc import Iterator
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QLibraryInfo, qVersion
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from desktop.domain.checks import Checked, Wrong, checked
from desktop.domain.conversation import Role, State
from desktop.domain.words import ENGLISH, LANGUAGES
from desktop.languages import read_catalogue
from desktop.ui import theme as themes
from desktop.ui.icons import IconSet
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.view import TranscriptView

MARKDOWN = (
    "# A heading\n\nSome **strong** text, `code` and 酒.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
)
SIZE = (480, 320)
LEAST_COLOURS = 8  # with those of smooth edges, any picture with text in it has more


def check_window(resources: Path) -> tuple[tuple[Checked, ...], dict[str, str]]:
    """The checks and the versions; makes the application object if there is none."""
    app = QApplication.instance() or QApplication(["cellar"])
    versions = {"PySide6": pyside_version, "Qt": qVersion()}
    results = tuple(_results(resources))
    app.processEvents()
    return results, versions


def _results(resources: Path) -> Iterator[Checked]:
    yield checked("qt", lambda: f"Qt {qVersion()} on “{QGuiApplication.platformName()}”")
    yield checked("themes", lambda: ", ".join(_themes(resources)))
    yield checked("icons", lambda: _icons(resources))
    yield checked("markdown", lambda: _markdown(resources))
    yield checked("translations", lambda: _translations(resources / "i18n"))


def _themes(resources: Path) -> dict[str, themes.Theme]:
    found = themes.load_themes(resources / "themes")
    if {theme.dark for theme in found.values()} != {False, True}:
        raise Wrong(f"a light and a dark theme are expected, and there are: {', '.join(found)}")
    return found


def _icon_set(resources: Path) -> tuple[IconSet, themes.Theme]:
    theme = next(iter(_themes(resources).values()))
    return IconSet(resources / "icons", theme), theme


def _icons(resources: Path) -> str:
    icons, theme = _icon_set(resources)
    names = sorted(path.stem for path in (resources / "icons").glob("*.svg"))
    for name in names:
        if not _is_painted(icons.pixmap(name, 32, theme.text).toImage()):
            raise Wrong(f"{name}.svg comes out empty")
    if not names:
        raise Wrong("there are no icons")
    return f"{len(names)} icons painted from SVG"


def _is_painted(image: QImage) -> bool:
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(x, y).alpha() > 0 for x, y in points)


def _markdown(resources: Path) -> str:
    icons, theme = _icon_set(resources)
    view = TranscriptView(theme, icons)
    view.resize(*SIZE)
    view.set_entries([Entry("answer", Role.ASSISTANT, MARKDOWN, State.STOP)])
    image = view.grab().toImage()
    view.deleteLater()
    shades = {image.pixel(x, y) for x in range(0, SIZE[0], 2) for y in range(0, SIZE[1], 2)}
    if len(shades) < LEAST_COLOURS:
        raise Wrong(f"the answer has {len(shades)} colours: it was not painted")
    return f"an answer of {SIZE[0]} × {SIZE[1]} pixels"


def _translations(folder: Path) -> str:
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    others = [code for code in LANGUAGES if code != ENGLISH]
    for code in others:
        if not read_catalogue(folder, code).info():
            raise Wrong(f"the texts in {code} are missing")
        if not any((qt / f"qtbase_{tag}.qm").is_file() for tag in (code, code.partition("_")[0])):
            raise Wrong(f"Qt's own texts in {code} are missing")
    return ", ".join(LANGUAGES)
