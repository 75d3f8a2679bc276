"""Files that run code when they are opened as pickles, in the ways that scanners of models know.

Rebuilt after the kinds of picklescan's public samples. Opened, each one makes a file `canary`.
"""

import base64
import gzip
import io
import json
import marshal
import os
import pickle
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\x00\x04"
HDF5 = b"\x89HDF\r\n\x1a\n"


class _Reduced:
    """Unpickled, it calls a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._call


def hostile_files(canary: Path) -> dict[str, bytes]:
    """The contents, by what they are. `canary` is the file that gives them away."""
    command = f"touch {canary}"
    shell = _Reduced(os.system, command)
    kinds = {f"protocol {number}": pickle.dumps(shell, number) for number in range(6)}
    text = command.encode()
    kinds |= {
        "GLOBAL": b"cposix\nsystem\n(S'" + text + b"'\ntR.",
        "INST": b"(S'" + text + b"'\niposix\nsystem\n.",
        "OBJ": b"(cposix\nsystem\nS'" + text + b"'\no.",
        "STACK_GLOBAL": b"\x80\x04\x8c\x05posix\x8c\x06system\x93"
        + b"\x8c"
        + bytes([len(text)])
        + text
        + b"\x85R.",
        "eval": pickle.dumps(_Reduced(eval, f"open({str(canary)!r}, 'w').close()")),
        "exec": pickle.dumps(_Reduced(exec, f"open({str(canary)!r}, 'w').close()")),
        "broken at the end": pickle.dumps(shell)[:-1] + b"\xff\xff",  # nullifAI's: it ran by then
    }
    plain = kinds["protocol 2"]
    kinds |= {
        "nested": pickle.dumps(_Reduced(pickle.loads, plain)),
        "torch's archive": _zipped({"archive/data.pkl": plain, "archive/version": b"3\n"}),
        "an archive with a wrong name inside": _zipped({"archive\\data.pkl": plain}),
        "torch's older archive": _tarred({"pickle": plain, "storages": plain}),
        "7-Zip's beginning": SEVEN_ZIP + plain,
        "compressed": gzip.compress(plain),
        "joblib's": zlib.compress(plain),
        "an array of objects": _array(plain),
        "arrays of objects": _zipped({"weights.npy": _array(plain)}),
        "a layer of Keras": _zipped({"config.json": _lambda_layer(canary)}),
        "a model of Keras": HDF5 + bytes(64) + _lambda_layer(canary),
    }
    return kinds


def opened(content: bytes) -> object:
    """What a careless program does."""
    return pickle.loads(content)  # noqa: S301 (that is the point)


def _zipped(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


def _tarred(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return sink.getvalue()


def _array(plain: bytes) -> bytes:
    """As numpy writes an array of dtype object: a header, then a pickle."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header = header.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + plain


def _lambda_layer(canary: Path) -> bytes:
    code = compile(f"open({str(canary)!r}, 'w').close()", "<lambda>", "exec")
    body = base64.b64encode(marshal.dumps(code)).decode()
    layer = {"class_name": "Lambda", "config": {"function": [body, None, None]}}
    return json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}}).encode()
