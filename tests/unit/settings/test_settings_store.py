"""The settings file: what the user wrote survives, and nothing in it can keep the program away."""

import errno
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Problem, UsageProblem
from desktop.settings import store as store_module
from desktop.settings.migrations import Document
from desktop.settings.store import SettingsStore

WRITTEN_BY_HAND = """\
# My own notes
version = 1
theme = "light"   # easier on the eyes
shortcut = "Ctrl+K"

[plugin]  # of a friend
theme = "pink"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Ünï 張 🙂" / "settings.toml"


def _written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _kept(path: Path) -> list[Path]:
    return [other for other in path.parent.iterdir() if ".damaged-" in other.name]


def test_a_new_user_gets_the_defaults_and_no_file(path: Path) -> None:
    store = SettingsStore(path)
    assert (store.get("theme"), store.get("device"), store.get("model")) == ("system", "CPU", "")
    assert store.switch("show_settings_panel")
    assert store.problems == []
    assert not path.exists()


def test_what_was_set_is_there_at_the_next_start(path: Path) -> None:
    store = SettingsStore(path)
    store.set("theme", "dark")
    store.set("show_settings_panel", False)
    store.set("window", "AdnQywAD\u0001🙂\n'\"")
    again = SettingsStore(path)
    assert again.text("theme") == "dark"
    assert not again.switch("show_settings_panel")
    assert again.text("window") == "AdnQywAD\u0001🙂\n'\""
    assert tomllib.loads(path.read_text("utf-8"))["version"] == 1


def test_comments_and_unknown_keys_survive(path: Path) -> None:
    _written(path, WRITTEN_BY_HAND)
    store = SettingsStore(path)
    store.set("theme", "dark")
    store.set("device", "GPU")
    assert store.problems == []
    text = path.read_text("utf-8")
    assert 'theme = "dark"   # easier on the eyes' in text
    for line in WRITTEN_BY_HAND.splitlines():
        assert line in text or line.startswith("theme =")
    assert tomllib.loads(text) == {
        "version": 1,
        "theme": "dark",
        "shortcut": "Ctrl+K",
        "device": "GPU",
        "plugin": {"theme": "pink"},
    }


def test_line_ends_of_windows_and_a_byte_order_mark_are_understood(path: Path) -> None:
    _written(path, b'\xef\xbb\xbf# notes\r\ntheme = "light"\r\n')
    store = SettingsStore(path)
    assert store.problems == []
    assert store.text("theme") == "light"
    store.set("device", "NPU")
    assert b"# notes\r\n" in path.read_bytes()
    assert SettingsStore(path).text("device") == "NPU"


def test_an_edit_made_meanwhile_is_not_undone(path: Path) -> None:
    store = SettingsStore(path)
    store.set("theme", "dark")
    _written(path, 'theme = "dark"\nmodel = "mine"\n')
    store.set("device", "GPU")
    assert SettingsStore(path).text("model") == "mine"


@pytest.mark.parametrize(
    "damage",
    [b"theme = ", b"\x00\x01\x02", b"\xff\xfe", b'theme = "dark"\ntheme = "light"', b"[" * 5000],
)
def test_a_damaged_file_is_set_aside_and_reported(path: Path, damage: bytes) -> None:
    _written(path, damage)
    store = SettingsStore(path)
    assert store.get("theme") == "system"
    assert len(store.problems) == 1
    [kept] = _kept(path)
    assert kept.read_bytes() == damage
    assert kept.name in store.problems[0].remedy
    store.set("theme", "dark")
    again = SettingsStore(path)
    assert again.problems == []
    assert again.text("theme") == "dark"


def test_a_file_damaged_while_the_program_runs_costs_no_setting(path: Path) -> None:
    store = SettingsStore(path)
    store.set("theme", "dark")
    _written(path, "not toml")
    store.set("device", "GPU")
    again = SettingsStore(path)
    assert (again.text("theme"), again.text("device")) == ("dark", "GPU")
    assert len(_kept(path)) == 1
    assert len(store.problems) == 1


def test_two_damaged_files_in_one_second_are_both_kept(path: Path) -> None:
    for damage in (b"one =", b"two ="):
        SettingsStore(_written(path, damage))
    assert sorted(kept.read_bytes() for kept in _kept(path)) == [b"one =", b"two ="]


def test_one_bad_value_falls_back_alone_and_can_be_repaired(path: Path) -> None:
    _written(path, 'theme = "pink"\ndevice = "GPU"\nshow_settings_panel = "no"\n')
    store = SettingsStore(path)
    assert (store.text("theme"), store.text("device")) == ("system", "GPU")
    assert store.switch("show_settings_panel")
    assert sorted(problem.what for problem in store.problems) == [
        "The setting “show_settings_panel” cannot be “no”.",
        "The setting “theme” cannot be “pink”.",
    ]
    assert path.read_text() == 'theme = "pink"\ndevice = "GPU"\nshow_settings_panel = "no"\n'
    store.set("theme", "system")
    store.set("show_settings_panel", True)
    assert SettingsStore(path).problems == []


def test_a_newer_file_is_read_and_never_overwritten(path: Path) -> None:
    text = 'version = 99\ntheme = "dark"\ndevice = {name = "GPU"}\n'
    _written(path, text)
    store = SettingsStore(path)
    assert store.text("theme") == "dark"
    assert store.text("device") == "CPU"
    assert "newer version" in store.problems[0].what
    store.set("theme", "light")
    assert store.text("theme") == "light"
    assert path.read_text() == text


def test_a_newer_program_that_wrote_meanwhile_is_not_overwritten(path: Path) -> None:
    store = SettingsStore(path)
    _written(path, "version = 99\n")
    with pytest.raises(Problem, match="newer"):
        store.set("theme", "light")
    assert path.read_text() == "version = 99\n"


def _theme_was_called_look(document: Document) -> None:
    if "look" in document:
        document["theme"] = document.pop("look")


def _dark_was_called_night(document: Document) -> None:
    if document.get("theme") == "night":
        document["theme"] = "dark"


def test_an_old_file_is_brought_up_step_by_step(path: Path) -> None:
    steps = (_theme_was_called_look, _dark_was_called_night)
    _written(path, 'look = "night"  # my choice\n')
    store = SettingsStore(path, steps)
    assert store.text("theme") == "dark"
    assert store.problems == []
    store.set("device", "GPU")
    assert tomllib.loads(path.read_text("utf-8")) == {
        "theme": "dark",
        "version": 3,
        "device": "GPU",
    }
    _written(path, 'version = 2\ntheme = "night"\n')
    assert SettingsStore(path, steps).text("theme") == "dark"


def test_a_value_that_cannot_be_is_refused_and_changes_nothing(path: Path) -> None:
    store = SettingsStore(path)
    with pytest.raises(UsageProblem):
        store.set("theme", "pink")
    assert store.text("theme") == "system"
    with pytest.raises(KeyError):
        store.set("colour", "pink")
    assert not path.exists()


def test_when_the_file_cannot_be_written_the_session_still_has_the_value(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated: root may write everywhere."""

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full", str(path))

    store = SettingsStore(path)
    monkeypatch.setattr(store_module, "write_atomically", full)
    with pytest.raises(Problem, match="The disk is full, so Cellar could not save the settings"):
        store.set("theme", "dark")
    assert store.text("theme") == "dark"


def test_a_folder_in_the_place_of_the_file_is_reported_and_left_alone(path: Path) -> None:
    path.mkdir(parents=True)
    store = SettingsStore(path)
    assert "could not read the settings" in store.problems[0].what
    store.set("theme", "dark")
    assert store.text("theme") == "dark"
    assert path.is_dir()


def test_without_a_file_the_settings_last_for_the_session() -> None:
    store = SettingsStore(None)
    store.set("theme", "dark")
    assert store.text("theme") == "dark"
    assert store.problems == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    _written(path, WRITTEN_BY_HAND)
    SettingsStore(path).set("model", text)
    store = SettingsStore(path)
    assert store.text("model") == text
    assert store.problems == []
    assert tomlkit.parse(path.read_text("utf-8"))["shortcut"] == "Ctrl+K"
