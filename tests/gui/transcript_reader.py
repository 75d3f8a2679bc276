"""A transcript on screen and a person before it, for the tests."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from desktop.domain.conversation import Role, State
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.view import TranscriptView
from tests.effort import effort

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
NEAR_START = QPoint(2, 12)  # of a text, on its first line
LEFT = Qt.MouseButton.LeftButton
ANSWER = """# Title

Some **strong** words and `code`, then [a link](https://example.org/x).

```python
def f() -> int:
    return 1
```

- one
- two

| a | b |
|---|---|
| 1 | 2 |

"""


def user(entry_id: str, text: str = "A question?") -> Entry:
    return Entry(entry_id, Role.USER, text)


def answer(entry_id: str, text: str = ANSWER, state: State = State.STOP, **more: object) -> Entry:
    return Entry(entry_id, Role.ASSISTANT, text, state, **more)  # type: ignore[arg-type]


def talk(turns: int) -> list[Entry]:
    return [
        entry
        for i in range(turns)
        for entry in (user(f"u{i}"), answer(f"a{i}", ANSWER * (1 + i % 3)))
    ]


class Reader:
    """A view on screen, with what a person does to it."""

    def __init__(self, view: TranscriptView) -> None:
        self.view = view
        self.screen = view.viewport()
        self.bar = view.verticalScrollBar()
        jump = view.findChild(QToolButton, "jumpToLatest")
        assert jump
        self.jump = jump
        self.links: list[str] = []
        self.actions: list[tuple[str, str]] = []
        view.link_activated.connect(self.links.append)
        view.action_triggered.connect(lambda *what: self.actions.append(what))

    def at_end(self) -> bool:
        return self.bar.value() == self.bar.maximum()

    def picture(self) -> QImage:
        self.jump.hide()
        return self.screen.grab().toImage()

    def spot(self, kind: SpotKind, nth: int = 0) -> QPoint:
        found = [placed for placed in self.view._scene.spots() if placed.key.kind is kind]
        return found[nth].spot.rect.center().toPoint()

    def text_place(self, entry: str, piece: int = 0, offset: QPoint = NEAR_START) -> QPoint:
        scene = self.view._scene
        top = scene.column.piece_top(scene.index(entry), piece) - scene.top
        return QPoint(scene.left, round(top)) + offset

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.mouseClick(self.screen, LEFT, modifiers, place)

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.screen, LEFT, pos=start)
        self.drag_on(end)
        QTest.mouseRelease(self.screen, LEFT, pos=end)

    def drag_on(self, to: QPoint) -> None:
        place = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, self.screen.mapToGlobal(place), LEFT, LEFT, PLAIN
        )
        QApplication.sendEvent(self.screen, event)

    def wheel(self, pixels: int = 0, notches: int = 0) -> None:
        event = QWheelEvent(
            QPointF(300, 200),
            QPointF(300, 200),
            QPoint(0, pixels),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            PLAIN,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.screen, event)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def within(seconds: float, work: Callable[[], object]) -> None:
    """Do it and show it in so many seconds of processor time."""

    def shown() -> None:
        work()
        QApplication.processEvents()

    assert effort(shown) < seconds
