"""Verify that the audit history is what it was when its days were sealed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talentmap.audit import seals
from talentmap.audit.models import DaySeal

FAULTS = {
    "gap": "the day before it has no seal",
    "chain": "its seal does not follow from the seal before it",
    "count": "records were added or removed",
    "content": "records were changed",
    "early": "there are records older than the first seal",
}


class Command(BaseCommand):
    help = (
        "Recomputes the seal of every day from the audit entries and the access log. Exit status 0: sound;"
        " 1: not, and the first broken day is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            metavar="DIGEST",
            help="a digest noted earlier outside the database; it must still be part of the chain. Without it"
            " somebody who may write to the database could have rebuilt the whole chain.",
        )

    def handle(self, *args: Any, head: str | None = None, **options: Any) -> None:
        finding = seals.verify()
        if not finding.sound:
            raise CommandError(f"{finding.broken_day} is broken: {FAULTS[finding.fault]}.", returncode=1)
        if head and not DaySeal.objects.filter(digest=head.strip().lower()).exists():
            raise CommandError("The chain is sound but does not contain the digest noted earlier.", returncode=1)
        if not finding.days:
            self.stdout.write("No day is sealed yet: there is nothing to verify.")
            return
        self.stdout.write(f"{finding.days} days are sound. Head of the chain: {finding.head}")
