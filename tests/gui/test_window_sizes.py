"""From 480 pixels to ultra-wide, at every text size: nothing is cut, nothing overlaps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop.domain.words import Speech, speak
from desktop.engine.fake import Script
from desktop.languages import LANGUAGE
from desktop.ui import theme as theming
from desktop.ui.library.parts import LinkButton
from desktop.ui.main_window import MainWindow
from desktop.ui.metrics import Metrics, put_on
from desktop.ui.theme import Theme
from desktop.ui.widgets.examples import ExampleCard
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui

NARROW = 480
ANSWER = """# Title

Some `code`:

```python
def f() -> int:
    return 1
```

| a | b |
|---|---|
| 1 | 2 |
"""
ELIDED = (ExampleCard, LinkButton)  # show less where there is less room


@pytest.fixture(autouse=True)
def as_it_was(qapp: QApplication, themes: dict[str, Theme]) -> Iterator[None]:
    """Leaves language, direction and sizes as other tests expect them."""
    before = QLocale()
    yield
    speak(Speech())
    QLocale.setDefault(before)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    put_on(qapp, Metrics())
    theming.apply(qapp, themes["light"])


def dialog(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def chat(desk: Desk) -> QWidget:
    desk.say("A question that is long enough to need more than one line in a narrow window.")
    desk.until_answered()
    return desk.window


def models(desk: Desk) -> QWidget:
    window = desk.window
    window.show_models()
    table = window.models_page.catalogue
    desk.until(lambda: table.model.rowCount() > 0)
    table.table.selectRow(0)
    return window


def adding(desk: Desk) -> QWidget:
    models(desk)
    desk.window.models_page.head.add_hub.click()
    return desk.window


def devices(desk: Desk) -> QWidget:
    desk.window.show_devices()
    return desk.window


def privacy(desk: Desk) -> QWidget:
    desk.window.show_privacy()
    return desk.window


def settings(desk: Desk) -> QWidget:
    desk.window.desk.house.show_settings()
    return dialog(desk.window, "settingsDialog")


def about(desk: Desk) -> QWidget:
    desk.window.desk.house.show_about()
    return dialog(desk.window, "aboutDialog")


def layouts(desk: Desk) -> QWidget:
    window = desk.window
    desk.until(lambda: bool(window.panel.layout_row.words()))
    dialog(window, "changePromptLayout").click()  # type: ignore[attr-defined]
    desk.until(lambda: window.findChild(QWidget, "layoutDialog") is not None)
    return dialog(window, "layoutDialog")


PAGES: dict[str, Callable[[Desk], QWidget]] = {
    "first run": lambda desk: desk.window,
    "chat": chat,
    "models": models,
    "adding": adding,
    "devices": devices,
    "privacy": privacy,
    "settings": settings,
    "about": about,
    "layouts": layouts,
}


def opened(open_window: Open, width: int) -> Desk:
    desk = open_window(Script(answers=(ANSWER,), pause=0))
    desk.window.resize(width, 700)
    return desk


def visited(desk: Desk) -> dict[str, list[str]]:
    """What is amiss on each page."""
    found = {}
    for name, page in PAGES.items():
        desk.window.show_chat()
        shown = page(desk)
        if shown is not desk.window:
            shown.resize(min(desk.window.width(), shown.width()), shown.height())
        for _ in range(5):
            desk.qtbot.wait(5)
        if shown.width() > desk.window.width():
            found[name] = [told(shown, "is too wide")]
        elif wrong := amiss(shown):
            found[name] = wrong
        if shown is not desk.window:
            shown.close()
    return found


def amiss(root: QWidget) -> list[str]:
    """What is cut, covered or to be scrolled sideways."""
    widgets = [each for each in root.findChildren(QWidget) if each.isVisibleTo(root)]
    widgets = [each for each in widgets if each.window() is root]
    return [
        *(told(each, "beyond its parent") for each in widgets if not is_inside(each)),
        *(told(each, "shows less than its words") for each in widgets if is_cut(each)),
        *(told(each, "scrolls sideways") for each in widgets if scrolls_sideways(each)),
        *(told(each, "beyond the window") for each in widgets if not is_in_window(each, root)),
        *overlaps(widgets),
    ]


def told(widget: QWidget, what: str) -> str:
    text = widget.property("text") or widget.accessibleName()
    name = f"{type(widget).__name__} {widget.objectName()} “{text}”"
    return f"{name} {what}: {widget.geometry().getRect()}"


def is_inside(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if parent is None or not widget.width():
        return True
    return widget.x() >= 0 and widget.x() + widget.width() <= parent.width()


def is_in_window(widget: QWidget, root: QWidget) -> bool:
    left = widget.mapTo(root, QPoint(0, 0)).x()
    return left >= 0 and left + widget.width() <= root.width()


def is_cut(widget: QWidget) -> bool:
    if isinstance(widget, ELIDED) or type(widget).__name__.startswith("_Elided"):
        return False
    if isinstance(widget, QLabel):
        wide = not widget.wordWrap() and type(widget) is QLabel and bool(widget.text())
        return wide and widget.width() < widget.sizeHint().width()
    if isinstance(widget, QPushButton) or (isinstance(widget, QAbstractButton) and widget.text()):
        return widget.width() < widget.minimumSizeHint().width()
    return False


def scrolls_sideways(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractScrollArea):
        return False
    if isinstance(widget, QScrollArea) and widget.widget() is not None:
        return widget.widget().minimumSizeHint().width() > widget.viewport().width()
    return widget.horizontalScrollBar().maximum() > 0


def overlaps(widgets: list[QWidget]) -> list[str]:
    """Neighbours in the same layout that cover each other."""
    found = []
    for parent in {each.parentWidget() for each in widgets}:
        if parent is None or parent.layout() is None:
            continue
        items = [parent.layout().itemAt(place) for place in range(parent.layout().count())]
        shown = [w for item in items if item and (w := item.widget()) and w.isVisible()]
        for number, one in enumerate(shown):
            found += [
                told(one, f"covers {told(other, '')}")
                for other in shown[number + 1 :]
                if one.geometry().intersects(other.geometry())
                and not type(parent).__name__.startswith("QStacked")
            ]
    return found


def test_nothing_is_cut_in_480_pixels(open_window: Open) -> None:
    assert visited(opened(open_window, NARROW)) == {}


@pytest.mark.parametrize("language", ["de", "fr", "ja"])
def test_nothing_is_cut_in_other_languages(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv(LANGUAGE, language)
    assert visited(opened(open_window, NARROW)) == {}


def test_nothing_is_cut_when_read_from_the_right(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LANGUAGE, "ar")
    desk = opened(open_window, NARROW)
    assert desk.window.isRightToLeft()
    assert visited(desk) == {}


def test_nothing_is_cut_with_text_of_twice_the_size(open_window: Open) -> None:
    desk = opened(open_window, 1000)
    desk.window.settings.choose("text_size", 200)
    assert visited(desk) == {}


def test_the_text_is_limited_and_in_the_middle_of_a_wide_window(open_window: Open) -> None:
    desk = opened(open_window, 3440)
    chat(desk)
    scene = desk.window.pane.transcript._scene
    assert scene.width == scene.style.sizes.measure
    view, composer = desk.window.pane.transcript.viewport(), desk.window.pane.composer
    panel = view.mapTo(desk.window, QPoint(scene.left - scene.style.sizes.panel, 0)).x()
    assert panel == pytest.approx(composer.mapTo(desk.window, QPoint(0, 0)).x(), abs=1)


@pytest.mark.parametrize("width", [1000, 700])
def test_the_settings_of_the_chat_can_be_reached_in_a_narrow_window(
    open_window: Open, width: int
) -> None:
    desk = opened(open_window, width)
    pane, panel = desk.window.pane, desk.window.panel
    desk.until(lambda: desk.window.width() == width)
    assert not panel.isVisible()
    assert not pane.panel_button.isChecked()
    pane.panel_button.click()
    assert panel.isVisible()
    assert pane.panel_button.isChecked()
    assert panel.mapTo(desk.window, panel.rect().topRight()).x() == width - 1
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert not pane.panel_button.isChecked()
    assert desk.window.focusWidget() in (pane.composer, desk.composer)
    desk.window.resize(1280, 700)  # a wider window has it beside the chat, as before
    desk.until(panel.isVisible)
    assert pane.panel_button.isChecked()


def test_a_panel_that_is_not_wanted_is_not_there_at_the_start(
    open_window: Open, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text("show_settings_panel = false\n", "utf-8")
    desk = open_window(Script(answers=(ANSWER,), pause=0))
    assert not desk.window.panel.isVisible()
    assert not desk.window.pane.panel_button.isChecked()
