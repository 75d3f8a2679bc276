"""An answer for the ear: told in whole sentences while it is written, not word by word."""

import re

from desktop.ui.i18n import tr, trn
from desktop.ui.transcript.markdown import render

_END = re.compile(r"[.!?…:;][\"'”’»)\]*_]*(?=\s)|[\u3002\uff01\uff1f\uff1b\uff1a]|\n")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
SHORTEST = 24  # characters; shorter sentences are told with the next one


class Speech:
    """What of one growing answer was told. Program text is only mentioned."""

    def __init__(self, entry_id: str) -> None:
        self.entry_id = entry_id
        self._told = 0  # characters of the answer
        self._code: int | None = None  # lines so far of the program text that is open

    @property
    def begun(self) -> bool:
        """True when something was told."""
        return self._told > 0

    def grown(self, answer: str) -> str:
        """The sentences that are whole by now and were not told; perhaps none."""
        end = self._told
        for found in _END.finditer(answer, self._told):
            end = found.end()
        last_line = answer.rfind("\n", self._told, end) + 1
        if _FENCE.match(answer, max(last_line, self._told)) or self._code is not None:
            end = max(last_line, self._told)  # of program text whole lines only
        if end - self._told < SHORTEST and "\n" not in answer[self._told : end]:
            return ""
        return self._tell(answer, end)

    def ended(self, answer: str) -> str:
        """The rest."""
        words = self._tell(answer, len(answer))
        return words if self._code is None else f"{words}\n{self._code_words()}".strip()

    def _tell(self, answer: str, end: int) -> str:
        told: list[str] = []
        prose = ""
        for line in answer[self._told : end].splitlines(keepends=True):
            if _FENCE.match(line):
                told.append(_plain(prose))
                prose = ""
                if self._code is not None:
                    told.append(self._code_words())
                self._code = 0 if self._code is None else None
            elif self._code is not None:
                self._code += 1
            else:
                prose += line
        self._told = end
        return "\n".join(part for part in (*told, _plain(prose)) if part)

    def _code_words(self) -> str:
        lines = self._code or 0
        return tr("Program text: {lines}", lines=trn("{count} line", "{count} lines", lines))


def _plain(source: str) -> str:
    return "\n".join(block.text for block in render(source)).strip() if source.strip() else ""
