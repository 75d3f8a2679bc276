"""The adapters' own thread: what it is asked, and what it tells."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from desktop.engine.fake import FAKE_LAYERS, FAKE_MODEL, FakeLibrary
from desktop.models.adapters import AdapterStore
from desktop.services.adapters import commands, notices
from desktop.services.adapters.commands import AdapterCommand
from desktop.services.adapters.notices import AdapterNotice
from desktop.services.adapters.service import AdapterService
from tests.models.tiny_lora import peft_folder, random_pairs

WITHIN_S = 20.0
SIZES = {name: (linear.outputs, linear.inputs) for name, linear in FAKE_LAYERS.items()}

N = TypeVar("N", bound=AdapterNotice)


class Desk:
    """The service in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._told: queue.SimpleQueue[AdapterNotice] = queue.SimpleQueue()
        store = AdapterStore(folder / "adapters", lambda _: FAKE_LAYERS)
        self.service = AdapterService(store, FakeLibrary(), self._told.put)
        self._thread = threading.Thread(target=self.service.run, daemon=True)
        self._thread.start()

    def post(self, *asked: AdapterCommand) -> None:
        for command in asked:
            self.service.post(command)

    def next(self, kind: type[N]) -> N:
        notice = self._told.get(timeout=WITHIN_S)
        assert isinstance(notice, kind), notice
        return notice

    def quit(self) -> None:
        self.post(commands.Quit())
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.quit()


def pirate(tmp_path: Path) -> Path:
    return peft_folder(tmp_path / "Pirate", random_pairs(SIZES, 1, 1.0), 8)


def test_added_removed_and_brought_back(desk: Desk, tmp_path: Path) -> None:
    model = FAKE_MODEL.id
    desk.post(commands.ShowModel(model))
    assert desk.next(notices.AdaptersListed) == notices.AdaptersListed(model, ())
    desk.post(commands.AddAdapter(model, pirate(tmp_path)))
    (adapter,) = desk.next(notices.AdaptersListed).adapters
    assert desk.next(notices.AdapterAdded).adapter == adapter
    desk.post(commands.RemoveAdapter(model, adapter.id), commands.UndoRemoveAdapter())
    assert desk.next(notices.AdaptersListed).adapters == ()
    assert desk.next(notices.AdapterRemoved).adapter == adapter
    assert desk.next(notices.AdaptersListed).adapters == (adapter,)
    assert desk.next(notices.AdapterBack).adapter == adapter
    desk.post(commands.UndoRemoveAdapter(), commands.ShowModel("other"))  # nothing to undo
    assert desk.next(notices.AdaptersListed) == notices.AdaptersListed("other", ())


def test_what_goes_wrong_is_told_and_the_next_is_done(desk: Desk, tmp_path: Path) -> None:
    model = FAKE_MODEL.id
    desk.post(
        commands.AddAdapter(model, tmp_path / "nothing.safetensors"),
        commands.AddAdapter("gone", pirate(tmp_path)),
        commands.RemoveAdapter(model, "gone"),
        commands.AddAdapter(model, tmp_path / "Pirate"),
    )
    for said in ("There is no adapter", "not installed", "was not added"):
        trouble = desk.next(notices.AdapterTrouble)
        assert said in trouble.what
        assert trouble.remedy
    desk.next(notices.AdaptersListed)
    desk.next(notices.AdapterAdded)


def test_what_was_removed_is_gone_after_the_end(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.post(commands.AddAdapter(FAKE_MODEL.id, pirate(tmp_path)))
    desk.next(notices.AdaptersListed)
    adapter = desk.next(notices.AdapterAdded).adapter
    desk.post(commands.RemoveAdapter(FAKE_MODEL.id, adapter.id))
    desk.quit()
    assert list((tmp_path / "adapters" / FAKE_MODEL.id).iterdir()) == []
