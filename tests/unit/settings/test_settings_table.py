"""The table of settings."""

import pytest

from desktop.domain.errors import UsageProblem
from desktop.settings.migrations import VERSION_KEY
from desktop.settings.table import BY_NAME, SETTINGS, Kind, SettingValue, checked


def test_every_default_is_a_value_the_setting_can_have() -> None:
    for setting in SETTINGS:
        assert checked(setting, setting.default) == setting.default


def test_names_are_unique_and_leave_the_version_key_free() -> None:
    assert len(BY_NAME) == len(SETTINGS)
    assert VERSION_KEY not in BY_NAME


def test_what_a_user_can_choose_is_labelled_and_explained() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        if setting.kind in (Kind.CHOICE, Kind.DEVICE):
            assert setting.label
            assert setting.default in setting.choices


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "dark"), ("device", "NPU"), ("device", "GPU.1"), ("model", "張"), ("window", "")],
)
def test_values_that_are_taken(name: str, value: SettingValue) -> None:
    assert checked(BY_NAME[name], value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("theme", "dark.1"),
        ("theme", True),
        ("device", "TPU"),
        ("device", "GPU."),
        ("device", "GPU.x"),
        ("show_settings_panel", "true"),
        ("show_settings_panel", 1),
        ("model", 3),
        ("model", None),
    ],
)
def test_values_that_are_refused_with_a_way_out(name: str, value: object) -> None:
    with pytest.raises(UsageProblem, match=name) as caught:
        checked(BY_NAME[name], value)
    assert caught.value.remedy
