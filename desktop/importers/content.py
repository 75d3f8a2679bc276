"""The content of messages in other programs' files as text; what is no text becomes a note."""

from collections.abc import Mapping
from typing import Any

from desktop.domain.words import mark, tr
from desktop.importers.values import Amiss

_KINDS = {
    "image": mark("An image"),
    "audio": mark("A recording"),
    "video": mark("A film"),
    "file": mark("A file"),
}
_TEXTS = ("text", "result", "content", "user_profile", "user_instructions")


def text_of_content(content: Mapping[str, Any]) -> str:
    """The text of ChatGPT's `content`. Raises Amiss."""
    match content.get("content_type"):
        case "code" | "execution_output" as kind:
            language = content.get("language") if kind == "code" else ""
            return _fenced(_text(content.get("text")), language)
        case "thoughts":
            thoughts = content.get("thoughts")
            parts = [_thought(each) for each in thoughts] if isinstance(thoughts, list) else []
            return f"<think>\n{_joined(parts)}\n</think>" if any(parts) else ""
        case "reasoning_recap":
            return ""  # only how long it took
    if "parts" in content:
        return text_of_parts(content["parts"])
    return _joined([_text(content.get(name)) for name in _TEXTS])


def text_of_parts(parts: object) -> str:
    """The text of a list of parts, or of a text by itself. Raises Amiss."""
    if parts is None or isinstance(parts, str):
        return parts or ""
    if not isinstance(parts, list):
        raise Amiss(tr("The content of a message is neither a text nor a list."))
    return _joined([_part(part) for part in parts])


def _part(part: object) -> str:
    if part is None or isinstance(part, str):
        return part or ""
    if not isinstance(part, dict):
        raise Amiss(tr("A part of a message is neither a text nor a JSON object."))
    if isinstance(part.get("text"), str):
        return str(part["text"])
    kind = f"{part.get('content_type') or part.get('type') or ''}"
    what = next((name for sign, name in _KINDS.items() if sign in kind), mark("Something"))
    return tr("[{what} in this place was not imported]", what=tr(what))


def _thought(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    return _joined([_text(value.get("summary")), _text(value.get("content"))])


def _fenced(text: str, language: object) -> str:
    if not text.strip():
        return ""
    name = language if isinstance(language, str) and language.isalnum() else ""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{'' if name == 'unknown' else name}\n{text}\n{fence}"


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
