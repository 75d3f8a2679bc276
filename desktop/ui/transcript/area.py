"""A scene in a scroll area: painting, scrolling, following the end."""

import math

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QToolButton,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.motion import moves
from desktop.ui.spacing import fix
from desktop.ui.transcript.changing import way_at
from desktop.ui.transcript.glide import Glide
from desktop.ui.transcript.painting import ScenePainter
from desktop.ui.transcript.passage import WholeBar
from desktop.ui.transcript.scene import Scene, SpotKey
from desktop.ui.transcript.target import paint_target

BLINK = 600  # milliseconds
JUMP_SIZE = 36
JUMP_MARGIN = 12


class SceneArea(QAbstractScrollArea):
    """Shows a scene, and scrolls it by wheel, keys and scroll bar."""

    place_wanted = Signal(float)  # where to go is not loaded: the message's place, as in WholeBar

    def __init__(self, scene: Scene, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._glide = Glide(self._scroll_by, self)
        self._arranging = False
        self._caret_shown = True
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK)
        self._blink.timeout.connect(self._blink_caret)
        self._rest = QTimer(self, singleShot=True, interval=0)  # of what is in view to lay out
        self._rest.timeout.connect(self._go_on)
        self._jump = self._new_jump_button()
        self._bar = WholeBar(scene, self.verticalScrollBar())
        self.verticalScrollBar().sliderReleased.connect(self._arrange)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, so that the column does not move when it is needed; unseen while it is not.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._balance()

    def _balance(self) -> None:
        """As much room before the text as the scroll bar takes after it."""
        width = self.verticalScrollBar().sizeHint().width()
        mirrored = self.isRightToLeft()
        self.setViewportMargins(0 if mirrored else width, 0, width if mirrored else 0, 0)

    @property
    def scene(self) -> Scene:
        """What is on screen."""
        return self._scene

    def press(self, key: SpotKey | None) -> bool:
        """Do what a click on a spot does; False when it is not in view."""
        return False

    @property
    def follows_end(self) -> bool:
        """True while the view stays at the end of what is written."""
        return self._scene.follows_end

    def scroll_to_end(self) -> None:
        """Go to the end and stay there."""
        self._glide.stop()
        if self._scene.later:
            self.place_wanted.emit(math.inf)
            return
        self._scene.follows_end = True
        self._arrange()

    def _new_jump_button(self) -> QToolButton:
        button = QToolButton(self.viewport())
        button.setObjectName("jumpToLatest")
        button.setAccessibleName(tr("Jump to the latest message"))
        button.setToolTip(tr("Jump to the latest message"))
        fix(button, JUMP_SIZE, JUMP_SIZE)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(self.scroll_to_end)
        button.hide()
        return button

    def _arrange(self) -> None:
        """Lay out what is in view and bring scroll bar, button and caret in line with it."""
        scene = self._scene
        if scene.size.height() <= 0 or self._arranging:
            return
        self._arranging = True
        scene.arrange()
        self._bar.tell()
        self._arranging = False
        if scene.column.unfinished:
            self._rest.start()
        at_end = scene.end - scene.top <= scene.size.height() // 4 and not scene.later
        self._jump.setVisible(not at_end)
        self._blink_while(bool(scene.column.items) and scene.column.items[-1].entry.writing)
        self._arranged()
        self.viewport().update()

    def _go_on(self) -> None:
        """Lay out more of what is in view: the window has answered in the meantime."""
        self._scene.column.begin_turn()
        self._arrange()

    def _blink_while(self, writing: bool) -> None:
        if writing and not self._blink.isActive() and moves(self):
            self._blink.start()
        elif not writing:
            self._blink.stop()
            self._caret_shown = True

    def _blink_caret(self) -> None:
        self._caret_shown = not self._caret_shown
        self.viewport().update()

    def _scroll_by(self, pixels: int) -> bool:
        """Move, and say whether there was anywhere to go."""
        wanted = min(max(self._scene.top + pixels, 0), self._scene.end)
        if wanted == self._scene.top:
            return False
        self._scene.scroll_to(wanted)
        self._arrange()
        return True

    def _scroll_in_steps(self, pixels: float) -> None:
        self._glide.by(pixels, at_once=not moves(self))

    def _scroll_by_key(self, key: int) -> bool:
        """Scroll as a key says; False for any other key."""
        line = 2 * self._scene.style.line
        page = self._scene.size.height() - line
        match key:
            case Qt.Key.Key_Up:
                self._scroll_in_steps(-line)
            case Qt.Key.Key_Down:
                self._scroll_in_steps(line)
            case Qt.Key.Key_PageUp:
                self._scroll_in_steps(-page)
            case Qt.Key.Key_PageDown:
                self._scroll_in_steps(page)
            case Qt.Key.Key_Home if self._scene.earlier:
                self.place_wanted.emit(0.0)
            case Qt.Key.Key_Home:
                self._scroll_by(-self._scene.top)
            case Qt.Key.Key_End:
                self.scroll_to_end()
            case _:
                return False
        return True

    def _arranged(self) -> None:
        """Something else may be under the pointer now."""

    # Qt's own

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._scene.style.theme.window))
        ratio = self.devicePixelRatioF()
        ScenePainter(painter, self._scene, ratio, self._caret_shown).paint(QRectF(event.rect()))
        paint_target(painter, self._scene)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.viewport().size()
        self._scene.resize(size)
        side = self._jump.width()
        self._jump.move((size.width() - side) // 2, size.height() - side - JUMP_MARGIN)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange):
            self._balance()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The scroll bar was moved by hand."""
        if not self._arranging:
            self._glide.stop()
            wanted = self._bar.go()
            self._arrange()
            if wanted is not None:
                self.place_wanted.emit(wanted)

    def _wheel_sideways(self, event: QWheelEvent) -> bool:
        """Scroll a block sideways: by a wheel that goes there, or with Shift."""
        pixels, notches = event.pixelDelta(), event.angleDelta()
        away = pixels.x() or notches.x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            away = away or pixels.y() or notches.y()
        if not away or (abs(away) < abs(notches.y()) and not event.modifiers()):
            return False
        way = way_at(self._scene, event.position())
        if way is None:
            return False
        way.scroll(-away)
        self.viewport().update()
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._wheel_sideways(event):
            event.accept()
            return
        if event.pixelDelta().y():
            self._glide.stop()
            self._scroll_by(-event.pixelDelta().y())
        else:
            lines = QApplication.wheelScrollLines()
            self._scroll_in_steps(-event.angleDelta().y() / 120 * lines * self._scene.style.line)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._scroll_by_key(event.key()):
            super().keyPressEvent(event)
