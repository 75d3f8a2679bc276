"""Light, dark, high contrast: the palettes, read from files, and how they reach the widgets."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop.ui.metrics import Metrics, metrics, put_on
from desktop.ui.spacing import respace
from desktop.ui.stylesheet import stylesheet

BODY_SCALE = 1.2  # of the platform's font: text that is read for minutes, not glanced at
MONO_SCALE = 1.1
HEADING_SCALE = 1.25  # of the body: the title of a page

SYSTEM = "system"  # the choice that follows the desktop
TRACK_SHARE = 0.6  # of the window in the empty part of bars, where borders are strong
EDGE_SHARE = 0.66  # of muted text in the borders of fields: WCAG asks 3:1 of them


@dataclass(frozen=True, slots=True)
class Syntax:
    """The colours of program text."""

    keyword: str
    name: str
    string: str
    number: str
    comment: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One designed set of colours, each "#rrggbb"."""

    name: str
    dark: bool
    window: str
    surface: str
    raised: str
    text: str
    text_muted: str
    border: str
    accent: str
    on_accent: str
    danger: str
    warning: str
    code: str
    user_tint: str
    selection: str
    syntax: Syntax
    icons: Path  # the folder of the arrows and ticks that the style sheet points to
    strong: bool = False  # of high contrast

    @property
    def edge(self) -> str:
        """The border of what can be typed into or opened."""
        return self.border if self.strong else mixed(self.border, self.text_muted, EDGE_SHARE)

    @property
    def track(self) -> str:
        """What a bar has yet to fill: never as loud as what is filled."""
        return mixed(self.border, self.window, TRACK_SHARE) if self.strong else self.border

    @property
    def ring(self) -> int:
        """Pixels of the frame around what has the keyboard's focus."""
        return 3 if self.strong else 2


def load_themes(folder: Path) -> dict[str, Theme]:
    """Every theme of a folder, by its name. The icons are expected in `icons` beside it."""
    themes = (_load(file) for file in sorted(folder.glob("*.toml")))
    return {theme.name: theme for theme in themes}


def _load(file: Path) -> Theme:
    facts = tomllib.loads(file.read_text("utf-8"))
    colours = {token.replace("-", "_"): value for token, value in facts["colours"].items()}
    return Theme(
        name=facts["name"],
        dark=facts["dark"],
        strong=facts.get("high-contrast", False),
        syntax=Syntax(**facts["syntax"]),
        icons=file.parent.parent / "icons",
        **colours,
    )


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a share (0 to 1) of another one in it."""
    one, two = QColor(colour), QColor(other)
    pairs = (
        (one.red(), two.red()),
        (one.green(), two.green()),
        (one.blue(), two.blue()),
    )
    parts = (round(a + (b - a) * share) for a, b in pairs)
    return "#{:02x}{:02x}{:02x}".format(*parts)


def body_font() -> QFont:
    """The platform's interface font at reading size, as large as the user wants text."""
    return _scaled(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont), BODY_SCALE)


def small_font() -> QFont:
    """The platform's interface font, for labels and notes."""
    return _scaled(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont), 1)


def mono_font() -> QFont:
    """The platform's font for program text."""
    font = _scaled(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), MONO_SCALE)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _scaled(font: QFont, factor: float) -> QFont:
    factor *= metrics().scale
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * factor)
    else:
        scaled.setPixelSize(round(font.pixelSize() * factor))
    return scaled


def apply(app: QApplication, theme: Theme) -> None:
    """Dress every widget of the program, those to come as well."""
    if not app.styleSheet():  # the first time
        app.setStyle("Fusion")
    app.setFont(body_font())
    app.setPalette(palette(theme))
    app.setStyleSheet(stylesheet(_tokens(theme)))
    respace(app)


def palette(theme: Theme) -> QPalette:
    """The tokens in the roles that Qt knows."""
    role = QPalette.ColorRole
    roles = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.PlaceholderText: theme.text_muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.surface,
        role.Mid: theme.border,
        role.Dark: mixed(theme.border, theme.text, 0.2),
    }
    made = QPalette()
    for name, colour in roles.items():
        made.setColor(name, QColor(colour))
    faint = QColor(mixed(theme.text_muted, theme.window, 0.4))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return made


