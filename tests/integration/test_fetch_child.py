"""The child process that downloads: what it writes, where the token goes, whom it trusts."""

import datetime
import ipaddress
import queue
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop.domain.events import Event, Failed, JobDone
from desktop.engine.client import Child
from desktop.engine.protocol import Fetch, ImportGguf
from tests.hub.faults import Cut, Stall
from tests.hub.fetching import HANG_S, REPOSITORY, ChildFetch, wait_until
from tests.hub.models import STARTER, STARTER_FILE, ir_files, starter_files
from tests.hub.server import Hub

pytestmark = pytest.mark.integration

TOKEN = "hf_canaryCANARYcanary"
LARGE = "openvino_model.bin"
FILES = ir_files()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        hub.publish(REPOSITORY, FILES)
        yield hub


def done(child: ChildFetch) -> JobDone:
    """What it made; the process is ended."""
    outcome = child.outcome()
    child.kill()
    assert isinstance(outcome, JobDone), outcome
    return outcome


def failed(child: ChildFetch) -> Failed:
    outcome = child.outcome()
    child.kill()
    assert isinstance(outcome, Failed), outcome
    return outcome


def test_nothing_is_written_outside_the_folder(
    hub: Hub, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    for name in ("HF_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HF_TOKEN_PATH", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # as children have it
    done(ChildFetch(hub, tmp_path / "x"))
    assert list(home.iterdir()) == []


def test_a_gated_model_comes_with_a_token_that_only_the_hub_sees(hub: Hub, tmp_path: Path) -> None:
    hub.publish("maker/gated", FILES, gated=True)
    hub.tokens.add(TOKEN)
    hub.repositories["maker/gated"].readers.add(TOKEN)
    hub.fail("maker/gated", LARGE, Stall(100_000))
    child = ChildFetch(hub, tmp_path / "x", repository="maker/gated", token=TOKEN)
    part = tmp_path / "x" / f"{LARGE}.part"
    wait_until(lambda: part.exists() and part.stat().st_size == 100_000)
    process = psutil.Process(child.child.pid)
    assert TOKEN not in " ".join(process.cmdline())
    assert TOKEN not in str(process.environ())
    assert not [p for p in (tmp_path / "x").iterdir() if TOKEN.encode() in p.read_bytes()]
    child.kill()
    done(ChildFetch(hub, tmp_path / "x", repository="maker/gated", token=TOKEN))
    at_hub = [r for r in hub.requests if r.host == hub.url.removeprefix("http://")]
    at_storage = [r for r in hub.requests if r not in at_hub]
    assert {request.headers.get("authorization") for request in at_hub} == {f"Bearer {TOKEN}"}
    assert at_storage
    assert not [request for request in at_storage if TOKEN in str(request)]


@pytest.mark.parametrize(
    ("token", "sentence", "remedy"),
    [
        ("", "only to those who accept its licence", "/maker/gated, accept the licence"),
        (TOKEN, "no access to maker/gated yet", "/maker/gated with the account of your token"),
        ("hf_wrong", "does not accept your access token", "Make a new one"),
    ],
)
def test_a_gated_model_says_what_to_do(
    hub: Hub, tmp_path: Path, token: str, sentence: str, remedy: str
) -> None:
    hub.publish("maker/gated", FILES, gated=True)
    hub.tokens.add(TOKEN)
    outcome = failed(ChildFetch(hub, tmp_path / "x", repository="maker/gated", token=token))
    assert sentence in outcome.what
    assert remedy in outcome.remedy


def test_the_token_is_not_in_what_is_told_or_logged(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    outcome = failed(ChildFetch(hub, tmp_path / "x", token=TOKEN))
    assert TOKEN not in str(outcome)
    hub.tokens.add(TOKEN)
    hub.fail(REPOSITORY, LARGE, Cut(10))
    done(ChildFetch(hub, tmp_path / "x", token=TOKEN))
    assert "breaks off" in caplog.text
    assert TOKEN not in caplog.text
    assert "signature=made-up" not in caplog.text  # which lets its bearer read the file


def test_a_revision_that_is_not_there_is_told(hub: Hub, tmp_path: Path) -> None:
    outcome = failed(ChildFetch(hub, tmp_path / "x", revision="v9"))
    assert outcome.what == "maker/model does not have the revision that was asked for."


def test_the_starter_comes_from_a_repository_of_gguf(hub: Hub, tmp_path: Path) -> None:
    hub.publish(STARTER, starter_files())
    made = done(ChildFetch(hub, tmp_path / "x", repository=STARTER, patterns=("*.gguf",)))
    assert [file.path for file in made.files] == [STARTER_FILE]
    assert made.files[0].size == 98_362_432
    assert (tmp_path / "x" / STARTER_FILE).stat().st_size == 98_362_432


def test_each_role_does_its_own_jobs_only(tmp_path: Path) -> None:
    for role, command in (
        ("fetch", ImportGguf("x.gguf", str(tmp_path))),
        ("convert", Fetch(REPOSITORY, str(tmp_path))),
    ):
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        child = Child(role)
        child.start(events.put)
        child.send(command)
        outcome = events.get(timeout=HANG_S)
        child.end()
        assert isinstance(outcome, Failed)
        assert f"is no job of {role}" in outcome.what


def test_the_parent_imports_nothing_of_it() -> None:
    code = (
        "import sys, desktop.services.models, desktop.services.jobs, desktop.engine.client;"
        "print([m for m in ('httpx', 'huggingface_hub', 'certifi') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that signed itself, with its key, for both names of the hub for tests."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure_hub(authority: Path) -> Iterator[Hub]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    with Hub(context) as hub:
        hub.publish(REPOSITORY, FILES)
        yield hub


def test_a_certificate_that_nobody_vouches_for_is_told(secure_hub: Hub, tmp_path: Path) -> None:
    outcome = failed(ChildFetch(secure_hub, tmp_path / "x"))
    assert "its certificate is not trusted (self-signed certificate)" in outcome.what
    assert "SSL_CERT_FILE" in outcome.remedy
    assert secure_hub.requests == []


def test_the_certificate_of_an_organisation_can_be_trusted(
    secure_hub: Hub, tmp_path: Path, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    secure_hub.tokens.add(TOKEN)
    made = done(ChildFetch(secure_hub, tmp_path / "x", token=TOKEN))
    assert (tmp_path / "x" / LARGE).read_bytes() == FILES[LARGE]
    assert len(made.files) == 11
    assert secure_hub.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
