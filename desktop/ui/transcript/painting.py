"""The transcript as it is painted."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextCursor,
)

from desktop.ui.direction import line_flags
from desktop.ui.i18n import tr
from desktop.ui.transcript.chips import paint_chips
from desktop.ui.transcript.column import ABOVE, EDGE
from desktop.ui.transcript.document import caret_rect
from desktop.ui.transcript.figures import paint_figures
from desktop.ui.transcript.find_painting import match_looks
from desktop.ui.transcript.footing import (
    paint_chevron,
    paint_divider,
    paint_fold_mark,
    paint_line,
    paint_reading,
)
from desktop.ui.transcript.item import Item, SpotKind
from desktop.ui.transcript.markdown import Kind
from desktop.ui.transcript.marks import paint_hairlines, paint_marker, paint_quote_bars
from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.row_painting import RowPainter
from desktop.ui.transcript.scene import Scene, SpotKey
from desktop.ui.transcript.sideways_bar import paint_bar
from desktop.ui.transcript.style import RADIUS, code_copy_rect, code_wrap_rect

CARET_WIDTH = 8


class ScenePainter:
    """Paints the part of a scene that is in view."""

    def __init__(self, painter: QPainter, scene: Scene, ratio: float, caret_shown: bool) -> None:
        self._painter = painter
        self._scene = scene
        self._style = scene.style
        self._ratio = ratio
        self._caret_shown = caret_shown
        self._above = 0  # where the piece begins that is being painted

    def paint(self, area: QRectF) -> None:
        """Everything that an area of the view needs."""
        scene, column = self._scene, self._scene.column
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene.earlier:
            strip = QRectF(scene.left, EDGE - scene.top, scene.width, ABOVE)
            paint_line(self._painter, strip, scene.earlier_words, scene.style)
        for index in column.visible(scene.top + area.top(), scene.top + area.bottom()):
            self._painter.save()
            self._painter.translate(scene.left, round(column.tops[index]) - scene.top)
            self._item(index, column.items[index])
            self._painter.restore()
        self._focus_ring()

    def _item(self, index: int, item: Item) -> None:
        self._style = item.style  # what the model no longer sees is faded
        if not item.editor:
            self._message(index, item)
        if item.divider:
            paint_divider(self._painter, item)

    def _message(self, index: int, item: Item) -> None:
        if item.on_tint:
            self._fill(item.panel, self._style.theme.user_tint, RADIUS + 4)
            if self._style.theme.strong:
                self._outline(item.panel, RADIUS + 4)
        if self._scene.flashed == item.entry.id:
            self._flash(item)
        self._label(item)
        paint_chips(self._painter, item.chips, item.chips_top, self._style, self._ratio)
        self._body(index, item)
        if item.entry.reading_words:
            paint_reading(self._painter, item)
        elif item.entry.writing:
            self._caret(item)
        more = item.more
        if more:
            self._line(item.more_words, more, self._style.theme.accent, self._style.body)
        if item.has_ending:
            self._ending(item)
        if not item.on_tint:
            self._footer(item)
        RowPainter(self._painter, self._scene, item, self._ratio).paint()

    def _flash(self, item: Item) -> None:
        """A tint behind the message that was looked for, for a moment."""
        colour = QColor(self._style.theme.accent)
        colour.setAlphaF(0.14 * self._scene.flash)
        beside = self._style.sizes.panel
        place = QRectF(-beside, 4, item.width + 2 * beside, item.height - 8)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(item.panel if item.on_tint else place, RADIUS, RADIUS)

    def _fill(self, rect: QRectF, colour: str, radius: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(colour))
        self._painter.drawRoundedRect(rect, radius, radius)

    def _outline(self, rect: QRectF, radius: float) -> None:
        """A border where tints alone would be too quiet."""
        self._painter.setPen(QPen(QColor(self._style.theme.border), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _label(self, item: Item) -> None:
        theme = self._style.theme
        colour = theme.text_muted if item.on_tint else theme.accent
        rect = QRectF(0, item.label_top, item.width, self._style.small_line)
        self._line(item.entry.speaker, rect, colour, self._style.label)

    def _line(self, words: str, rect: QRectF, colour: str, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(rect, line_flags(words), words)

    def _body(self, index: int, item: Item) -> None:
        scene = self._scene
        pieces = scene.column.visible_pieces(index, scene.top, scene.top + scene.size.height())
        for number in pieces:
            blocks = item.body.pieces[number].blocks or []
            top = round(item.body_top + item.body.tops[number])
            self._above = round(scene.column.tops[index]) - scene.top + top
            self._painter.save()
            self._painter.translate(0, top)
            above = item.body.pieces[number - 1].section if number else None
            goes_on = above is not None and above.thought
            paint_quote_bars(self._painter, blocks, item.width, self._style, goes_on=goes_on)
            for nth, laid in enumerate(blocks):
                self._block(laid, (index, number, nth), item)
            self._painter.restore()

    def _block(self, laid: LaidBlock, place: tuple[int, int, int], item: Item) -> None:
        theme = self._style.theme
        if laid.panel is not None:
            key = SpotKey(item.entry.id, SpotKind.COPY_CODE, f"{place[1]}:{place[2]}")
            self._code_panel(laid, laid.panel, key)
        if laid.block.kind is Kind.RULE:
            self._fill(QRectF(0, laid.corner.y(), item.width, 1), theme.border, 0)
        if laid.block.marker:
            paint_marker(self._painter, laid, item.width, self._style)
        scrolls = laid.way is not None and laid.way.unwrapped
        if scrolls:
            pointed = self._scene.pointed
            value = f"{place[1]}:{place[2]}"
            held = pointed == SpotKey(item.entry.id, SpotKind.SIDEWAYS, value)
            paint_bar(self._painter, laid, self._style, pointed=held)
            self._painter.save()
            self._painter.setClipRect(laid.window, Qt.ClipOperation.IntersectClip)
            self._painter.translate(-laid.shift, 0)
        for rect in laid.code:
            self._fill(rect.adjusted(0, 1, 0, 0), theme.code, 4)
        if laid.fold:
            self._fold(laid.fold, item)
        context = QAbstractTextDocumentLayout.PaintContext()
        looks = match_looks(self._scene.found, item.entry.id, place[1:], laid, self._style)
        stretch = self._scene.selection.stretch(place, laid.made.characterCount() - 1)
        if stretch:
            looks.append(self._selected(laid, *stretch))
        context.selections = looks
        above = self._above + round(laid.corner.y())
        left, across = laid.shift, laid.window.width()
        if not scrolls:
            left, across = 0.0, max(laid.made.size().width(), laid.made.idealWidth())
        context.clip = QRectF(left, -above, across, self._scene.size.height())
        self._painter.save()
        self._painter.translate(laid.corner.x(), round(laid.corner.y()))
        laid.made.documentLayout().draw(self._painter, context)
        paint_hairlines(self._painter, laid, self._style)
        self._painter.restore()
        if scrolls:
            self._painter.restore()

    def _fold(self, place: QRectF, item: Item) -> None:
        """The chevron of a folded thought, and a veil under the line while it is pointed at."""
        if self._scene.pointed == SpotKey(item.entry.id, SpotKind.THOUGHT, ""):
            veil = QColor(self._style.theme.text)
            veil.setAlphaF(0.05)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(veil)
            self._painter.drawRoundedRect(place.adjusted(-8, 0, 8, 0), RADIUS, RADIUS)
        paint_chevron(self._painter, place, self._style, up=item.body.unfolded)

    def _selected(
        self, laid: LaidBlock, start: int, end: int
    ) -> QAbstractTextDocumentLayout.Selection:
        made = QAbstractTextDocumentLayout.Selection()
        if laid.block.kind is Kind.TABLE:  # without the empty lines that Qt has around it
            start, end = max(start, 1), min(end, laid.made.characterCount() - 2)
        cursor = QTextCursor(laid.made)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(QColor(self._style.theme.selection))
        made.cursor = cursor
        made.format = look
        return made

    def _code_panel(self, laid: LaidBlock, panel: QRectF, key: SpotKey) -> None:
        """The background of program text, rounded where it begins and ends, and its title line."""
        self._painter.save()
        self._painter.setClipRect(panel)
        above, below = (0 if laid.head else RADIUS), (0 if laid.foot else RADIUS)
        reach = panel.adjusted(0, -above, 0, below)
        self._fill(reach, self._style.theme.code, RADIUS)
        if self._style.theme.strong:
            self._outline(reach, RADIUS)
        self._painter.restore()
        if not laid.head:
            return
        sizes = self._style.sizes
        title = panel.adjusted(sizes.panel, 0, -sizes.panel, 0)
        title.setHeight(sizes.code_head)
        muted = self._style.theme.text_muted
        self._line(laid.block.language or tr("text"), title, muted, self._style.small)
        square = code_copy_rect(panel, self._style)
        self._icon(self._copy_icon(key), square)
        unwrapped = laid.way is not None and laid.way.unwrapped
        self._icon("wrap" if unwrapped else "unwrap", code_wrap_rect(panel, self._style))

    def _copy_icon(self, key: SpotKey) -> str:
        return "check" if self._scene.copied == key else "copy"

    def _icon(self, name: str, target: QRectF, colour: str = "") -> None:
        """An icon in the middle of a square."""
        side = self._style.sizes.icon
        place = target.center() - QPointF(side / 2, side / 2)
        pixmap = self._style.icons.pixmap(
            name, side, colour or self._style.theme.text_muted, self._ratio
        )
        self._painter.drawPixmap(QPointF(round(place.x()), round(place.y())), pixmap)

    def _ending(self, item: Item) -> None:
        self._painter.save()
        self._painter.translate(0, round(item.ending_top))
        if item.ending.left:
            square = QRectF(0, 1, self._style.sizes.icon, self._style.small_line)
            placed = self._style.placed(square, item.width)
            self._icon("alert", placed, self._style.theme.danger)
        self._painter.translate(item.ending.text_left, 0)
        context = QAbstractTextDocumentLayout.PaintContext()
        item.ending.document.documentLayout().draw(self._painter, context)
        self._painter.restore()

    def _footer(self, item: Item) -> None:
        muted = self._style.theme.text_muted
        self._line(item.entry.note, item.row.note, muted, self._style.small)
        if item.entry.figures and (self._scene.shows_tools(item) or item.unfolded):
            paint_fold_mark(self._painter, item)
        unfolded = item.figures
        if unfolded:
            paint_figures(self._painter, item.entry, unfolded, self._style)

    def _caret(self, item: Item) -> None:
        """Where the next words will appear."""
        pieces = [piece for piece in item.body.pieces if piece.blocks or not piece.known]
        height = QFontMetricsF(self._style.body).ascent()
        place = QPointF(0, item.body_top + self._style.line - height)
        if self._style.mirrored:
            place.setX(item.width - CARET_WIDTH)
        if pieces and pieces[-1].blocks:
            laid = pieces[-1].blocks[-1]
            if laid.fold:
                return
            end = caret_rect(laid.made)
            top = item.body_top + item.body.tops[item.body.pieces.index(pieces[-1])]
            beside = -4 - CARET_WIDTH if laid.right_to_left else 4
            place = end.bottomLeft() + laid.corner + QPointF(beside, top - height - 3)
        elif pieces:
            return
        colour = QColor(self._style.theme.accent)
        colour.setAlphaF(0.75 if self._caret_shown else 0.2)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(QRectF(place.x(), place.y(), CARET_WIDTH, height), 2, 2)

    def _focus_ring(self) -> None:
        """Around the spot that has the keyboard's focus, or around the view."""
        scene = self._scene
        if not scene.ringed:
            return
        rings = [placed.spot.rect for placed in scene.spots() if placed.key == scene.focused]
        view = QRectF(0, 0, scene.size.width(), scene.size.height())
        for rect in rings or [view.adjusted(3, 2, -3, -2)]:
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            theme = scene.style.theme
            self._painter.setPen(QPen(QColor(theme.accent), theme.ring))
            self._painter.drawRoundedRect(rect.adjusted(-2, -1, 2, 1), 5, 5)
