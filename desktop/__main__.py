"""The one entry: window, command or worker, chosen by the arguments."""

import multiprocessing
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run Cellar; returns the exit code."""
    multiprocessing.freeze_support()
    _give_library_path_back()
    _silence_telemetry()
    _open_missing_streams()
    _keep_memory_to_ourselves()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["worker"]:
        from desktop.worker import run_worker

        return run_worker(arguments[1:])
    from desktop.cli.main import run

    return run(arguments)


def _give_library_path_back() -> None:
    """A bundle's start has put its own folder there: a browser opened from here must not use it."""
    if getattr(sys, "frozen", False) and "LD_LIBRARY_PATH" in os.environ:
        before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
        os.environ["LD_LIBRARY_PATH"] = before
        if not before:
            del os.environ["LD_LIBRARY_PATH"]


def _silence_telemetry() -> None:
    """OpenVINO and its tools report their use to an analytics host unless this module is absent."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"


def _keep_memory_to_ourselves() -> None:
    """A core dump would have in it what was said."""
    from desktop.engine.limits import no_core_dump

    no_core_dump()


def _open_missing_streams() -> None:
    """A program without a console on Windows has no standard streams; libraries expect them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
