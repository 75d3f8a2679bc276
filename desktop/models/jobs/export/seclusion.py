"""A process that converts a stranger's model gets no network and starts no other process."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

# Audit events of Python, https://docs.python.org/3/library/audit_events.html
REFUSED = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
        *("subprocess.Popen", "os.system", "os.exec", "os.spawn", "os.posix_spawn"),
        *("os.fork", "os.forkpty", "pty.spawn"),
        "pickle.find_class",
    }
)
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_IMPLICIT_TOKEN")


class Refused(PermissionError):
    """Something was tried that a conversion has no need of."""


def seclude(scratch: Path) -> None:
    """Shut this process in, for good. What libraries note or buffer on disk goes to `scratch`."""
    for name in OFFLINE:
        os.environ[name] = "1"
    os.environ["HF_HOME"] = str(scratch)
    tempfile.tempdir = str(scratch)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in REFUSED:
        raise Refused(f"a conversion must not use {event}")
