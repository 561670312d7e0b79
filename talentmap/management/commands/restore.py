from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from talentmap.embedded import state_dir
from talentmap.operations.archive import ArchiveError
from talentmap.operations.restore import RestoreRefused, restore


class Command(BaseCommand):
    """Put a backup back."""

    help = "Restores a backup into an empty system and verifies row counts and checksums."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a system that holds data")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(
                archive=options["archive"],
                force=options["force"],
                safety_folder=state_dir(settings.BASE_DIR) / "backups",
                now=timezone.localtime(),
                say=self.stdout.write,
            )
        except (RestoreRefused, ArchiveError, RuntimeError) as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest.tables.values()), len(manifest.contents) - 1
        self.stdout.write(f"Restored the backup of {manifest.created}: {rows:,} rows, {files:,} files, all verified.")
