"""A child process gets little to know and little to take."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from desktop.engine import limits
from desktop.engine.client import Child, child_environment
from desktop.engine.environment import of_child

CANARY = "hf_canarytoken0123456789"
SECRETS = {
    "HF_TOKEN": CANARY,
    "HUGGING_FACE_HUB_TOKEN": CANARY,
    "GITHUB_TOKEN": CANARY,
    "AWS_SECRET_ACCESS_KEY": CANARY,
    "SSH_AUTH_SOCK": f"/run/{CANARY}",
    "DBUS_SESSION_BUS_ADDRESS": f"unix:path=/run/{CANARY}",
    "HTTPS_PROXY": f"http://me:{CANARY}@proxy:3128",
    "https_proxy": f"http://me:{CANARY}@proxy:3128",
    "DISPLAY": f":{CANARY}",
}
NEEDED = {
    "PATH": "/bin",
    "HOME": "/home/me",
    "LC_ALL": "C.UTF-8",
    "OV_CPU_ENABLE": "1",
    "OMP_NUM_THREADS": "2",
    "ZE_ENABLE_PCI_ID_DEVICE_ORDER": "1",
    "SYSTEMROOT": r"C:\Windows",
    "SSL_CERT_FILE": "/etc/mine.pem",
}
ROLES = ("engine", "convert", "fetch", "template", "measure")


@pytest.mark.parametrize("role", ROLES)
def test_a_child_gets_what_it_needs_and_no_more(role: str) -> None:
    found = child_environment(NEEDED | SECRETS, role)
    assert {name: found[name] for name in NEEDED} == NEEDED
    assert found["HF_HUB_OFFLINE"] == "1"
    known = {name for name, value in found.items() if CANARY in value}
    assert known == ({"HTTPS_PROXY", "https_proxy"} if role == "fetch" else set())


def test_a_bundle_s_own_libraries_are_not_forced_on_another_bundle() -> None:
    frozen = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine"}
    assert of_child(frozen, "convert")["LD_LIBRARY_PATH"] == "/mine"


@pytest.fixture(params=ROLES)
def child(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    child = Child(request.param)
    child.start(lambda _: None)
    yield child
    child.end()


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of other systems cannot be read")
def test_a_child_that_runs_is_limited_and_knows_no_secret(
    child: Child, request: pytest.FixtureRequest
) -> None:
    role = request.node.callspec.params["child"]
    process = psutil.Process(child.pid)
    before = psutil.Process().rlimit(psutil.RLIMIT_DATA)
    deadline = time.monotonic() + 60
    while process.rlimit(psutil.RLIMIT_DATA) == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.1)
    files = limits.CONNECTIONS if role == "fetch" else limits.OPEN_FILES
    assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_NOFILE)[0] <= files
    assert 2**29 < process.rlimit(psutil.RLIMIT_DATA)[0] < 2**50
    with open(f"/proc/{child.pid}/oom_score_adj") as score:
        assert int(score.read()) >= int(limits.FIRST_TO_GO)
    environment = process.environ()
    known = {name for name, value in environment.items() if CANARY in value}
    assert known == ({"HTTPS_PROXY", "https_proxy"} if role == "fetch" else set())
    assert not any(CANARY in word for word in process.cmdline())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_limit_that_the_user_has_set_lower_stays() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200));"
        "from desktop.engine.limits import limit_child; limit_child('engine');"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "(100, 200)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what is written to")
def test_what_asks_for_far_too_much_memory_fails_at_once() -> None:
    code = (
        "from desktop.engine.limits import limit_child; limit_child('fetch')\n"
        "try:\n    bytearray(2**31)\nexcept MemoryError:\n    print('no')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "no"
