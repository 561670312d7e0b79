"""What a new release needs before it serves: schema, static files, reference data, demo data."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from talentmap.accounts.models import User
from talentmap.embedded import postgres_wanted, state_dir
from talentmap.operations.storage import throw_everything_away

Say = Callable[[str], None]


def prepare(*, say: Say, static_files: bool = True) -> None:
    """Bring the database and the static files up to this release; seed the demo where nobody has an account.

    May be run again at any time, and by several containers at once: an advisory lock lets one go first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('talentmap.prepare'))")
    say("Bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    if static_files:
        say("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
    say("Loading reference data")
    call_command("load_reference_data")
    if settings.DEMO:
        _seed_once(say)
    connection.close()


def _seed_once(say: Say) -> None:
    """Seed unless there are accounts; begin again where a seeding was cut short."""
    if _mark().exists() and postgres_wanted():
        say("The last seeding was cut short: beginning again")
        throw_everything_away()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference_data")
    if User.objects.people().exists():
        return
    say("Seeding demo data (once)")
    _mark().touch()
    call_command("seed_demo")
    _mark().unlink()


def _mark() -> Path:
    return state_dir(settings.BASE_DIR) / "seeding.unfinished"
