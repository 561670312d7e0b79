from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from talentmap.operations.preparation import prepare
from talentmap.operations.storage import other_connections, throw_everything_away


class Command(BaseCommand):
    """Begin the demo again."""

    help = "Throws all data of a demo away and seeds it again; refused outside TALENTMAP_MODE=demo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: TALENTMAP_MODE is not demo. Nothing was changed.")
        if other_connections():
            raise CommandError("The database is in use. Stop the site first (make stop). Nothing was changed.")
        self.stdout.write("Throwing the demo's data away")
        throw_everything_away()
        prepare(say=self.stdout.write)
        self.stdout.write("The demo is as new. Start it with: make run")
