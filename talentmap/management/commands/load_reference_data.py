from django.core.management.base import BaseCommand

from talentmap.reference import discover


class Command(BaseCommand):
    help = "Loads regions, calendar, default tariffs, the system account and periodic tasks. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        for loader in discover():
            self.stdout.write(f"  {loader()}")
