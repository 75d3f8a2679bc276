"""The preset that a question is asked with, as the command line names it."""

from pathlib import Path

import pytest

from desktop.cli import ask
from desktop.cli.arguments import parser
from desktop.cli.preset_choice import chosen, system_text
from desktop.domain import events
from desktop.domain.conversation import ContextPolicy, State, Statistics
from desktop.domain.errors import UsageProblem
from desktop.domain.presets import Preset
from desktop.engine.protocol import Turn
from desktop.program import Program
from desktop.services.asking import Question
from desktop.services.presets.store import PresetStore

SUMMARY, INFORMATION = "summary=Anna asks again.", "information=Order 7=B"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program.of(parser().parse_args(["--data-dir", str(tmp_path)]))


@pytest.fixture
def support(program: Program) -> Preset:
    found = chosen(program.presets, "customer-support")
    assert found is not None
    return found


@pytest.fixture
def asked(program: Program, monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions that would be asked."""
    questions: list[Question] = []

    def answer(question: Question, *_: object) -> events.Done:
        questions.append(question)
        return events.Done("ask", "", State.STOP, Statistics())

    monkeypatch.setattr(ask, "_answer", answer)
    return questions


def test_without_an_id_there_is_none(program: Program) -> None:
    assert chosen(program.presets, "") is None


def test_an_unknown_id_is_told_with_those_there_are(program: Program) -> None:
    with pytest.raises(UsageProblem, match="no preset “nope”") as caught:
        chosen(program.presets, "nope")
    assert "plain-assistant, code, concise" in caught.value.remedy


def test_an_own_preset_is_found(program: Program, support: Preset) -> None:
    store: PresetStore = program.presets
    store.save_as(support, "My shop")
    found = chosen(store, "my-shop")
    assert found is not None
    assert found.layout == support.layout


def test_the_form_stands_below_the_system_prompt(support: Preset) -> None:
    form = "Summary: Anna asks again.\n\nSpecific information: Order 7=B"
    given = [SUMMARY, INFORMATION]
    assert system_text(support, given, "") == f"{support.system_prompt}\n\n{form}"
    assert system_text(support, given, "Be brief.") == f"Be brief.\n\n{form}"
    assert system_text(support, [], "") == support.system_prompt
    assert system_text(None, [], "Be brief.") == "Be brief."


@pytest.mark.parametrize("field", ["x=1", "summary", "=1", "Summary=1", ""])
def test_a_field_that_the_preset_does_not_ask_for(support: Preset, field: str) -> None:
    with pytest.raises(UsageProblem, match="does not ask for") as caught:
        system_text(support, [field], "")
    assert caught.value.remedy == "Give: --field summary=…, information=…."


def test_a_field_without_a_form(program: Program) -> None:
    with pytest.raises(UsageProblem, match="no preset is chosen"):
        system_text(None, [SUMMARY], "")
    with pytest.raises(UsageProblem) as caught:
        system_text(chosen(program.presets, "concise"), [SUMMARY], "")
    assert caught.value.remedy == "Leave out --field, or choose a preset."


def test_a_question_is_asked_as_the_preset_says(
    program: Program, support: Preset, asked: list[Question]
) -> None:
    words = ["ask", "Where is it?", "--preset", "customer-support", "--field", SUMMARY]
    ask.run(parser().parse_args([*words, "--field", INFORMATION, "--seed", "3"]), program)
    (question,) = asked
    text = system_text(support, [SUMMARY, INFORMATION], "")
    assert question.turns == (Turn("system", text), Turn("user", "Where is it?"))
    assert question.sampling == {**support.sampling, "seed": 3}
    assert question.layout == support.layout
    assert question.pin_first is True


def test_an_option_counts_more_than_the_preset(program: Program, asked: list[Question]) -> None:
    words = ["ask", "Hello", "--preset", "translator", "--temperature", "0.5", "--stop", "END"]
    ask.run(parser().parse_args(words), program)
    (question,) = asked
    assert question.sampling["temperature"] == 0.5
    assert question.sampling["stop"] == ("END",)
    assert question.sampling["max_new_tokens"] == 1024
    assert question.context_policy is ContextPolicy.LAST_EXCHANGE
    assert question.layout is None
