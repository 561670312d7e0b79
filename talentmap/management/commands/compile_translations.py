from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from talentmap.operations.translations import compile_translations


class Command(BaseCommand):
    """Compile the translations without GNU gettext."""

    help = "Compiles the .po files that are newer than their .mo (needs no gettext)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_translations(settings.BASE_DIR):
            self.stdout.write(f"Compiled {path.relative_to(settings.BASE_DIR)}")
