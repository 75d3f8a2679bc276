"""What commands print: results on standard output, everything else on standard error."""

import json
import sys


def show(text: str, *, end: str = "\n") -> None:
    """Print a part of the result at once."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def show_json(body: object, *, indent: int | None = None) -> None:
    """Print a JSON document; on one line unless an indent is given."""
    show(json.dumps(body, ensure_ascii=False, indent=indent))


class Progress:
    """One line on standard error that is overwritten on a terminal, and kept apart elsewhere."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._last = ""

    def show(self, text: str) -> None:
        """Tell how far it is."""
        if text == self._last or sys.stderr is None:
            return
        sys.stderr.write(f"\r\x1b[K{text}" if self._on_terminal else f"{text}\n")
        sys.stderr.flush()
        self._last = text

    def done(self) -> None:
        """Leave an empty line for what follows."""
        if self._last and self._on_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._last = ""
