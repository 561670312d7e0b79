from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from talentmap.ui.messages import CATALOGUE, extracted, merge


class Command(BaseCommand):
    """Bring the Chinese catalogue up to date with the source, and take translations from other .po files."""

    help = "Extracts every translatable string, merges it into locale/zh_Hans and imports the .po files given."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sources", nargs="*", type=Path, help=".po files with translations to take over")
        parser.add_argument("--missing", type=Path, help="write what still lacks a translation into this .po")

    def handle(self, *args: Any, sources: list[Path], missing: Path | None, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        outcome = merge(extracted(base), base / CATALOGUE, sources)
        self.stdout.write(
            f"{outcome.total} strings, {outcome.taken} taken over, {outcome.dropped} no longer used,"
            f" {len(outcome.missing)} without a translation"
        )
        for path, msgid in outcome.conflicts:
            self.stderr.write(f"{path}: another translation of {msgid!r} was kept")
        if missing:
            outcome.write_missing(missing)
