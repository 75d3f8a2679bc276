"""How the transcript is set: fonts, colours and measures, made from the theme once."""

from dataclasses import replace
from functools import cached_property

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
)

from desktop.ui.direction import is_mirrored
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.theme import Syntax, Theme, body_font, mono_font, small_font
from desktop.ui.transcript.markdown import Run
from desktop.ui.transcript.sizes import Sizes, sizes_of

RADIUS = 8
HEADINGS = (1.4, 1.2, 1.07, 1.0, 1.0, 1.0)  # sizes of the six levels


class Style:
    """Fonts, colours and measures of one theme on one screen."""

    def __init__(self, theme: Theme, icons: IconSet) -> None:
        self.theme = theme
        self.icons = icons
        self.sizes = sizes_of(metrics())
        self.mirrored = is_mirrored()
        self.body = body_font()
        self.small = small_font()
        self.mono = mono_font()
        self.label = QFont(self.small)
        self.label.setWeight(QFont.Weight.DemiBold)
        self.line = line_height(self.body, self.sizes)
        self.small_line = line_height(self.small, self.sizes)
        self.code_line = round(QFontInfo(self.mono).pixelSize() * 1.5)
        self.letter = QFontMetricsF(self.body).averageCharWidth()
        self.code_letter = QFontMetricsF(self.mono).averageCharWidth()
        self._formats: dict[tuple[object, ...], QTextCharFormat] = {}

    @cached_property
    def faded(self) -> "Style":
        """The same for what the model no longer sees: one muted colour."""
        muted = self.theme.text_muted
        syntax = Syntax(keyword=muted, name=muted, string=muted, number=muted, comment=muted)
        return Style(replace(self.theme, text=muted, accent=muted, syntax=syntax), self.icons)

    def placed(self, rect: QRectF, width: float) -> QRectF:
        """A place in a strip of some width, where it is when the window is read from the right."""
        if not self.mirrored:
            return rect
        return QRectF(width - rect.right(), rect.top(), rect.width(), rect.height())

    def heading(self, level: int) -> QFont:
        """The font of a heading of level 1 to 6."""
        font = QFont(self.body)
        font.setPointSizeF(self.body.pointSizeF() * HEADINGS[level - 1])
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def block_format(self, line: int) -> QTextBlockFormat:
        """Lines at least `line` pixels high: the same through fonts of many scripts."""
        made = QTextBlockFormat()
        made.setLineHeight(line, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return made

    def format(self, run: Run) -> QTextCharFormat:
        """The look of a run, over its document's own font."""
        key = (run.bold, run.italic, run.strike, run.code, bool(run.link), run.tone)
        if key not in self._formats:
            self._formats[key] = self._made_format(run)
        return self._formats[key]

    def _made_format(self, run: Run) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self.brush(self.tone(run.tone)))
        if run.code:
            made.setFontFamilies(self.mono.families())
            made.setFontFixedPitch(True)
            made.setFontPointSize(self.mono.pointSizeF())
        if run.bold:
            made.setFontWeight(QFont.Weight.DemiBold)
        made.setFontItalic(run.italic)
        made.setFontStrikeOut(run.strike)
        if run.link:
            made.setForeground(self.brush(self.theme.accent))
            made.setFontUnderline(True)
        return made

    def tone(self, name: str) -> str:
        """The colour of a tone: one of program text, "muted", "danger", or the text's own."""
        special = {"": self.theme.text, "muted": self.theme.text_muted, "danger": self.theme.danger}
        return special.get(name) or str(getattr(self.theme.syntax, name))

    def brush(self, colour: str) -> QBrush:
        """A solid brush."""
        return QBrush(QColor(colour), Qt.BrushStyle.SolidPattern)


def code_copy_rect(panel: QRectF, style: Style) -> QRectF:
    """The square of the copy icon in the title line of program text."""
    sizes = style.sizes
    side, beside = sizes.target, sizes.panel / 2
    left = panel.left() + beside if style.mirrored else panel.right() - beside - side
    return QRectF(left, panel.top() + (sizes.code_head - side) / 2, side, side)


def code_wrap_rect(panel: QRectF, style: Style) -> QRectF:
    """The square of the icon before it, which wraps lines."""
    copy = code_copy_rect(panel, style)
    return copy.translated(copy.width() if style.mirrored else -copy.width(), 0)


def line_height(font: QFont, sizes: Sizes) -> int:
    """A line of this font, in pixels."""
    return round(QFontInfo(font).pixelSize() * sizes.line)
