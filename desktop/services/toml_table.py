"""Files that somebody else may have written, as TOML: checked before they are believed."""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from desktop.domain.conversation import clean_text
from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr

LARGEST = 256 * 1024  # bytes of a file
# tomllib takes memory with the square of a key's parts: 200 KB of dots would end the process.
_ENDLESS_KEY = re.compile(rb"""(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')){100}""")
_LONGEST_LABEL = 200  # characters of what stands in a list or a form
_KINDS: dict[type, str] = {
    str: mark("a text"),
    bool: mark("true or false"),
    int: mark("a whole number"),
    dict: mark("a table"),
    list: mark("a list"),
}
T = TypeVar("T")
Amiss = Callable[[str], Problem]  # a sentence about the file, from what is wrong in it


class Table:
    """A table of a file, whose keys are taken one by one until none may be left."""

    def __init__(self, body: Mapping[str, Any], amiss: Amiss) -> None:
        self._body = dict(body)
        self.amiss = amiss

    def take(self, key: str, default: T) -> T:
        """The value of a key, of the same type as the default. Raises Problem."""
        value = self._body.pop(key, default)
        if type(value) is not type(default):
            raise self.amiss(tr("“{key}” must be {kind}", key=key, kind=tr(_KINDS[type(default)])))
        return value

    def has(self, key: str) -> bool:
        """True when the key is there and was not taken yet."""
        return key in self._body

    def text(self, key: str, default: str = "") -> str:
        """A text of any length. Raises Problem."""
        return clean_text(self.take(key, default))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty. Raises Problem."""
        values: list[Any] = self.take(key, [])
        if not all(isinstance(value, str) and value for value in values):
            raise self.amiss(tr("“{key}” must be a list of texts", key=key))
        return tuple(map(clean_text, values))

    def label(self, key: str) -> str:
        """A text on one line that is not too long. Raises Problem."""
        value = self.text(key)
        if len(value) > _LONGEST_LABEL or len(value.splitlines()) > 1:
            raise self.amiss(
                tr(
                    "“{key}” must be one line of at most {most} characters",
                    key=key,
                    most=_LONGEST_LABEL,
                )
            )
        return value

    def version(self, format: str, newest: int, what: str) -> None:
        """Raises Problem for a file that is not of this format, or of a newer version."""
        version = self._body.pop("version", None)
        if self._body.pop("format", None) != format or type(version) is not int or version < 1:
            raise self.amiss(tr("it does not say that it is {what} of Cellar", what=what))
        if version > newest:
            raise self.amiss(tr("it was made by a newer Cellar"))

    def end(self) -> None:
        """Raises Problem when a key was not taken."""
        for key in self._body:
            raise self.amiss(tr("“{key}” is not known", key=key[:40]))


def read_table(data: bytes, amiss: Amiss) -> Table:
    """The table of a file's bytes. Raises Problem."""
    if len(data) > LARGEST:
        raise amiss(tr("it has more than {largest} KB", largest=LARGEST // 1024))
    if _ENDLESS_KEY.search(data):
        raise amiss(tr("it has a name of more than 100 parts"))
    try:
        return Table(tomllib.loads(data.decode("utf-8-sig")), amiss)
    except UnicodeDecodeError:
        raise amiss(tr("it is not text in UTF-8")) from None
    except RecursionError:
        raise amiss(tr("it is nested too deeply")) from None
    except ValueError as error:
        raise amiss(f"{error}".rstrip(".")) from None
