"""Say something to assistive tools, and show data in tooltips without reading it as rich text."""

from html import escape

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Let a screen reader say `text`; an urgent one interrupts what it is saying."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


def plain_tooltip(text: str) -> str:
    """The text as a tooltip that shows every character of it; Qt would guess at rich text."""
    return "<p>{}</p>".format(escape(text).replace("\n", "<br>")) if text else ""
