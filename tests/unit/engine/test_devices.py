"""What the device list says, with scripted hardware in the place of OpenVINO's."""

from pathlib import Path

import pytest

from desktop.domain.hardware import Device
from desktop.engine import devices
from desktop.engine.worker import _load_problem

NAMES = {
    "CPU": "Intel(R) Core(TM) Ultra 7 155H",
    "GPU": "Intel(R) Arc(TM) Graphics (iGPU)",
    "GPU.0": "Intel(R) Arc(TM) Graphics (iGPU)",
    "GPU.1": "Intel(R) Arc(TM) A770 (dGPU)",
    "NPU": "Intel(R) AI Boost",
}


def have(monkeypatch: pytest.MonkeyPatch, *names: str, pci: tuple[str, ...] = ()) -> None:
    """Let OpenVINO find these devices, and Linux see these PCI classes of Intel."""

    class Core:
        @property
        def available_devices(self) -> list[str]:
            return list(names)

        def get_property(self, name: str, key: str) -> str:
            assert key == "FULL_DEVICE_NAME"
            return NAMES[name]

    monkeypatch.setattr(devices.openvino, "Core", Core)
    monkeypatch.setattr(devices, "_pci_has", lambda prefix: prefix in pci)


def by_name() -> dict[str, Device]:
    return {device.name: device for device in devices.list_devices()}


def test_every_choice_is_there_with_a_name_or_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, "CPU")
    found = by_name()
    assert list(found) == ["CPU", "GPU", "NPU", "AUTO"]
    assert found["CPU"] == Device("CPU", NAMES["CPU"])
    assert found["AUTO"] == Device("AUTO", "Chooses for you: CPU here")
    for name in ("GPU", "NPU"):
        assert not found[name].available
        assert found[name].why_not.endswith(".")


def test_a_laptop_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, "CPU", "GPU", "NPU")
    found = by_name()
    assert all(device.available for device in found.values())
    assert found["AUTO"].full_name == "Chooses for you: GPU here"


def test_two_graphics_are_two_choices_and_none_is_called_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    have(monkeypatch, "CPU", "GPU.0", "GPU.1")
    found = by_name()
    assert list(found) == ["CPU", "GPU.0", "GPU.1", "NPU", "AUTO"]
    assert found["GPU.1"].full_name == NAMES["GPU.1"]


@pytest.mark.parametrize(
    ("name", "pci"), [("GPU", devices.PCI_DISPLAY), ("NPU", devices.PCI_ACCELERATOR)]
)
def test_hardware_without_a_driver_is_told_from_no_hardware(
    monkeypatch: pytest.MonkeyPatch, name: str, pci: str
) -> None:
    have(monkeypatch, "CPU")
    assert by_name()[name].why_not.startswith("There is no Intel")
    have(monkeypatch, "CPU", pci=(pci,))
    assert "install Intel's" in by_name()[name].why_not


def test_without_a_cpu_the_program_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch)
    assert "install Cellar again" in by_name()["CPU"].why_not


@pytest.mark.parametrize(
    ("available", "choice"),
    [
        (["CPU"], "CPU"),
        (["CPU", "NPU"], "CPU"),
        (["CPU", "GPU", "NPU"], "GPU"),
        (["CPU", "GPU.0", "GPU.1"], "GPU.0"),
        ([], "CPU"),
    ],
)
def test_auto_takes_graphics_and_never_the_npu(
    monkeypatch: pytest.MonkeyPatch, available: list[str], choice: str
) -> None:
    assert devices.resolve_auto(available) == choice
    have(monkeypatch, *available)
    assert devices.resolve("AUTO") == choice
    assert devices.resolve("NPU") == "NPU"


def test_devices_that_linux_sees(tmp_path: Path) -> None:
    for name, vendor, kind in (
        ("00:02.0", "0x8086", "0x030000"),
        ("01:00.0", "0x10de", "0x120000"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "vendor").write_text(f"{vendor}\n")
        (folder / "class").write_text(f"{kind}\n")
    (tmp_path / "without-files").mkdir()
    if devices.sys.platform == "linux":
        assert devices._pci_has(devices.PCI_DISPLAY, tmp_path)
    assert not devices._pci_has(devices.PCI_ACCELERATOR, tmp_path)  # of another maker
    assert not devices._pci_has(devices.PCI_DISPLAY, tmp_path / "nowhere")


@pytest.mark.parametrize("device", ["GPU", "GPU.7", "NPU"])
def test_a_device_that_is_missing_is_what_did_not_load(
    monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    have(monkeypatch, "CPU")
    problem = _load_problem(device, "Cannot load library libOpenCL.so.1")
    assert problem.what.startswith(f"The model could not be loaded on {device}: There is no Intel")
    assert "libOpenCL" not in problem.what
    assert problem.remedy == "Choose another device."


def test_where_the_device_is_there_its_own_words_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, "CPU", "GPU.0", "GPU.1")
    for device in ("CPU", "GPU", "GPU.1", "AUTO"):
        problem = _load_problem(device, "Shapes differ")
        assert problem.what == f"The model could not be loaded on {device}: Shapes differ."
        assert "install it again" in problem.remedy
