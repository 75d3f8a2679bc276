"""The pickers: filling says nothing, choosing does, and what cannot be chosen says why."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.ui.widgets.picker import DevicePicker, ModelPicker, Picker

SomePicker = TypeVar("SomePicker", bound=Picker)

SMALL = Model("smol", "SmolLM2 135M", "int4", Path(), 8192)
LARGE = Model("qwen", "Qwen 3 1.7B", "int8", Path(), 32768)
CPU = Device("CPU", "Intel(R) Core(TM) Ultra 7")
NO_GPU = Device("GPU", "", why_not="There is no <b>Intel</b> graphics in this computer.")


@pytest.fixture
def models(qtbot: QtBot) -> ModelPicker:
    return on_screen(ModelPicker(), qtbot)


@pytest.fixture
def devices(qtbot: QtBot) -> DevicePicker:
    return on_screen(DevicePicker(), qtbot)


def on_screen(picker: SomePicker, qtbot: QtBot) -> SomePicker:
    qtbot.addWidget(picker)
    picker.show()
    return picker


def names(picker: Picker) -> list[str]:
    return [picker.itemText(place) for place in range(picker.count())]


def choose(picker: Picker, keys: int) -> None:
    """Open the list, go down some lines, and take that line."""
    QTest.keyClick(picker, Qt.Key.Key_Down)
    for _ in range(keys):
        QTest.keyClick(picker.view(), Qt.Key.Key_Down)
    QTest.keyClick(picker.view(), Qt.Key.Key_Return)


def test_without_models_the_picker_says_so(models: ModelPicker) -> None:
    assert models.placeholderText() == "No model yet"
    assert models.current() == ""
    assert not models.isEnabled()


def test_a_model_is_shown_with_its_weights(models: ModelPicker) -> None:
    models.set_models((SMALL, LARGE))
    models.set_current("qwen")
    assert names(models) == ["SmolLM2 135M · INT4", "Qwen 3 1.7B · INT8"]
    assert models.currentText() == "Qwen 3 1.7B · INT8"
    assert models.isEnabled()


def test_filling_and_setting_report_nothing(models: ModelPicker, devices: DevicePicker) -> None:
    chosen: list[str] = []
    models.model_chosen.connect(chosen.append)
    devices.device_chosen.connect(chosen.append)
    models.set_models((SMALL, LARGE))
    models.set_current("smol")
    models.set_models((LARGE, SMALL))
    devices.set_devices((CPU, NO_GPU))
    devices.set_current("CPU")
    assert models.current() == "smol"
    assert chosen == []


def test_a_choice_is_reported_once(models: ModelPicker) -> None:
    chosen: list[str] = []
    models.model_chosen.connect(chosen.append)
    models.set_models((SMALL, LARGE))
    models.set_current("smol")
    choose(models, keys=1)
    assert chosen == ["qwen"]
    assert models.current() == "qwen"


def test_keys_on_a_closed_list_open_it_and_choose_nothing(models: ModelPicker) -> None:
    chosen: list[str] = []
    models.model_chosen.connect(chosen.append)
    models.set_models((SMALL, LARGE))
    models.set_current("smol")
    QTest.keyClick(models, Qt.Key.Key_Down)
    assert models.view().isVisible()
    QTest.keyClick(models.view(), Qt.Key.Key_Escape)
    assert chosen == []
    assert models.current() == "smol"


def test_a_model_that_is_gone_leaves_nothing_chosen(models: ModelPicker) -> None:
    models.set_models((SMALL, LARGE))
    models.set_current("qwen")
    models.set_models((SMALL,))
    assert models.current() == ""
    assert models.placeholderText() == "Choose a model"


def test_auto_is_always_offered(devices: DevicePicker) -> None:
    assert names(devices) == ["AUTO"]
    assert devices.current() == "AUTO"
    devices.set_devices((CPU,))
    assert "AUTO" in names(devices)


def test_what_is_missing_is_listed_but_not_enabled_and_tells_why(devices: DevicePicker) -> None:
    devices.set_devices((NO_GPU, CPU))
    assert names(devices) == ["CPU", "GPU", "NPU", "AUTO"]
    rows = [devices.model().index(place, 0) for place in range(4)]
    enabled = [bool(row.flags() & Qt.ItemFlag.ItemIsEnabled) for row in rows]
    assert enabled == [True, False, False, True]
    tooltip = str(rows[1].data(Qt.ItemDataRole.ToolTipRole))
    assert "There is no &lt;b&gt;Intel&lt;/b&gt; graphics" in tooltip
    spoken = str(rows[1].data(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken == "GPU, There is no <b>Intel</b> graphics in this computer."


def test_a_device_that_is_missing_cannot_be_chosen(devices: DevicePicker) -> None:
    chosen: list[str] = []
    devices.device_chosen.connect(chosen.append)
    devices.set_devices((CPU, NO_GPU))
    devices.set_current("CPU")
    choose(devices, keys=1)  # past GPU and NPU
    devices.setCurrentIndex(devices.findData("GPU"))
    assert chosen == ["AUTO"]
    assert devices.current() == "AUTO"


def test_a_second_gpu_stands_beside_the_first(devices: DevicePicker) -> None:
    gpus = (Device("GPU.0", "Arc"), Device("GPU.1", "Iris"))
    devices.set_devices((*gpus, CPU, Device("GPU", "Arc")))
    assert names(devices) == ["CPU", "GPU.0", "GPU.1", "GPU", "NPU", "AUTO"]


def test_the_wheel_changes_nothing(devices: DevicePicker) -> None:
    devices.set_devices((CPU, NO_GPU))
    devices.set_current("CPU")
    devices.setFocus()
    middle = QPointF(devices.rect().center())
    QTest.wheelEvent(devices.windowHandle(), middle, QPoint(0, -120))
    assert devices.current() == "CPU"


def test_pickers_are_named_for_assistive_tools(models: ModelPicker, devices: DevicePicker) -> None:
    assert (models.objectName(), models.accessibleName()) == ("modelPicker", "Model")
    assert (devices.objectName(), devices.accessibleName()) == ("devicePicker", "Device")
