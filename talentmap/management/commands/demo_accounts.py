from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from talentmap.accounts.models import User

PASSWORD = "Talentmap-2026"  # noqa: S105 - the demo's, printed for everybody; other modes refuse this command
USERNAMES = (
    "talent",
    "talent2",
    "cadre",
    "staff",
    "staff2",
    "director",
    "leader",
    "bank",
    "bank2",
    "guarantor",
    "mentor",
    "hospital",
    "school",
    "trainer",
    "judge",
    "admin",
)


class Command(BaseCommand):
    help = "Prints the demo's accounts: user name, role, person, password."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("There are demo accounts in the demo only.")
        people = {user.username: user for user in User.objects.filter(username__in=USERNAMES).with_memberships()}
        rows = [_row(people[name]) for name in USERNAMES if name in people]
        if not rows:
            raise CommandError("There are no demo accounts yet: run seed_demo first.")
        self.stdout.write(_table([("user name", "role", "person", "password"), *rows]))


def _row(user: User) -> tuple[str, ...]:
    roles = ", ".join(str(each) for each in user.active_memberships)
    return (user.username, roles, user.display_name, PASSWORD)


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(text + " " * (widths[place] - _width(text)) for place, text in enumerate(row)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)
