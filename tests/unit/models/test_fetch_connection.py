"""Where the token goes, and where it does not."""

import httpx
import pytest

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.patience import Patience

TOKEN = "hf_canary"
FILE = "/maker/model/resolve/0/model.bin"


class Net:
    """Answers with these redirects, then with a body; remembers what was asked with which token."""

    def __init__(self, *targets: str) -> None:
        self._targets = iter(targets)
        self.seen: list[tuple[str, str | None]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append((str(request.url), request.headers.get("Authorization")))
        target = next(self._targets, "")
        if target:
            return httpx.Response(302, headers={"Location": target})
        return httpx.Response(200, stream=httpx.ByteStream(b"body"))

    @property
    def tokens(self) -> list[str | None]:
        return [token for _, token in self.seen]


def get(net: Net, endpoint: str) -> Connection:
    connection = Connection(endpoint, TOKEN, Patience(), httpx.MockTransport(net))
    with connection.open(endpoint + FILE, "maker/model", {}) as response:
        response.read()
    return connection


@pytest.mark.parametrize(
    "endpoint",
    ["https://hub.test", "https://hub.test:8443", "http://127.0.0.1:9", "http://localhost:9"],
)
def test_the_token_goes_to_the_hub(endpoint: str) -> None:
    net = Net()
    get(net, endpoint)
    assert net.seen == [(endpoint + FILE, f"Bearer {TOKEN}")]


def test_the_token_never_goes_over_plain_http() -> None:
    net = Net()
    get(net, "http://hub.test")
    assert net.seen == [("http://hub.test" + FILE, None)]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://storage.test/x",
        "https://hub.test:444/x",
        "https://hub.test.evil.test/x",
        "https://sub.hub.test/x",
        "https://hub.test@evil.test/x",
    ],
)
def test_the_token_does_not_follow_a_redirect_elsewhere(elsewhere: str) -> None:
    net = Net(elsewhere)
    get(net, "https://hub.test")
    assert len(net.seen) == 2
    assert net.tokens[0] == f"Bearer {TOKEN}"
    assert TOKEN not in str(net.tokens[1])


def test_the_token_does_not_come_back_with_a_redirect_to_the_hub() -> None:
    net = Net("https://evil.test/x", "https://hub.test/y")
    get(net, "https://hub.test")
    assert net.tokens == [f"Bearer {TOKEN}", None, None]


def test_a_redirect_within_the_hub_keeps_the_token() -> None:
    net = Net("/renamed/model")
    get(net, "https://hub.test")
    assert net.seen[1] == ("https://hub.test/renamed/model", f"Bearer {TOKEN}")


def test_a_safe_connection_is_not_given_up_for_an_open_one() -> None:
    net = Net("http://storage.test/x")
    with pytest.raises(Problem, match=r"storage\.test over a connection that anyone can read"):
        get(net, "https://hub.test")
    assert [url for url, _ in net.seen] == ["https://hub.test" + FILE]


def test_going_in_circles_ends() -> None:
    with pytest.raises(Problem, match="in circles"):
        get(Net(*["https://hub.test/again"] * 20), "https://hub.test")


@pytest.mark.parametrize(
    "endpoint",
    ["huggingface.co", "ftp://hub.test", "https://", "https://me:pw@hub.test", "https://hub:port"],
)
def test_an_endpoint_that_is_no_address_is_named(endpoint: str) -> None:
    with pytest.raises(Problem, match="not the address of a hub") as raised:
        Connection(endpoint, "", Patience())
    assert "HF_ENDPOINT" in raised.value.remedy


@pytest.mark.parametrize("token", ["hf_a\r\nHost: evil", "hf_é", "hf a"])
def test_a_token_that_cannot_be_one_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(Problem, match="access token has a character") as raised:
        Connection("https://hub.test", token, Patience())
    assert token not in str(raised.value)


def test_the_environment_names_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Connection("", "", Patience()).host == "huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.test/")
    assert Connection("", "", Patience()).page("maker/model") == "https://mirror.test/maker/model"
    assert Connection("https://other.test", "", Patience()).host == "other.test"


def test_contacts_are_reported_with_what_came_since() -> None:
    connection = get(Net("https://storage.test/x"), "https://hub.test")
    assert [(c.host, c.received) for c in connection.contacts()] == [
        ("hub.test", 0),
        ("storage.test", 4),
    ]
    assert connection.contacts() == []
