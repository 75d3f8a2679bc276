"""What Cellar is, what it is made of, and under which licences."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

import desktop
from desktop.services.house.notices import Licence
from desktop.ui.dialogs.licence_view import LicenceView
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import LinkButton, button, line_of, text_label
from desktop.ui.spacing import inset, space
from desktop.ui.theme import Theme
from desktop.ui.transcript.links import safe_link

SIZE = (640, 560)
ICON = 48
LINKS = ("https://www.qt.io/licensing/open-source-lgpl-obligations", "https://docs.openvino.ai")


class AboutDialog(QDialog):
    """Closes with Escape. Facts and licences come from a thread that reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle(tr("About Cellar"))
        self.resize(*SIZE)
        self._facts: tuple[str, ...] = ()
        self._devices: tuple[str, ...] = ()
        self._icon = QLabel()
        self._info = text_label()
        self._info.setObjectName("systemFacts")
        self._info.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.licences = LicenceView()
        self.pages = QStackedWidget()
        self.pages.addWidget(_scrolled(self._about()))
        self.pages.addWidget(self.licences)
        rows = QVBoxLayout(self)
        inset(rows, 24, 20, 24, 20)
        space(rows, 16)
        rows.addWidget(self._head())
        rows.addWidget(self._tabs())
        rows.addWidget(self.pages, 1)

    def show_facts(self, lines: Sequence[str]) -> None:
        """Show versions and the system."""
        self._facts = tuple(lines)
        self._tell()

    def show_devices(self, lines: Sequence[str]) -> None:
        """Show what can run a model here."""
        self._devices = tuple(lines)
        self._tell()

    def show_licences(self, licences: Sequence[Licence]) -> None:
        """Show the licences."""
        self.licences.show_licences(licences)

    def facts(self) -> str:
        """What can be copied for a person who helps; nothing of the user is in it."""
        return "\n".join((*self._facts, *self._devices))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._icon.setPixmap(icons.app_icon().pixmap(ICON, ICON))

    def _tell(self) -> None:
        self._info.setText(self.facts())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.facts())

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 16)
        texts = QWidget()
        lines = QVBoxLayout(texts)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(text_label("Cellar", "title"))
        lines.addWidget(text_label(tr("Version {number}", number=desktop.__version__), "muted"))
        row.addWidget(self._icon)
        row.addWidget(texts, 1)
        return head

    def _tabs(self) -> QWidget:
        group = QButtonGroup(self)
        tabs = []
        for place, (name, words) in enumerate(
            (("aboutTab", tr("About")), ("licencesTab", tr("Licences")))
        ):
            tab = button(words, "quiet")
            tab.setObjectName(name)
            tab.setCheckable(True)
            tab.setChecked(place == 0)
            tab.setAutoDefault(False)
            group.addButton(tab, place)
            tabs.append(tab)
        group.idClicked.connect(self.pages.setCurrentIndex)
        return line_of(*tabs)

    def _about(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        inset(rows, 0, 0, 12, 0)
        space(rows, 12)
        rows.addWidget(
            text_label(
                tr("A language model on your own computer. What you write stays here, offline.")
            )
        )
        rows.addWidget(
            text_label(
                tr(
                    "Cellar uses Qt and PySide6 under the GNU LGPL, version 3. Their libraries"
                    " are separate files beside the program, and you may replace them by your own"
                    " build: Qt.txt, among the licences, tells where they are and how. Answers are"
                    " computed with OpenVINO."
                ),
            )
        )
        for address in LINKS:
            link = LinkButton(address, address)
            link.link_activated.connect(_open)
            rows.addWidget(link)
        copy = button(tr("Copy these facts"))
        copy.setObjectName("copyFacts")
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy)
        rows.addSpacing(4)
        rows.addWidget(text_label(tr("This program and system"), "title"))
        rows.addWidget(self._info)
        rows.addWidget(line_of(copy))
        rows.addStretch(1)
        return page


def _scrolled(page: QWidget) -> QScrollArea:
    scroller = QScrollArea()
    scroller.setAccessibleName(tr("About Cellar"))
    scroller.setProperty("kind", "reader")
    scroller.setWidgetResizable(True)
    scroller.setFrameShape(QFrame.Shape.NoFrame)
    scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroller.setWidget(page)
    return scroller


def _open(address: str) -> None:
    url = safe_link(address)
    if url is not None:
        QDesktopServices.openUrl(url)
