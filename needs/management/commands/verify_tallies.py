"""Prove that the counts of surveys equal the answers they were made of."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from needs.surveys.campaigns.models import Campaign
from needs.surveys.tallies.proof import Difference, Finding, verify


class Command(BaseCommand):
    help = (
        "Counts all answers anew, in SQL and apart from the code that keeps the tallies, and lists where the two"
        " differ. Exit status 0: equal; 1: not. What is not folded yet is compared as it was counted last."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", type=int, metavar="ID", help="only this campaign")
        parser.add_argument("--json", action="store_true", help="print the finding as JSON")

    def handle(self, *args: Any, campaign: int | None = None, **options: Any) -> None:
        if campaign is not None and not Campaign.objects.filter(pk=campaign).exists():
            raise CommandError(f"There is no campaign {campaign}.", returncode=2)
        finding = verify(campaign)
        if options["json"]:
            self.stdout.write(json.dumps(finding.to_json(), default=str, ensure_ascii=False))
        else:
            self._tell(finding)
        if not finding.equal:
            raise CommandError(f"{finding.differing} counts differ from the answers.", returncode=1)

    def _tell(self, finding: Finding) -> None:
        for each in finding.differences:
            self.stdout.write(_line(each))
        if finding.differing > len(finding.differences):
            self.stdout.write(f"… and {finding.differing - len(finding.differences)} more")
        if finding.equal:
            self.stdout.write(f"{finding.tallies} counts equal the answers of {finding.responses} responses.")
        if finding.waiting:
            self.stdout.write(f"{finding.waiting} responses changed and are not folded yet.")


def _line(each: Difference) -> str:
    who = "/".join(part or "-" for part in (each.age_band, each.occupation, each.sex))
    return (
        f"campaign {each.campaign} version {each.version} township {each.township} {who} {each.state}"
        f" {each.question or '(responses)'}={each.value or '(answered)'}:"
        f" answers say {each.expected_n} ({each.expected_total:f}, {each.expected_squares:f}),"
        f" tallies {each.stored_n} ({each.stored_total:f}, {each.stored_squares:f})"
    )
