"""What the bundled executables run."""

import sys

from desktop.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
