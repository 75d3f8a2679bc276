"""The access token: where it is kept, and that it is nowhere else."""

import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import keyring
import pytest

from desktop.domain.errors import Problem
from desktop.services.tokens import (
    IN_ENVIRONMENT,
    IN_KEYRING,
    IN_MEMORY,
    TokenStore,
    system_vault,
)


class Safe:
    """A keyring that works."""

    def __init__(self, **kept: str) -> None:
        self.kept = kept

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service]


class Locked(Safe):
    """A keyring that the user does not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("dismissed")


def locked_keyring() -> Safe:
    return Locked()


def no_keyring() -> None:
    return None


def broken_keyring() -> None:
    raise OSError("no D-Bus")


def test_a_token_lives_in_the_keyring_and_is_there_the_next_time() -> None:
    safe = Safe()
    store = TokenStore(lambda: safe, {})
    assert store.get() == ""
    store.set(" hf_abc\n")
    assert store.where == IN_KEYRING
    assert safe.kept == {"Cellar": "hf_abc"}
    assert TokenStore(lambda: safe, {}).get() == "hf_abc"
    store.clear()
    assert safe.kept == {}
    assert store.get() == ""
    store.clear()


def test_an_empty_token_clears() -> None:
    safe = Safe(Cellar="hf_old")
    TokenStore(lambda: safe, {}).set("  ")
    assert safe.kept == {}


@pytest.mark.parametrize("find", [no_keyring, broken_keyring, locked_keyring])
def test_without_a_keyring_the_token_lasts_as_long_as_the_program(
    find: Callable[[], Safe | None],
) -> None:
    store = TokenStore(find, {})
    store.set("hf_abc")
    assert store.get() == "hf_abc"
    assert store.where == IN_MEMORY
    store.clear()
    assert store.get() == ""
    assert TokenStore(find, {}).get() == ""


def test_a_keyring_that_fails_later_gives_way_to_memory() -> None:
    safe = Safe()
    store = TokenStore(lambda: safe, {})
    assert store.where == IN_KEYRING
    safe.__class__ = Locked
    store.set("hf_abc")
    assert store.get() == "hf_abc"
    assert store.where == IN_MEMORY


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
def test_the_environment_comes_first_and_stays(name: str) -> None:
    safe = Safe(Cellar="hf_kept")
    store = TokenStore(lambda: safe, {name: " hf_given "})
    assert store.get() == "hf_given"
    assert store.where == IN_ENVIRONMENT
    store.set("hf_new")
    assert store.get() == "hf_given"
    assert TokenStore(lambda: safe, {}).get() == "hf_new"


@pytest.mark.parametrize("token", ["hf_ä", "hf a", "hf\r\nX: y", "\0"])
def test_what_cannot_be_a_token_is_not_kept_and_not_shown(token: str) -> None:
    safe = Safe()
    with pytest.raises(Problem, match="no token has") as raised:
        TokenStore(lambda: safe, {}).set(token)
    assert safe.kept == {}
    assert token not in str(raised.value)


def test_a_token_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    store = TokenStore(locked_keyring, {})
    store.set("hf_canary")
    store.clear()
    assert "the keyring failed" in caplog.text
    assert "hf_canary" not in caplog.text
    assert "hf_canary" not in repr(store)


class PlainFile(Safe):
    """A backend of somebody else, such as those that write passwords to files."""


def of_module(name: str) -> Safe:
    keyring_of_it: Safe = type("Keyring", (Safe,), {"__module__": name})()
    return keyring_of_it


def test_only_keyrings_that_keep_secrets_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    secret_service = of_module("keyring.backends.SecretService")
    several = SimpleNamespace(backends=[PlainFile(), secret_service])  # as a chainer has them
    choices = [
        (secret_service, secret_service),
        (several, secret_service),
        (PlainFile(), None),
        (of_module("keyring.backends.null"), None),
        (of_module("keyring.backends.fail"), None),
    ]
    for chosen, used in choices:
        monkeypatch.setattr(keyring, "get_keyring", lambda chosen=chosen: chosen)
        assert system_vault() is used


def test_the_start_of_the_program_does_not_wait_for_the_keyring() -> None:
    code = (
        "import sys, desktop.services.tokens as t; t.TokenStore(); print('keyring' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