class _Tokens(dict[str, str]):
    """Those of a theme by name; a letter with a number is a size in pixels."""

    def __missing__(self, token: str) -> str:
        kind, pixels = token[0], int(token[1:])
        worn = metrics()
        if kind == "s":
            return str(worn.side(pixels))
        taken = {"p": int(self["ring"]) - 1, "q": int(self["twice"]) - 1}
        return str(worn.gap(pixels) - taken.get(kind, 0))


def _tokens(theme: Theme) -> _Tokens:
    """Everything that the style sheet names: the colours and what follows from them."""
    tokens = {
        "window": theme.window,
        "surface": theme.surface,
        "raised": theme.raised,
        "text": theme.text,
        "muted": theme.text_muted,
        "border": theme.border,
        "accent": theme.accent,
        "on_accent": theme.on_accent,
        "danger": theme.danger,
        "warning": theme.warning,
        "selection": theme.selection,
        "hover": _veil(theme.text, 0.12 if theme.strong else 0.06),
        "pressed": _veil(theme.text, 0.2 if theme.strong else 0.12),
        "edge": theme.edge,
        "ring": str(theme.ring),
        "hair": str(theme.ring - 1),
        "twice": str(2 * theme.ring),
        **_rounds(theme.ring),
        "track": theme.track,
        "faint": mixed(theme.text_muted, theme.window, 0.4),
        "accent_hover": mixed(theme.accent, theme.text, 0.15),
        "accent_pressed": mixed(theme.accent, theme.text, 0.3),
        "handle": mixed(theme.border, theme.text_muted, 0.3),
        "handle_hover": mixed(theme.border, theme.text_muted, 0.75),
        "small": _size(small_font()),
        "mono_family": mono_font().family(),
        "mono_size": _size(mono_font()),
        "large": _size(_scaled(body_font(), HEADING_SCALE / metrics().scale)),
        "icons": theme.icons.as_posix().replace('"', '\\"'),
        "shade": "dark" if theme.dark else "light",
    }
    return _Tokens(tokens)


def _size(font: QFont) -> str:
    """How style sheets write it."""
    points = font.pointSizeF()
    return f"{points}pt" if points > 0 else f"{font.pixelSize()}px"


def _rounds(ring: int) -> dict[str, str]:
    """Round things are as wide as they are high, with their borders."""
    side = metrics().side
    knob = side(12) + 2 * ring
    return {
        "knob": str((knob - side(4)) // 2),
        "knob_radius": str(knob // 2),
        "dot": str((side(16) + 2 - side(8)) // 2),
    }


def _veil(colour: str, alpha: float) -> str:
    """A colour that lets what is under it through, as style sheets write it."""
    made = QColor(colour)
    return f"rgba({made.red()}, {made.green()}, {made.blue()}, {round(alpha * 255)})"


class ThemeWatcher(QObject):
    """How the window looks: the theme chosen, or with "system" that of the desktop; the sizes."""

    theme_changed = Signal(object)  # a Theme; sent as well when only sizes have changed

    def __init__(
        self,
        app: QApplication,
        themes: dict[str, Theme],
        choice: str = SYSTEM,
        worn: Metrics | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._hints = app.styleHints()
        self._themes = themes
        self._choice = choice
        put_on(app, worn or Metrics())
        self._worn = (self.theme, self.metrics)
        self._hints.colorSchemeChanged.connect(self._look_again)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._look_again)

    @property
    def theme(self) -> Theme:
        """The theme that the choice comes to now. An unknown choice follows the system."""
        if self._choice in self._themes:
            return self._themes[self._choice]
        shade = "dark" if self._hints.colorScheme() is Qt.ColorScheme.Dark else "light"
        wish = self._hints.accessibility().contrastPreference()
        strong = wish is Qt.ContrastPreference.HighContrast
        return self._themes[f"{shade}-contrast" if strong else shade]

    @property
    def metrics(self) -> Metrics:
        """The sizes that are in use."""
        return metrics()

    def choose(self, choice: str) -> None:
        """Take the theme of this name, or "system", from now on."""
        self._choice = choice
        self._look_again()

    def choose_metrics(self, wanted: Metrics) -> None:
        """Take these sizes from now on."""
        put_on(self._app, wanted)
        self._look_again()

    @Slot()
    def _look_again(self) -> None:
        if (self.theme, self.metrics) != self._worn:
            self._worn = (self.theme, self.metrics)
            self.theme_changed.emit(self.theme)
