"""How a model wants its prompts: the template and the tokens, read from its files."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.engine.prompt.control_tokens import written_in
from desktop.engine.prompt.sandbox import literals
from desktop.files import world_problem

_SETTINGS = "tokenizer_config.json"
_MAPS = ("extra_special_tokens", "model_specific_special_tokens")
_LISTS = ("additional_special_tokens", "extra_special_tokens")
_ADDED = re.compile(r'"added_tokens"\s*:\s*(?=\[)')


@dataclass(frozen=True, slots=True)
class PromptFormat:
    """How a model wants its prompts."""

    template: str  # Jinja; empty: none, the prompt is laid out plainly
    tokens: dict[str, str]  # bos_token, eos_token … as templates know them
    control_tokens: tuple[str, ...]  # texts that nobody but the template may write


def read_format(source: Path) -> PromptFormat:
    """The format of a model folder, of a tokenizer_config.json, or of a Jinja file.

    Raises Problem.
    """
    if source.is_dir() or source.name == _SETTINGS:
        return _of_folder(source if source.is_dir() else source.parent)
    text = _text(source)
    if source.suffix == ".json" or _is_object(text):
        return _of_settings(_object(text, source), [])
    return PromptFormat(text, {}, _control_tokens(text, []))


def _of_folder(folder: Path) -> PromptFormat:
    """What transformers reads from these files; a template in a file of its own comes first."""
    settings = _json(folder / _SETTINGS)
    if "added_tokens_decoder" not in settings:
        settings |= _json(folder / "special_tokens_map.json")
    if not settings.get("chat_template"):
        settings |= _json(folder / "chat_template.json")
    template = folder / "chat_template.jinja"
    if template.is_file():
        settings["chat_template"] = _text(template)
    further = [*_added_tokens(folder / "tokenizer.json"), *_json(folder / "added_tokens.json")]
    return _of_settings(settings, further)


def _of_settings(settings: Mapping[str, Any], further: Iterable[object]) -> PromptFormat:
    template = _default_template(settings.get("chat_template"))
    named = {name: value for name, value in settings.items() if name.endswith("_token")}
    for name in _MAPS:
        named |= _mapping(settings.get(name))
    tokens = {name: text for name, value in named.items() if (text := _token_text(value))}
    added = [
        *_ordinary_words_left_out(_mapping(settings.get("added_tokens_decoder")).values()),
        *_ordinary_words_left_out(further),
        *tokens.values(),
        *(token for name in _LISTS for token in _listed(settings.get(name))),
    ]
    return PromptFormat(template, tokens, _control_tokens(template, added))


def _control_tokens(template: str, added: Sequence[object]) -> tuple[str, ...]:
    """The added tokens, and what the template writes; without any, all that looks like one."""
    written = written_in(literals(template), tags=not added)
    return tuple(dict.fromkeys(filter(None, [*map(_token_text, added), *written])))


def _ordinary_words_left_out(added: Iterable[object]) -> Iterator[object]:
    """Some models add the words of a language: to break those up would spoil what people write."""
    for token in added:
        special = isinstance(token, Mapping) and token.get("special")
        if special or not _token_text(token).replace(" ", "").isalnum():
            yield token


def _default_template(value: object) -> str:
    """Several templates are a list of names and texts; the one for plain chat is "default"."""
    if isinstance(value, list):
        entries = [_mapping(entry) for entry in value]
        value = {entry.get("name"): entry.get("template") for entry in entries}
    if isinstance(value, dict):
        value = value.get("default")
    return value if isinstance(value, str) else ""


def _token_text(token: object) -> str:
    """A token is a text, or an object with its text in it."""
    text = token.get("content") if isinstance(token, Mapping) else token
    return text if isinstance(text, str) else ""


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _added_tokens(path: Path) -> list[object]:
    """The added tokens of a tokenizer.json, without the vocabulary, which can have 30 MB."""
    if not path.is_file():
        return []
    text = _text(path)
    decoder = json.JSONDecoder()
    try:
        lists = [decoder.raw_decode(text, found.end())[0] for found in _ADDED.finditer(text)]
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    return [token for tokens in lists for token in tokens]


def _json(path: Path) -> dict[str, Any]:
    """The object of a file that need not be there."""
    return _object(_text(path), path) if path.is_file() else {}


def _object(text: str, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(value, dict):
        raise _damaged(path)
    return value


def _is_object(text: str) -> bool:
    """True for JSON, whatever the file is called. Jinja never is: it begins with two signs."""
    return re.match(r'\s*\{\s*["}]', text) is not None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _damaged(path) from None
    except OSError as error:
        raise world_problem(error, tr("read how the model wants its prompts")) from error


def _damaged(path: Path) -> Problem:
    return Problem(
        tr("The file “{name}” of the model cannot be read: it is damaged.", name=path.name),
        tr("Install the model again."),
    )
