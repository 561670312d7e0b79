"""`python -m talentmap.embedded start|stop|urls`: the embedded servers of this checkout, by hand."""

import sys
from pathlib import Path

from talentmap.embedded import connection_urls, ensure_started, stop

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Do what the one argument says; give the exit status."""
    match arguments:
        case ["start"]:
            ensure_started(BASE_DIR)
        case ["stop"]:
            stop(BASE_DIR)
        case ["urls"]:
            print(*connection_urls(BASE_DIR), sep="\n")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
