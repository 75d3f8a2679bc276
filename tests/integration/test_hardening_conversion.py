"""What a checkpoint could do to the process that converts it, and cannot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.client import Child
from desktop.engine.protocol import ExportCheckpoint
from desktop.models.jobs.fetch.choice import refuse_code_in_settings
from desktop.services.jobs import Work
from tests.support import ROOT

pytestmark = pytest.mark.integration

SHUT_IN = """
import os, sys, tempfile
from pathlib import Path
from desktop.models.jobs.export.seclusion import seclude
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
scratch = inside / ".scratch"
scratch.mkdir()
(outside / "there").write_text("x")
(inside / "way").symlink_to(outside)
seclude(scratch)
tries = {
    "write": lambda: (outside / "a").write_text("x"),
    "append": lambda: open(outside / "there", "a"),
    "bytes": lambda: open(os.fsencode(outside / "b"), "wb"),
    "os.open": lambda: os.open(outside / "c", os.O_CREAT | os.O_WRONLY),
    "up": lambda: (inside / ".." / outside.name / "d").write_text("x"),
    "link": lambda: (inside / "way" / "e").write_text("x"),
    "mkdir": lambda: (outside / "f").mkdir(),
    "rename in": lambda: (outside / "there").rename(inside / "there"),
    "rename out": lambda: scratch.rename(outside / "g"),
    "hard link": lambda: os.link(outside / "there", inside / "h"),
    "remove": lambda: (outside / "there").unlink(),
    "beside": lambda: Path(str(inside) + "x").write_text("x"),
}
for name, attempt in tries.items():
    try:
        attempt()
        print("did", name)
    except PermissionError:
        pass
(inside / "mine").write_text("x")
(inside / "folder").mkdir()
(inside / "mine").rename(inside / "folder" / "mine")
with tempfile.NamedTemporaryFile() as file, open(os.devnull, "w"), open(outside / "there"):
    assert Path(file.name).parent == scratch
print("end")
"""


def test_a_conversion_writes_to_its_folder_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    command = [sys.executable, "-c", SHUT_IN, str(inside), str(outside)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("end\n", "")
    assert [path.name for path in outside.iterdir()] == ["there"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "outside"]


@pytest.mark.parametrize("name", ["../../../evil", "/tmp/evil", "a/b", "..", "a\\b", "", "x" * 300])
def test_a_chat_template_is_no_file_elsewhere(name: str) -> None:
    """transformers before 5.10 makes paths of these names (CVE-2026-9856)."""
    for templates in (
        [{"name": "default", "template": "x"}, {"name": name, "template": "x"}],
        {"default": "x", name: "x"},
    ):
        body = json.dumps({"chat_template": templates}).encode()
        with pytest.raises(Problem, match="a chat template whose name leads out"):
            refuse_code_in_settings("maker/model", "tokenizer_config.json", body)


@pytest.mark.parametrize(
    "settings",
    [
        {"chat_template": "{{ messages }}"},
        {"chat_template": [{"name": "default", "template": "x"}, {"name": "tool_use"}]},
        {"chat_template": {"default": "x", "rag": "y"}},
        {"attn_implementation": "sdpa", "_attn_implementation": "flash_attention_2"},
    ],
)
def test_honest_settings_are_taken(settings: dict[str, object]) -> None:
    refuse_code_in_settings("maker/model", "config.json", json.dumps(settings).encode())


@pytest.mark.parametrize(
    "settings",
    [
        {"_attn_implementation_internal": "sdpa"},
        {"attn_implementation": "kernels-community/flash-attn"},
        {"text_config": {"_attn_implementation": {"": "evil/kernel:run"}}},
        {"custom_pipelines": {"x": {"impl": "evil.X"}}},
        {"custom_generate": "evil/generate"},
    ],
)
def test_settings_that_run_code_of_a_repository_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(Problem, match="asks for program code to be run"):
        refuse_code_in_settings("maker/model", "config.json", json.dumps(settings).encode())


def test_a_checkpoint_with_such_a_template_is_refused_by_the_child(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama", "max_position_embeddings": 512}')
    (folder / "model.safetensors").write_bytes(b"not looked at")
    settings = {"chat_template": [{"name": "../../../evil", "template": "x"}]}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (tmp_path / "target").mkdir()
    with pytest.raises(Problem, match="leads out of its folder"):
        Work(Child).run(ExportCheckpoint(str(folder), str(tmp_path / "target")), lambda _: None)
    assert not [name for _, _, names in os.walk(tmp_path) for name in names if "evil" in name]
