"""The place where messages stack."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import INFO, Action, Banner
from desktop.ui.widgets.tab_place import TabPlace

MOST = 3  # older messages give way


class BannerArea(QWidget):
    """Takes no room while there is nothing to say. The same text again replaces the first."""

    action_triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dress: tuple[Theme, IconSet] | None = None
        self.setObjectName("bannerArea")
        self.setAccessibleName(tr("Messages"))
        self._tab_place = TabPlace(self)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        space(self._stack, 8)
        self.hide()

    def show_message(
        self,
        text: str,
        actions: Sequence[Action] = (),
        kind: str = INFO,
        timeout_s: float | None = None,
    ) -> Banner:
        """Add a message below the others; it removes itself."""
        stale = [banner for banner in self.banners() if banner.text() == text]
        stale += [banner for banner in self.banners() if banner not in stale][: 1 - MOST]
        for banner in stale:
            banner.dismiss()
        banner = Banner()
        banner.action_triggered.connect(self.action_triggered)
        banner.closed.connect(self._tidy)
        self._stack.addWidget(banner)
        self.show()
        if self._dress:
            banner.set_theme(*self._dress)
        banner.show_message(text, actions, kind, timeout_s)
        self._order_tabs()
        return banner

    def banners(self) -> list[Banner]:
        """The messages on show, the oldest first."""
        items = (self._stack.itemAt(place) for place in range(self._stack.count()))
        widgets = (item.widget() for item in items if item)
        return [widget for widget in widgets if isinstance(widget, Banner)]

    def clear(self) -> None:
        """Take every message away."""
        for banner in self.banners():
            banner.dismiss()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons, for messages to come as well."""
        self._dress = (theme, icons)
        for banner in self.banners():
            banner.set_theme(theme, icons)

    def _order_tabs(self) -> None:
        """Let Tab reach the messages where they stand, and not at the window's end."""
        before: QWidget = self._tab_place
        for banner in self.banners():
            before = banner.take_tab_place(before)

    def _tidy(self) -> None:
        for banner in self.banners():
            if banner.isHidden():
                self._stack.removeWidget(banner)
                banner.deleteLater()
        self.setVisible(bool(self.banners()))

    # QWidget

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 0)
