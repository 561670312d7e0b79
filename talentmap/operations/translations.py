"""Compiling the translations in plain Python, for machines without GNU gettext."""

import os
import sys
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def compile_translations(base_dir: Path) -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer; give those written.

    Entries marked fuzzy are left out, as msgfmt does. The file is replaced in one step, because tests and a
    running site may read it at the same moment.
    """
    written = []
    for source in sorted(base_dir.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(f".mo.{os.getpid()}")  # several workers may compile at once
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        unfinished.replace(target)
        written.append(target)
    return written


def main() -> int:
    """Compile what is out of date and say what was."""
    for path in compile_translations(BASE_DIR):
        print(f"Compiled {path.relative_to(BASE_DIR)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
