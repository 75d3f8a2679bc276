"""What was dropped on the window: which files are meant, and what becomes of each."""

from pathlib import Path

from PySide6.QtCore import QUrl

from desktop.models.peft import CONFIG
from desktop.ui.drops import Dropped, local_paths, sorted_out


def test_only_files_of_this_computer_are_looked_at() -> None:
    urls = [QUrl.fromLocalFile("/a/b.json"), QUrl("https://x.org/d.json")]
    urls += [QUrl("file://host/e.json"), QUrl("file:////host/f.json"), QUrl("file:///a%00b")]
    assert local_paths(urls) == (Path("/a/b.json"),)


def test_every_file_has_one_way_to_go(tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / CONFIG).write_text("{}", "utf-8")
    model, folder = tmp_path / "m.gguf", tmp_path / "model"
    model.write_bytes(b"GGUF")
    folder.mkdir()
    lora, notes = tmp_path / "a.safetensors", tmp_path / "notes.json"
    lora.write_bytes(b"")
    notes.write_text("{}", "utf-8")
    groups = {"models": (model, folder), "adapters": (adapter, lora), "files": (notes,)}
    everything = [path for group in groups.values() for path in group]
    dropped = sorted_out([QUrl.fromLocalFile(str(path)) for path in everything])
    assert dropped == Dropped(groups["adapters"], groups["models"], groups["files"])
