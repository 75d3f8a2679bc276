"""The command line, before anything is done."""

import argparse
import json
from pathlib import Path

import pytest

from desktop.cli import messages
from desktop.cli.arguments import parser, sampling_of
from desktop.cli.ask import _turns
from desktop.cli.messages import read_turns
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.sampling import PARAMETERS
from desktop.engine.protocol import Turn
from desktop.program import Program

COMMANDS = (
    ["ask", "Hello"],
    ["render", "--messages", "-"],
    ["models", "list"],
    ["chats", "list"],
    ["devices"],
    ["bench"],
)


def parsed(*words: str) -> argparse.Namespace:
    return parser().parse_args(words)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_common_options_stand_before_or_after_the_command(command: list[str]) -> None:
    options = ["--data-dir", "a b", "--offline", "--log-level", "debug", "--engine", "fake"]
    before, after = parsed(*options, *command), parsed(*command, *options)
    for found in (before, after):
        assert found.data_dir == Path("a b")
        assert found.offline is True
        assert found.log_level == "debug"
        assert found.engine == "fake"
    assert before == after


@pytest.mark.parametrize("command", [[], *COMMANDS], ids=lambda words: (words or ["window"])[0])
def test_common_options_can_be_left_out(command: list[str]) -> None:
    found = parsed(*command)
    assert (found.data_dir, found.offline, found.log_level) == (None, False, None)
    assert found.command == (command[0] if command else None)


def test_an_option_after_the_command_wins() -> None:
    assert parsed("--data-dir", "a", "ask", "Hello", "--data-dir", "b").data_dir == Path("b")


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_sampling_parameter_is_an_option(parameter: object) -> None:
    name, option = parameter.name, parameter.option  # type: ignore[attr-defined]
    value = "1" if name != "stop" else "END"
    found = sampling_of(parsed("ask", "Hello", option, value))
    assert found == {name: ("END",) if name == "stop" else 1}


def test_what_is_not_given_is_not_set() -> None:
    assert sampling_of(parsed("ask", "Hello")) == {}


def test_stop_can_be_given_several_times() -> None:
    found = sampling_of(parsed("ask", "Hello", "--stop", "a", "--stop", "b"))
    assert found == {"stop": ("a", "b")}


@pytest.mark.parametrize("value", ["-1", "2.1", "0,7", "nan", "inf", "hot", "1e999", ""])
def test_a_value_out_of_range_is_wrong_usage(value: str) -> None:
    with pytest.raises(UsageProblem, match="Temperature cannot be"):
        sampling_of(parsed("ask", "Hello", f"--temperature={value}"))


@pytest.mark.parametrize(
    "words",
    [
        ["explode"],
        ["ask", "a", "b"],
        ["ask", "--no-such-option"],
        ["models"],
        ["render"],
        ["render", "--messages", "-", "--model", "a", "--template", "b"],
        ["--log-level", "loud"],
        ["--data-dir"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed(*words)
    assert caught.value.code == 2
    assert "usage: cellar" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed("--help")
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert all(command[0] in shown for command in COMMANDS)


# messages


def messages_file(folder: Path, body: object) -> str:
    path = folder / "messages.json"
    path.write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
    return str(path)


def test_messages_are_read(tmp_path: Path) -> None:
    body = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "a\0b 🙂", "name": "ignored"},
        {"role": "assistant", "content": ""},
    ]
    assert read_turns(messages_file(tmp_path, body)) == (
        Turn("system", "Be brief."),
        Turn("user", "a\ufffdb 🙂"),
        Turn("assistant", ""),
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_mark_of_byte_order_is_no_harm(tmp_path: Path, mark: bytes) -> None:
    body = mark + b'[{"role": "user", "content": "Hi"}]'
    assert read_turns(messages_file(tmp_path, body)) == (Turn("user", "Hi"),)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        None,
        7,
        [7],
        [[]],
        [{}],
        [{"role": "user"}],
        [{"content": "a"}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": [{"type": "text", "text": "a"}]}],
        [{"role": "root", "content": "a"}],
        [{"role": [], "content": "a"}],
        [{"role": "User", "content": "a"}],
    ],
    ids=json.dumps,
)
def test_messages_of_another_form_are_wrong_usage(tmp_path: Path, body: object) -> None:
    with pytest.raises(UsageProblem, match=r"messages must be|Message 1 is not understood"):
        read_turns(messages_file(tmp_path, body))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"['role']"])
def test_a_file_that_is_no_json_is_a_problem(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(Problem, match="not valid JSON"):
        read_turns(messages_file(tmp_path, body))


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"There is no “.*nowhere\.json”"):
        read_turns(str(tmp_path / "nowhere.json"))


def test_a_folder_in_the_place_of_a_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is a folder"):
        read_turns(str(tmp_path))


def test_what_has_no_end_is_not_read_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "LARGEST", 100)
    with pytest.raises(UsageProblem, match="more than any model reads"):
        read_turns(messages_file(tmp_path, b"[" * 101))


def test_a_data_folder_without_a_name_is_not_the_folder_one_is_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("--data-dir", "", "devices")
    assert ended.value.code == 2
    assert "give the name of a folder" in capsys.readouterr().err


def test_text_comes_after_messages_and_the_system_text_first(tmp_path: Path) -> None:
    path = messages_file(tmp_path, [{"role": "user", "content": "a"}])
    asked = parsed("ask", "b", "--messages", path, "--system", "S")
    assert _turns(asked, None) == (Turn("system", "S"), Turn("user", "a"), Turn("user", "b"))
    assert _turns(parsed("ask", "--messages", path), None) == (Turn("user", "a"),)


@pytest.mark.parametrize("words", [[], [""], ["  "], ["--system", "S"]])
def test_no_question_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(UsageProblem):
        _turns(parsed("ask", *words), None)


# devices


@pytest.mark.parametrize("wanted", ["cpu", "CPU", "GPU.1", "npu", "Auto"])
def test_devices_that_may_be_asked_for(tmp_path: Path, wanted: str) -> None:
    program = Program.of(parsed("--data-dir", str(tmp_path)))
    assert program.device(wanted) == wanted.upper()


@pytest.mark.parametrize("wanted", ["XPU", "GPU.", "GPU.x", "CPU,GPU", "AUTO:CPU", "GPU.1.2", " "])
def test_devices_that_may_not(tmp_path: Path, wanted: str) -> None:
    program = Program.of(parsed("--data-dir", str(tmp_path)))
    with pytest.raises(UsageProblem, match="There is no device"):
        program.device(wanted)


def test_without_a_wish_the_device_of_the_settings_is_taken(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('device = "GPU.1"\n')
    assert Program.of(parsed("--data-dir", str(tmp_path))).device("") == "GPU.1"
