"""The command `gansmith`."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line and exit with its code."""
    from gansmith.cli import run  # not before: worker processes import this module too

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # where λ and · cannot be written, ? does
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
