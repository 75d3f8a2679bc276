"""The access token goes to the hub, and is written nowhere."""

import json
from collections.abc import Iterator

import pytest

from tests.hub.models import ir_files
from tests.hub.server import Hub
from tests.support import Cellar

pytestmark = pytest.mark.e2e

TOKEN = "hf_" + "canarytoken" * 3
REPOSITORY = "maker/gated"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as made:
        made.publish(REPOSITORY, ir_files(), gated=True)
        made.tokens.add(TOKEN)
        made.repositories[REPOSITORY].readers.add(TOKEN)
        yield made


def test_a_gated_download_leaves_no_trace_of_the_token(fresh_cellar: Cellar, hub: Hub) -> None:
    environment = {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_DEBUG": "1"}
    words = ("models", "add", f"hf:{REPOSITORY}", "--json", "--log-level", "debug")
    ran = fresh_cellar(*words, environment=environment)
    events = [json.loads(line)["event"] for line in ran.out.splitlines()]
    assert "transfer" in events, ran.err  # it did come, whatever was wrong with the model then
    shown = [request.headers.get("authorization") for request in hub.requests]
    assert f"Bearer {TOKEN}" in shown
    assert TOKEN not in ran.out + ran.err
    places = (fresh_cellar.data_dir, fresh_cellar.home)
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    assert [path.name for path in files if TOKEN.encode() in path.read_bytes()] == []
