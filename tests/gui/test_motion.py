"""Reduced motion: the effects of the desktop are let go of, and taken up again."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui import motion

GENERAL, EFFECT = Qt.UIEffect.UI_General, Qt.UIEffect.UI_AnimateMenu


@pytest.fixture
def lively(qapp: QApplication) -> Iterator[QApplication]:
    """A desktop that wants menus to move."""
    kept = qapp.property(motion.DESKTOP)
    qapp.setProperty(motion.DESKTOP, None)
    before = qapp.isEffectEnabled(GENERAL)
    for effect in (GENERAL, EFFECT):
        qapp.setEffectEnabled(effect, True)
    yield qapp
    motion.choose("system")
    qapp.setEffectEnabled(EFFECT, False)
    qapp.setEffectEnabled(GENERAL, before)
    qapp.setProperty(motion.DESKTOP, kept)


def test_what_the_desktop_wants_comes_back(lively: QApplication) -> None:
    motion.choose("on")
    assert not lively.isEffectEnabled(EFFECT)
    assert not motion.moves(QWidget())
    motion.choose("off")
    assert lively.isEffectEnabled(EFFECT)
    assert motion.moves(QWidget())
