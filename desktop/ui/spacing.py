"""Sizes of widgets and layouts that follow the text's size and the density.

Each is noted on its object in pixels at 100 % and comfortable, and set as it is now; `respace`
sets all of them again.
"""

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QLayout,
    QSizePolicy,
    QWidget,
)

from desktop.ui.direction import is_mirrored
from desktop.ui.metrics import Metrics, metrics

_GAP, _INSET, _GAPS, _INDENT = "cellarGap", "cellarInset", "cellarGaps", "cellarIndent"
_ICON, _FIXED, _LEAST, _MOST = "cellarIcon", "cellarFixed", "cellarLeast", "cellarMost"


def space(layout: QLayout, gap: int) -> None:
    """The room between a layout's items."""
    layout.setProperty(_GAP, gap)
    layout.setSpacing(metrics().gap(gap))


def inset(target: QLayout | QWidget, left: int, top: int, right: int, bottom: int) -> None:
    """The room around what is in a layout or a widget, in a window that is read from the left."""
    target.setProperty(_INSET, [left, top, right, bottom])
    gap = metrics().gap
    first, last = (right, left) if is_mirrored() else (left, right)
    target.setContentsMargins(gap(first), gap(top), gap(last), gap(bottom))


def indent(target: QLayout | QWidget, left: int) -> None:
    """Room at the beginning of lines, as wide as what stands there in other lines."""
    target.setProperty(_INDENT, left)
    room = metrics().side(left)
    mirrored = is_mirrored()
    target.setContentsMargins(0 if mirrored else room, 0, room if mirrored else 0, 0)


def add_gap(layout: QBoxLayout, gap: int) -> None:
    """Room between two items of a layout."""
    layout.setProperty(_GAPS, [*(layout.property(_GAPS) or []), gap])
    layout.addSpacing(metrics().gap(gap))


def size_icon(button: QAbstractButton, side: int, beside: int = 0) -> None:
    """The size of a button's icon, and of the room that is part of it."""
    button.setProperty(_ICON, [side, beside])
    grown = metrics().side
    button.setIconSize(QSize(grown(side) + grown(beside), grown(side)))


def fix(widget: QWidget, width: int = 0, height: int = 0) -> None:
    """A fixed width, height or both; 0 leaves it free."""
    widget.setProperty(_FIXED, [width, height])
    side = metrics().side
    if width:
        widget.setFixedWidth(side(width))
    if height:
        widget.setFixedHeight(side(height))


def at_least(widget: QWidget, width: int = 0, height: int = 0) -> None:
    """A smallest width, height or both; 0 leaves it free."""
    widget.setProperty(_LEAST, [width, height])
    side = metrics().side
    if width:
        widget.setMinimumWidth(side(width))
    if height:
        widget.setMinimumHeight(side(height))


def at_most(widget: QWidget, width: int) -> None:
    """A largest width."""
    widget.setProperty(_MOST, width)
    widget.setMaximumWidth(metrics().side(width))


def respace(app: QApplication) -> None:
    """Set everything that was noted as it is now."""
    worn = metrics()
    for top in app.topLevelWidgets():
        for each in (top, *top.findChildren(QObject)):
            if isinstance(each, QLayout):
                _respace_layout(each, worn)
            elif isinstance(each, QWidget):
                _resize_widget(each)
            else:
                continue
            if around := each.property(_INSET):
                inset(each, *(int(one) for one in around))
            elif left := each.property(_INDENT):
                indent(each, int(left))


def _respace_layout(layout: QLayout, worn: Metrics) -> None:
    gap = layout.property(_GAP)
    if gap is not None:
        space(layout, int(gap))
    gaps = layout.property(_GAPS)
    if not gaps or not isinstance(layout, QBoxLayout):
        return
    items = (layout.itemAt(place) for place in range(layout.count()))
    spacers = [spacer for item in items if item and (spacer := item.spacerItem())]
    fixed = [spacer for spacer in spacers if not spacer.expandingDirections()]
    upright = layout.direction() is QBoxLayout.Direction.TopToBottom
    least, exact = QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed
    for spacer, one in zip(fixed, gaps, strict=False):
        room = worn.gap(int(one))
        if upright:
            spacer.changeSize(0, room, least, exact)
        else:
            spacer.changeSize(room, 0, exact, least)
    layout.invalidate()


def _resize_widget(widget: QWidget) -> None:
    if isinstance(widget, QAbstractButton) and (sides := widget.property(_ICON)):
        size_icon(widget, *(int(one) for one in sides))
    if extent := widget.property(_FIXED):
        fix(widget, *(int(one) for one in extent))
    if extent := widget.property(_LEAST):
        at_least(widget, *(int(one) for one in extent))
    if width := widget.property(_MOST):
        at_most(widget, int(width))
