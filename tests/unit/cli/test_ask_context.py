"""What `ask` says of a conversation that the model cannot read whole."""

import pytest

from desktop.cli.ask import JsonPrinter, TextPrinter
from desktop.domain.events import Fitted


@pytest.mark.parametrize("printer", [TextPrinter, JsonPrinter])
@pytest.mark.parametrize(
    ("unseen", "said"),
    [
        ((), ""),
        ((1,), "cellar: The oldest message was left out: the model can read only 8,192 tokens,"),
        ((1, 2), "cellar: The oldest 2 messages were left out: the model can read only 8,192"),
    ],
)
def test_messages_that_were_left_out_are_told_in_one_line_on_standard_error(
    printer: type[TextPrinter | JsonPrinter],
    unseen: tuple[int, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    printer().event(Fitted("ask", 7000, 8192, unseen))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert printed.err.count("\n") == (1 if said else 0)


@pytest.mark.parametrize("printer", [TextPrinter, JsonPrinter])
def test_what_the_layout_has_no_place_for_is_told_as_such(
    printer: type[TextPrinter | JsonPrinter], capsys: pytest.CaptureFixture[str]
) -> None:
    printer().event(Fitted("ask", 70, 1024, (0, 1), "It has no place for a system prompt."))
    assert capsys.readouterr().err == "cellar: It has no place for a system prompt.\n"
