"""Every text on screen passes through `tr`."""

from PySide6.QtCore import QCoreApplication


def tr(text: str, **values: object) -> str:
    """The text in the user's language, `{name}` in it filled from `values`."""
    translated = QCoreApplication.translate("cellar", text)
    return translated.format(**values) if values else translated
