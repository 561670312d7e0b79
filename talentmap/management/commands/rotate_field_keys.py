"""`manage.py rotate_field_keys`: after a new key was put in front of FIELD_KEYS, re-encrypt everything with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from talentmap.people.rotation import rotate


class Command(BaseCommand):
    help = "Re-encrypt sensitive columns with the first of FIELD_KEYS. Can be interrupted and run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch-size", type=int, default=500, help="rows a transaction")

    def handle(self, *args: Any, batch_size: int, **options: Any) -> None:
        if batch_size < 1:
            raise CommandError("--batch-size must be at least 1")
        seen: dict[str, list[int]] = {}
        unreadable: list[str] = []
        for step in rotate(batch_size):
            count = seen.setdefault(str(step.column), [0, 0])
            count[0] += step.seen
            count[1] += step.rotated
            unreadable += [f"{step.column} id {pk}" for pk in step.unreadable]
            self.stderr.write(f"{step.column}: {count[0]} seen, {count[1]} re-encrypted")
        for column, (rows, rotated) in seen.items():
            self.stdout.write(f"{column}: {rotated} of {rows} re-encrypted")
        if unreadable:
            listed = "; ".join(unreadable[:20])
            raise CommandError(f"{len(unreadable)} values fit none of FIELD_KEYS; nothing of them changed: {listed}")
        self.stdout.write("Every value is under the first key; the other keys may be removed.")
