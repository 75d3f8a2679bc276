"""Takes the pictures of the documentation: `python3 dev.py screenshots`.

Two show real answers of the starter model; the others use the scripted engine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCREEN = Path(__file__).parent / "pictures" / "screen.json"  # large enough for every picture
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={SCREEN}"
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from pictures import chats, looks, pages  # noqa: E402 - the path above is needed first

PICTURES = {each.__name__: each for part in (chats, looks, pages) for each in part.PICTURES}


def main() -> None:
    """Take the pictures that the command line names, or all: each in a process of its own."""
    options = argparse.ArgumentParser()
    options.add_argument("names", nargs="*", help=f"of {', '.join(PICTURES)}")
    options.add_argument("--output", type=Path, default=ROOT / "docs", help="where they go")
    options.add_argument("--here", action="store_true", help="in this process")
    given = options.parse_args()
    if unknown := set(given.names) - set(PICTURES):
        options.error(f"there are no pictures {', '.join(sorted(unknown))}")
    for name in given.names or PICTURES:
        if given.here:
            with tempfile.TemporaryDirectory() as folder:
                PICTURES[name](Path(folder), given.output)
            continue
        began = time.monotonic()
        command = [sys.executable, __file__, "--here", "--output", str(given.output), name]
        subprocess.run(command, env=os.environ | looks.ENVIRONMENTS.get(name, {}), check=True)
        sys.stdout.write(f"{name} ({time.monotonic() - began:.1f} s)\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
