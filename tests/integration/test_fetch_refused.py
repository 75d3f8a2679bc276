"""Repositories and folders that are out for harm."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from tests.hub.fetching import REPOSITORY, fetch_here
from tests.hub.models import ir_files, safetensors_files
from tests.hub.server import Hub

pytestmark = pytest.mark.integration

LARGE = "openvino_model.bin"
FILES = ir_files()
CODE = b"import pathlib; pathlib.Path('canary').write_text('executed')"
PICKLE = b"cposix\nsystem\n(S'touch canary'\ntR."


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/tmp/evil.json",
        "C:/evil.json",
        "\\\\server\\share\\evil.json",
        "a\0.json",
        "x" * 300 + ".json",
        "CONFIG.json",
        "NUL.json",
    ],
)
def test_a_repository_with_a_hostile_name_is_refused_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    hub.publish(REPOSITORY, FILES | {name: b"{}"})
    with pytest.raises(Problem, match="maker/model was refused: its file"):
        fetch_here(hub, tmp_path / "x")
    assert hub.sent.total() == 0
    assert {path.name for path in tmp_path.iterdir()} == {"x"}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (FILES | {"modeling_x.py": CODE}, "brings program code of its own"),
        ({"config.json": b"{}", "pytorch_model.bin": PICKLE}, "can run program code"),
        ({"config.json": b"{}", "model.pt": PICKLE}, "can run program code"),
        ({"config.json": b"{}", "README.md": b""}, "no model that Cellar can use"),
    ],
)
def test_a_repository_with_code_is_refused_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, files: dict[str, bytes], sentence: str
) -> None:
    hub.publish(REPOSITORY, files)
    with pytest.raises(Problem, match=sentence):
        fetch_here(hub, tmp_path / "x")
    assert hub.sent.total() == 0


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_settings_that_ask_for_code_are_refused_before_the_weights_are_fetched(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    settings = json.dumps({"auto_map": {"AutoModel": "someone/else--modeling_x.X"}}).encode()
    hub.publish(REPOSITORY, FILES | {name: settings})
    with pytest.raises(Problem, match="asks for program code to be run"):
        fetch_here(hub, tmp_path / "x")
    assert hub.sent[REPOSITORY, LARGE] == 0
    with pytest.raises(Problem, match="asks for program code to be run"):  # they are on disk now
        fetch_here(hub, tmp_path / "x")
    assert hub.sent[REPOSITORY, LARGE] == 0


def test_pickles_beside_safe_weights_are_left(hub: Hub, tmp_path: Path) -> None:
    hub.publish(REPOSITORY, safetensors_files() | {"training_args.bin": PICKLE})
    fetched = fetch_here(hub, tmp_path / "x")
    assert "model.safetensors" in fetched.files
    assert not [path.name for path in (tmp_path / "x").iterdir() if path.suffix == ".bin"]
    assert hub.asked("training_args.bin") == []


def test_one_file_of_a_repository(hub: Hub, tmp_path: Path) -> None:
    hub.publish(REPOSITORY, {"README.md": b"x", "q4/a.gguf": b"GGUF" * 9, "b.gguf": b"GGUF"})
    fetched = fetch_here(hub, tmp_path / "x", patterns=("q4/a.gguf",))
    assert set(fetched.files) == {"q4/a.gguf"}
    assert (tmp_path / "x" / "q4" / "a.gguf").read_bytes() == b"GGUF" * 9


def planted_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def planted_second_name(path: Path, victim: Path) -> None:
    path.hardlink_to(victim)


def planted_dangling_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim.parent / "new")


@pytest.mark.skipif(os.name == "nt", reason="making links takes a privilege there")
@pytest.mark.parametrize("plant", [planted_link, planted_second_name, planted_dangling_link])
@pytest.mark.parametrize("name", [f"{LARGE}.part", LARGE, "config.json.part", "config.json"])
def test_a_planted_link_is_not_followed(
    hub: Hub, tmp_path: Path, name: str, plant: Callable[[Path, Path], None]
) -> None:
    hub.publish(REPOSITORY, FILES)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    folder = tmp_path / "x"
    folder.mkdir()
    plant(folder / name, victim)
    with pytest.raises(Problem, match="is a link to something else"):
        fetch_here(hub, folder)
    assert victim.read_bytes() == b"precious"
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.name == "nt", reason="making links takes a privilege there")
@pytest.mark.parametrize("name", [".fetch.json", "cellar.lock"])
def test_planted_links_in_the_place_of_our_own_files_are_not_followed(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    hub.publish(REPOSITORY, FILES)
    folder = tmp_path / "x"
    folder.mkdir()
    (tmp_path / "victim").write_bytes(b"precious")
    (folder / name).symlink_to(tmp_path / "victim")
    with pytest.raises(Problem, match="is a link to something else"):
        fetch_here(hub, folder)
    assert (tmp_path / "victim").read_bytes() == b"precious"


@pytest.mark.skipif(os.name == "nt", reason="making links takes a privilege there")
def test_a_folder_that_is_a_link_is_not_followed(hub: Hub, tmp_path: Path) -> None:
    hub.publish(REPOSITORY, {"q4/a.gguf": b"GGUF"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "q4").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="“q4” in the folder of the download is a link"):
        fetch_here(hub, tmp_path / "x", patterns=("*.gguf",))
    (tmp_path / "y").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="is a link to something else"):
        fetch_here(hub, tmp_path / "y", patterns=("*.gguf",))
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes in folders")
def test_a_planted_pipe_is_not_waited_for(hub: Hub, tmp_path: Path) -> None:
    hub.publish(REPOSITORY, FILES)
    (tmp_path / "x").mkdir()
    os.mkfifo(tmp_path / "x" / f"{LARGE}.part")
    with pytest.raises(Problem):
        fetch_here(hub, tmp_path / "x")


@pytest.mark.parametrize(
    "name", ["", "model", "../model", "a/b/c", "maker/..", "maker/mo del", "maker/model?x", "-/x"]
)
def test_what_is_no_name_of_a_repository_is_not_asked_for(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    with pytest.raises(Problem, match="is no name of a repository"):
        fetch_here(hub, tmp_path / "x", repository=name)
    assert hub.requests == []
