"""Which addresses of a model's text may be clicked."""

import unicodedata

from PySide6.QtCore import QUrl

MAX_LENGTH = 2_000
_SCHEMES = ("http", "https")


def safe_link(url: str) -> QUrl | None:
    """The address to open, its host in ASCII (so that no letter poses as another), or None.

    Only http and https, with a host, without a user name or password (they can pose as a host),
    and without control characters or spaces, plain or percent-encoded.
    """
    if len(url) > MAX_LENGTH or "\\" in url or any(map(_unseen, url)):
        return None
    target = QUrl(url, QUrl.ParsingMode.StrictMode)
    if not target.isValid() or target.scheme() not in _SCHEMES or not target.host():
        return None
    if target.userInfo() or "@" in target.authority():
        return None
    decoded = QUrl.ComponentFormattingOption.FullyDecoded
    for part in (target.path(decoded), target.query(decoded), target.fragment(decoded)):
        if any(unicodedata.category(letter) == "Cc" for letter in part):
            return None
    return QUrl(shown_link(target))


def shown_link(target: QUrl) -> str:
    """The address as it is shown to be judged: nothing in it but ASCII."""
    return bytes(target.toEncoded().data()).decode("ascii")


def _unseen(letter: str) -> bool:
    """True for spaces, control and format characters and half surrogates."""
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Cs")
