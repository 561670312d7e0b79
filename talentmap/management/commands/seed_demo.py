from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from talentmap.accounts.models import User
from talentmap.demo.seed import DEFAULT_SEED, seed


class Command(BaseCommand):
    help = "Fills an empty demo database with a synthetic county and a year of its work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed makes the same county")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is for the demo only.")
        if User.objects.people().exists():
            raise CommandError("There are accounts already: use `make demo-reset` to begin anew.")
        # All or nothing, and three times as fast as a commit an event.
        with translation.override("zh-hans"), transaction.atomic():
            seed(now=timezone.now(), seed=options["seed"], say=self.stdout.write)
