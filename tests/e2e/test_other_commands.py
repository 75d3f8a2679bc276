"""`render`, `devices`, and the window where there is none."""

import json
from pathlib import Path

import pytest

from tests.support import STARTER_ID, Cellar

pytestmark = pytest.mark.e2e

TEMPLATE = (
    "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hällo 🙂"}]
PROMPT = "[system] Be brief.\n[user] Hällo 🙂\n[assistant]"


@pytest.fixture
def messages(tmp_path: Path) -> str:
    (tmp_path / "messages.json").write_text(json.dumps(MESSAGES), "utf-8")
    return str(tmp_path / "messages.json")


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_a_template_file(fresh_cellar: Cellar, tmp_path: Path, messages: str) -> None:
    template = written(tmp_path, "chat.jinja", TEMPLATE)
    ran = fresh_cellar("render", "--template", template, "--messages", messages)
    assert (ran.code, ran.out, ran.err) == (0, PROMPT, "")
    assert not (fresh_cellar.data_dir / "models").exists()


def test_standard_input_and_no_generation_prompt(fresh_cellar: Cellar, tmp_path: Path) -> None:
    template = written(tmp_path, "chat.jinja", TEMPLATE)
    words = ("render", "--template", template, "--messages", "-", "--no-generation-prompt")
    ran = fresh_cellar(*words, stdin=json.dumps(MESSAGES).encode())
    assert (ran.code, ran.out) == (0, PROMPT.removesuffix("[assistant]"))


def test_a_tokenizer_config(fresh_cellar: Cellar, tmp_path: Path, messages: str) -> None:
    settings = {"chat_template": "{{ bos_token }}" + TEMPLATE, "bos_token": "<s>"}
    source = written(tmp_path, "tokenizer_config.json", json.dumps(settings))
    ran = fresh_cellar("render", "--template", source, "--messages", messages)
    assert (ran.code, ran.out) == (0, f"<s>{PROMPT}")


def test_a_layout_in_place_of_the_template(
    fresh_cellar: Cellar, tmp_path: Path, messages: str
) -> None:
    template = written(tmp_path, "chat.jinja", TEMPLATE)
    words = ("render", "--template", template, "--messages", messages, "--layout")
    ran = fresh_cellar(*words, "redpajama-chat")
    assert (ran.code, ran.out) == (0, "Be brief.\n\n<human>: Hällo 🙂\n<bot>:")
    head = 'format = "cellar-layout"\nversion = 1\nname = "Mine"\n'
    mine = written(tmp_path, "mine.toml", f'{head}[layout]\nuser = "Q: "\nassistant = "A: "\n')
    ran = fresh_cellar(*words, mine)
    assert (ran.code, ran.out) == (0, "Be brief.\n\nQ: Hällo 🙂\nA:")
    ran = fresh_cellar(*words, "nonesuch")
    assert ran.code == 2
    assert "There is no prompt layout “nonesuch”." in ran.err


def test_an_installed_model(cellar: Cellar, messages: str) -> None:
    ran = cellar("render", "--model", STARTER_ID, "--messages", messages)
    assert ran.code == 0
    assert ran.out == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHällo 🙂<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    assert cellar("render", "--messages", messages).out == ran.out
    ran = cellar("render", "--model", "ghost", "--messages", messages)
    assert ran.code == 3
    assert "“ghost” is not installed" in ran.problem()


HOSTILE = {
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "escape": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "import": "{{ cycler.__init__.__globals__.os.system('touch canary') }}",
    "endless loop": "{% for i in r %}{% for j in r %}{% endfor %}{% endfor %}".replace(
        "in r ", "in range(99999) "
    ),
    "power": "{{ 9 ** (9 ** 9) }}",
    "syntax": "{% for %}",
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_template_ends_in_a_sentence(
    fresh_cellar: Cellar, tmp_path: Path, messages: str, attack: str
) -> None:
    template = written(tmp_path, "chat.jinja", HOSTILE[attack])
    ran = fresh_cellar("render", "--template", template, "--messages", messages)
    assert (ran.code, ran.out) == (3, "")
    assert "template" in ran.problem()
    assert list(fresh_cellar.home.iterdir()) == []


def test_templates_that_are_none(fresh_cellar: Cellar, tmp_path: Path, messages: str) -> None:
    broken = written(tmp_path, "tokenizer_config.json", "{")
    for source in (broken, str(tmp_path / "nowhere.jinja")):
        ran = fresh_cellar("render", "--template", source, "--messages", messages)
        assert (ran.code, ran.out) == (3, "")
        assert ran.problem()


def test_devices(fresh_cellar: Cellar) -> None:
    ran = fresh_cellar("devices", "--json")
    assert (ran.code, ran.err) == (0, "")
    devices = json.loads(ran.out)
    names = [device["name"] for device in devices]
    assert names[0] == "CPU"
    assert names[-1] == "AUTO"
    assert {name.split(".")[0] for name in names} == {"CPU", "GPU", "NPU", "AUTO"}
    for device in devices:
        assert set(device) == {"name", "full_name", "why_not", "available"}
        assert device["available"] == (not device["why_not"])
        assert device["full_name"] or device["why_not"].endswith(".")
    assert devices[0]["available"]
    assert "Traceback" not in fresh_cellar("devices").err


def test_a_window_without_a_display(fresh_cellar: Cellar) -> None:
    displays = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    ran = fresh_cellar(without=displays)
    assert (ran.code, ran.out) == (3, "")
    assert "no display" in ran.problem()
    assert "cellar ask" in ran.problem()


def test_version_and_help(fresh_cellar: Cellar) -> None:
    assert fresh_cellar("--version").out.startswith("Cellar ")
    ran = fresh_cellar("--help")
    assert ran.code == 0
    for command in ("ask", "render", "models", "devices"):
        assert command in ran.out
    assert not fresh_cellar.data_dir.exists()
