"""The housekeeper: settings are written, what is kept is measured, reports are looked after."""

import queue
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from desktop.paths import Paths
from desktop.services.front import Call, Front
from desktop.services.house import commands, notices
from desktop.services.house.commands import HouseCommand
from desktop.services.house.notices import HouseNotice, Thing
from desktop.services.house.service import HouseService
from desktop.settings.store import SettingsStore

N = TypeVar("N", bound=HouseNotice)
WITHIN_S = 20.0


class House:
    """The service in its thread, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths.of(folder / "data")
        self.paths.logs.mkdir(parents=True)
        self.settings = SettingsStore(self.paths.settings)
        self.licences = folder / "licences"
        self.front = Front(self.paths.data_dir)
        self.said: queue.SimpleQueue[HouseNotice] = queue.SimpleQueue()
        self.service = HouseService(
            self.paths, self.settings, self.licences, self.front, self.said.put
        )
        self._thread = threading.Thread(target=self.service.run)
        self._thread.start()

    def answer(self, kind: type[N], *asked: HouseCommand) -> N:
        for command in asked:
            self.service.post(command)
        notice = self.said.get(timeout=WITHIN_S)
        assert isinstance(notice, kind), notice
        return notice

    def close(self) -> None:
        self.service.post(commands.Quit())
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def report(house: House, name: str, text: str = "a report") -> None:
    (house.paths.logs / name).write_text(text, encoding="utf-8")


def test_a_setting_is_written(house: House) -> None:
    house.settings.choose("offline", True)
    house.service.post(commands.SaveSetting("offline"))
    house.close()
    assert tomllib.loads(house.paths.settings.read_text("utf-8"))["offline"] is True


def test_a_settings_file_that_cannot_be_written_is_told_of(house: House) -> None:
    house.paths.settings.mkdir()
    house.settings.choose("offline", True)
    told = house.answer(notices.HouseTrouble, commands.SaveSetting("offline"))
    assert "settings" in told.what
    assert house.settings.switch("offline")  # it holds all the same


def test_a_settings_file_that_was_damaged_meanwhile_is_told_of(house: House) -> None:
    house.paths.settings.write_text("offline = = true", encoding="utf-8")
    house.settings.choose("offline", True)
    told = house.answer(notices.HouseTrouble, commands.SaveSetting("offline"))
    assert "could not be read" in told.what
    assert "damaged" in told.remedy


def test_what_is_kept_is_measured_without_following_links(house: House) -> None:
    house.paths.database.write_bytes(b"x" * 100)
    house.paths.database.with_name("chats.db-wal").write_bytes(b"x" * 11)
    (house.paths.models / "one").mkdir(parents=True)
    (house.paths.models / "one" / "model.bin").write_bytes(b"x" * 1000)
    (house.paths.data_dir / "layouts.json").write_bytes(b"x" * 7)
    large = house.licences.with_name("large")
    large.write_bytes(b"x" * 100_000)
    (house.paths.models / "link").symlink_to(large)
    measured = house.answer(notices.Measured, commands.Measure())
    sizes = {kept.thing: kept.size for kept in measured.things}
    assert sizes[Thing.CHATS] == 111
    assert 1000 <= sizes[Thing.MODELS] < 2000
    assert sizes[Thing.REST] == 7
    assert Thing.BACKUPS not in sizes
    assert measured.folder == house.paths.data_dir


def test_licences_are_read_from_all_folders(house: House) -> None:
    assert house.answer(notices.LicencesRead, commands.ReadLicences()).licences == ()
    (house.licences / "qt").mkdir(parents=True)
    (house.licences / "qt" / "LGPL.txt").write_text("free", encoding="utf-8")
    (house.licences / "broken").write_bytes(b"\xff\xfe")
    read = house.answer(notices.LicencesRead, commands.ReadLicences()).licences
    assert [(each.name, each.text) for each in read] == [
        ("broken", "��"),
        ("qt/LGPL.txt", "free"),
    ]


def test_reports_that_were_not_seen_are_found_the_newest_first(house: House) -> None:
    names = [
        "crash-20261121-090000.txt",
        "crash-20261121-090000-2.txt",
        "crash-20261121-100000.txt",
    ]
    for name in names:
        report(house, name)
    report(house, "cellar.log")
    found = house.answer(notices.ReportsFound, commands.LookForReports())
    assert list(found.names) == names[::-1]
    found = house.answer(notices.ReportsFound, commands.LookForReports(names[0]))
    assert list(found.names) == [names[2], names[1]]
    house.service.post(commands.LookForReports(names[2]))
    house.close()
    assert house.said.empty()


def test_a_report_is_read_and_deleted(house: House) -> None:
    report(house, "crash-1.txt", "places")
    assert house.answer(notices.ReportRead, commands.ReadReport("crash-1.txt")).text == "places"
    house.service.post(commands.DeleteReport("crash-1.txt"))
    gone = house.answer(notices.HouseTrouble, commands.ReadReport("crash-1.txt"))
    assert "read the report" in gone.what


def test_nothing_outside_of_the_folder_is_read_or_deleted(house: House) -> None:
    secret = house.paths.data_dir / "secret.txt"
    secret.write_text("secret")
    told = house.answer(notices.HouseTrouble, commands.ReadReport("../secret.txt"))
    assert "secret" not in told.remedy
    house.service.post(commands.DeleteReport("../secret.txt"))
    house.close()
    assert secret.exists()


def test_a_report_is_saved_where_the_user_wants_it(house: House, tmp_path: Path) -> None:
    house.service.post(commands.WriteText(tmp_path / "report.txt", "Ünï"))
    told = house.answer(
        notices.HouseTrouble, commands.WriteText(tmp_path / "no" / "report.txt", "Ünï")
    )
    assert "save the report" in told.what
    assert (tmp_path / "report.txt").read_text("utf-8") == "Ünï"


def test_calls_of_other_starts_are_told(house: House) -> None:
    call = Call(("/a.gguf",), offline=True)
    assert house.front.enter(Call())
    other = threading.Thread(target=Front(house.paths.data_dir).enter, args=[call])
    other.start()
    while other.is_alive():
        house.service.post(commands.AnswerCalls())
        other.join(0.02)
    assert house.answer(notices.Called).call == call
    house.front.leave()


def test_the_facts_are_about_the_program_only(house: House) -> None:
    lines = house.answer(notices.Facts, commands.TellFacts()).lines
    assert any(line.startswith("Python: 3.") for line in lines)
    assert str(Path.home()) not in "\n".join(lines)
