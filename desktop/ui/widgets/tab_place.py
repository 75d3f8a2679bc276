"""A place in the order of the Tab key for what comes and goes inside a widget."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class TabPlace(QWidget):
    """Stands for its parent in `setTabOrder`, which heeds nothing that takes no focus.

    Asking the chain itself for the one before (`previousInFocusChain`) would hang that widget's
    Python half on the wrong parent, and lose it with it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
