"""A formula inside of a text document: one character, which is painted as a picture."""

from dataclasses import replace
from functools import cache

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFontInfo,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop.ui.transcript.formulas import SIZE, Formula, workshop
from desktop.ui.transcript.markdown import Block, Kind, Run

OBJECT = "\ufffc"  # what stands in the text of a document in its place
TYPE = QTextFormat.ObjectTypes.UserObject.value + 1
SOURCE, TEX, DISPLAY, COLOUR, SCALE = (
    QTextFormat.Property.UserProperty.value + n for n in range(5)
)
LARGER = 1.1  # than letters around it: those of formulas are small
LOW = 0.5  # of the letters' size: what reaches lower stands around the middle of the line
NARROWEST = 0.4  # as small as a wide one gets


def with_formulas(block: Block) -> Block:
    """The block with those formulas that are typeset by now."""
    if block.kind is Kind.TABLE:
        rows = tuple(
            tuple(replace(cell, runs=_drawn(cell.runs)) for cell in row) for row in block.rows
        )
        return block if rows == block.rows else replace(block, rows=rows)
    runs = _drawn(block.runs)
    return block if runs == block.runs else replace(block, runs=runs)


def waits(block: Block) -> bool:
    """True when a formula of the block can be drawn by now, and is not."""
    return with_formulas(block) != block


def _drawn(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(
        replace(run, drawn=True) if run.math and not run.drawn and _formula(run) else run
        for run in runs
    )


def _formula(run: Run) -> Formula | None:
    return workshop().formula(run.math, display=run.display)


def insert(cursor: QTextCursor, run: Run, look: QTextCharFormat) -> None:
    """Put a drawn formula into a document."""
    layout = cursor.document().documentLayout()
    layout.registerHandler(TYPE, _painter())
    made = QTextCharFormat(look)
    made.setObjectType(TYPE)
    formula = _formula(run)
    scale = LARGER * QFontInfo(cursor.document().defaultFont()).pixelSize() / SIZE
    made.setProperty(SOURCE, run.text)
    made.setProperty(TEX, run.math)
    made.setProperty(DISPLAY, run.display)
    made.setProperty(COLOUR, look.foreground().color().name())
    made.setProperty(SCALE, scale)
    if formula and formula.descent > LOW * SIZE:
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    cursor.insertText(OBJECT, made)


def sources(cursor: QTextCursor) -> list[str]:
    """What the formulas in a selection are written as, in their order."""
    found = []
    block = cursor.document().findBlock(cursor.selectionStart())
    while block.isValid() and block.position() < cursor.selectionEnd():
        parts = block.begin()
        while not parts.atEnd():
            part = parts.fragment()
            form = part.charFormat()
            if form.objectType() == TYPE:
                for place in range(part.position(), part.position() + part.length()):
                    if cursor.selectionStart() <= place < cursor.selectionEnd():
                        found.append(str(form.property(SOURCE)))
            parts += 1
        block = block.next()
    return found


class _FormulaPainter(QPyTextObject):
    """Gives Qt the measures of a formula, and paints it."""

    def _measured(self, document: QTextDocument, form: QTextFormat) -> tuple[Formula | None, float]:
        tex, display = str(form.property(TEX)), bool(form.property(DISPLAY))
        formula = workshop().formula(tex, display=display)
        scale = float(form.property(SCALE) or 1.0)
        room = document.textWidth()
        if formula and room > 0 and formula.width * scale > room:
            scale = max(NARROWEST * scale, room / formula.width)
        return formula, scale

    # QPyTextObject

    def intrinsicSize(self, document: QTextDocument, _: int, form: QTextFormat) -> QSizeF:
        formula, scale = self._measured(document, form)
        if formula is None:
            return QSizeF()
        size = formula.size(scale)
        if formula.descent <= LOW * SIZE:  # the rest hangs below the line, as letters do
            size.setHeight(formula.ascent * scale)
        return size

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        _: int,
        form: QTextFormat,
    ) -> None:
        formula, scale = self._measured(document, form)
        if formula is not None:
            place = QRectF(QRectF(rect).topLeft(), formula.size(scale))
            formula.paint(painter, place, str(form.property(COLOUR)))


@cache
def _painter() -> _FormulaPainter:
    return _FormulaPainter()
