from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from talentmap.embedded import state_dir
from talentmap.operations.backup import back_up
from talentmap.operations.client_programs import ProgramError


class Command(BaseCommand):
    """Save database and private files in one file."""

    help = "Saves database and private files of the live system in one tar file, with row counts and checksums."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="folder for the backup; default .local/backups")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["to"] or state_dir(settings.BASE_DIR) / "backups"
        try:
            target = back_up(folder=folder, now=timezone.localtime())
        except (ProgramError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Saved {target} ({target.stat().st_size:,} bytes)")
        self.stdout.write("The keys (FIELD_KEYS, BLIND_INDEX_KEY) are not in it: keep them in another safe place.")
