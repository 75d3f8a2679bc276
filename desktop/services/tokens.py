"""The access token for gated models: in the system's keyring, or in memory, never in a file."""

import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr

log = logging.getLogger(__name__)

SERVICE, USER = "Cellar", "model hub"  # the entry's names in the keyring
VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")

IN_ENVIRONMENT = mark("HF_TOKEN of the environment")
IN_KEYRING = mark("the keyring of this computer")
IN_MEMORY = mark("memory, until Cellar is closed")

# Others that may be installed keep passwords in plain files.
_SAFE_VAULTS = (
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
)


class Vault(Protocol):
    """What a backend of the package `keyring` can do. Each method may wait for the user."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret. Raises when there is none."""


def system_vault() -> Vault | None:
    """The keyring of this computer, None when it has none that keeps secrets secret."""
    import keyring

    chosen = keyring.get_keyring()
    for vault in getattr(chosen, "backends", [chosen]):  # one of them may be several
        if type(vault).__module__.startswith(_SAFE_VAULTS):
            found: Vault = vault
            return found
    return None


class TokenStore:
    """The user's token. HF_TOKEN of the environment comes first.

    A locked keyring asks the user, so call this from where waiting does no harm.
    """

    def __init__(
        self,
        find_vault: Callable[[], Vault | None] = system_vault,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._find_vault = find_vault
        given = (environment.get(name, "").strip() for name in VARIABLES)
        self._given = next(filter(None, given), "")
        self._lock = threading.RLock()
        self._vault: Vault | None = None
        self._token: str | None = None  # None: the keyring was not asked yet

    @property
    def where(self) -> str:
        """Where the token is kept, or would be: one of the texts of this module."""
        if self._given:
            return IN_ENVIRONMENT
        with self._lock:
            self._open()
            return IN_KEYRING if self._vault else IN_MEMORY

    def get(self) -> str:
        """The token, empty when there is none."""
        if self._given:
            return self._given
        with self._lock:
            return self._open()

    def set(self, token: str) -> None:
        """Keep this token in the place of any other; an empty one clears. Raises Problem."""
        token = token.strip()
        if not re.fullmatch("[!-~]*", token):
            raise Problem(
                tr("The access token has a character that no token has."),
                tr("Copy it once more, and whole."),
            )
        if not token:
            self.clear()
            return
        with self._lock:
            self._open()
            self._token = token
            self._use(lambda vault: vault.set_password(SERVICE, USER, token))

    def clear(self) -> None:
        """Forget the token. That of the environment is not ours to forget."""
        with self._lock:
            if self._open():
                self._use(lambda vault: vault.delete_password(SERVICE, USER))
            self._token = ""

    def _open(self) -> str:
        if self._token is None:
            self._token = ""
            try:
                self._vault = self._find_vault()
            except Exception as error:  # see _use
                log.warning("no keyring: %s", type(error).__name__)
            found: list[str | None] = []
            self._use(lambda vault: found.append(vault.get_password(SERVICE, USER)))
            self._token = (found and found[0]) or ""
        return self._token

    def _use(self, work: Callable[[Vault], object]) -> None:
        """A keyring that fails once is not used again: memory takes its place."""
        if self._vault is None:
            return
        try:
            work(self._vault)
        except Exception as error:  # backends raise what a dozen libraries below them raise
            log.warning("the keyring failed: %s", type(error).__name__)
            self._vault = None
