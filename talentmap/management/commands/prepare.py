from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from talentmap.operations.preparation import prepare


class Command(BaseCommand):
    """Bring database, static files and reference data up to this release; seed an empty demo."""

    help = "Migrates, collects static files, loads reference data, seeds an empty demo. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--skip-static", action="store_true", help="the image holds the static files already")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(say=self._say, static_files=not options["skip_static"])

    def _say(self, line: str) -> None:
        self.stdout.write(f"   run | {line}")
        self.stdout.flush()
