"""Only a plain web address may be clicked."""

import pytest

from desktop.ui.transcript.links import safe_link, shown_link

REFUSED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " https://example.org",
    "https://example.org/a b",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file://server/share",
    r"\\server\share\x",
    r"https:\\example.org",
    "//example.org/x",
    "/etc/passwd",
    "example.org",
    "smb://server/share",
    "ftp://example.org",
    "ssh://example.org",
    "mailto:a@example.org",
    "tel:+123",
    "ms-settings:about",
    "search-ms:query=x",
    "vscode://file/x",
    "steam://run/1",
    "qrc:/x.png",
    "view-source:https://example.org",
    "about:blank",
    "blob:https://example.org/x",
    "intent://x#Intent;end",
    "http:",
    "http:/",
    "https://",
    "https:///path",
    "https:example.org",
    "https://user@example.org",
    "https://good.example@evil.example/",
    "https://user:secret@example.org",
    "https://example.org%00.evil.example",
    "https://example.org/%00",
    "https://example.org/?a=%0d%0aSet-Cookie:x",
    "https://example.org/#%1b[31m",
    "https://example.org/\u202egnp.exe",
    "https://exam\u200bple.org",
    "https://example.org/\ud800",
    "https://example.org/" + "a" * 3_000,
    "",
]


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_everything_else_is_refused(url: str) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://EXAMPLE.org/A?b=C#d", "http://example.org/A?b=C#d"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("https://xn--e1awd7f.example", "https://xn--e1awd7f.example"),
    ],
)
def test_web_addresses_pass(url: str, shown: str) -> None:
    target = safe_link(url)
    assert target is not None
    assert shown_link(target) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://\u0430pple.com", "https://xn--pple-43d.com"),  # Cyrillic a
        ("https://g\u043e\u043egle.com", "https://xn--ggle-55da.com"),  # Cyrillic o
        ("https://\u217ficrosoft.com", "https://microsoft.com"),  # the Roman numeral is an m
        ("https://例え.jp/ü", "https://xn--r8jz45g.jp/%C3%BC"),
    ],
)
def test_letters_that_pose_as_others_are_shown_for_what_they_are(url: str, shown: str) -> None:
    target = safe_link(url)
    assert target is not None
    assert shown_link(target) == shown
