#!/usr/bin/env python
"""Django's command line; starts the embedded servers where no others are configured."""

import os
import sys
from pathlib import Path

WITHOUT_SERVERS = {
    "collectstatic",
    "compile_translations",
    "help",
    "loan_schedule",
    "makemessages",
    "update_messages",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentmap.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS:
        from talentmap.embedded import ensure_started

        ensure_started(Path(__file__).resolve().parent)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
