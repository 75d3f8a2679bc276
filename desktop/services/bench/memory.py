"""The most memory that a process has had."""

from pathlib import Path

PEAK = "VmHWM:"  # as Linux calls it


def peak_memory(pid: int) -> int:
    """Bytes; 0 when it is not known. Where no peak is kept, what the process has now."""
    return _peak_in_proc(pid) or _told_by_system(pid)


def _peak_in_proc(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith(PEAK)), "0")
    return int(kilobytes) * 1024


def _told_by_system(pid: int) -> int:
    import psutil

    try:
        facts = psutil.Process(pid).memory_info()
    except (psutil.Error, ValueError):
        return 0
    return int(getattr(facts, "peak_wset", facts.rss))
