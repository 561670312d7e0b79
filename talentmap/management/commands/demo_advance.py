from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.demo import clock, nights
from talentmap.ui.errors import Refused


class Command(BaseCommand):
    help = "Moves a demo's date on and runs the nights between; refused outside TALENTMAP_MODE=demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("days", type=int, help="calendar days")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: TALENTMAP_MODE is not demo. Nothing was changed.")
        clock.start()
        try:
            clock.refresh()
            nights.pass_days(by=User.objects.system(), days=options["days"])
            self.stdout.write(f"The demo's date is {timezone.localdate()}, {clock.days_ahead()} days ahead.")
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            clock.stop()
