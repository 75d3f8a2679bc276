"""Whether things may move by themselves: as the user chose, else as the desktop says."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyle, QWidget

REDUCED = "motionReduced"  # a property of the application: "system", "on" or "off"
DESKTOP = "motionOfDesktop"  # likewise: which effects the desktop wants
_EFFECTS = (
    Qt.UIEffect.UI_General,
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)


def choose(reduced: str) -> None:
    """Take the setting `reduce_motion`."""
    app = QApplication.instance()
    if app is None:
        return
    if app.property(DESKTOP) is None:
        app.setProperty(DESKTOP, [QApplication.isEffectEnabled(effect) for effect in _EFFECTS])
    app.setProperty(REDUCED, reduced)
    for effect, wanted in zip(_EFFECTS, app.property(DESKTOP), strict=True):
        QApplication.setEffectEnabled(effect, wanted and reduced != "on")


def moves(widget: QWidget) -> bool:
    """True where a widget may glide, fade and blink."""
    app = QApplication.instance()
    reduced = app.property(REDUCED) if app else None
    if reduced in ("on", "off"):
        return bool(reduced == "off")
    return bool(widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animate, None, widget))
