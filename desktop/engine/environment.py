"""Which variables of the environment a child process gets: those that are known to be needed.

Whatever else is there (tokens, passwords, session addresses) is nobody's business in a process
that opens strangers' files.
"""

from collections.abc import Mapping

PRIVATE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}

EVERYWHERE = frozenset(
    {
        # The system's own: places of programs, scratch files and the user, language and time.
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "LANGUAGE"),
        # Windows, where hardly anything starts without these.
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "USERPROFILE"),
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"),
        *("PROGRAMW6432", "COMMONPROGRAMFILES", "ALLUSERSPROFILE", "HOMEDRIVE", "HOMEPATH"),
        *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER"),
        # Where libraries are.
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "XDG_CACHE_HOME"),
        # Certificates of an organisation, and where huggingface_hub would keep things.
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "HF_HOME"),
    }
)
# Of Python, OpenVINO and what it computes with, and of the drivers of Intel's GPUs and NPUs.
BEGINNINGS = (
    *("LC_", "PYTHON", "CELLAR_", "OV_", "OPENVINO_", "ONEDNN_", "DNNL_", "OMP_", "KMP_"),
    *("TBB_", "MALLOC_", "OCL_", "OPENCL_", "ZE_", "ZES_", "ZET_", "NEO_", "IGC_", "NPU_"),
)
# How the hub is reached; a proxy's address may have a password in it.
OF_NETWORK = frozenset(
    {"HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HF_HUB_DISABLE_XET"}
)
ON_NETWORK = ("fetch",)  # roles
_BEFORE_BUNDLE = "LD_LIBRARY_PATH_ORIG"  # what a bundle's start has put its own folder before


def of_child(parent: Mapping[str, str], role: str) -> dict[str, str]:
    """The part of a parent's environment that a child of this role gets."""
    kept = {name: value for name, value in parent.items() if _is_needed(name.upper(), role)}
    if _BEFORE_BUNDLE in parent:  # the child may be another bundle, with libraries of its own
        kept["LD_LIBRARY_PATH"] = parent[_BEFORE_BUNDLE]
    return kept | PRIVATE


def _is_needed(name: str, role: str) -> bool:
    if name in EVERYWHERE or name.startswith(BEGINNINGS):
        return True
    return name in OF_NETWORK and role in ON_NETWORK
