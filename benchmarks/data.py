"""Fills the benchmark's database with as many applications as asked for, spread over states and townships."""

from datetime import datetime, timedelta
from random import Random

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.demo.names import GIVEN_FEMALE, SURNAMES
from talentmap.people.models import Talent
from talentmap.people.pinyin import name_keys
from talentmap.regions.models import Region

BATCH = 5000
# Of a hundred cases in a busy office, most are long closed.
STATES = (
    [State.CLOSED] * 88
    + [State.APPROVED] * 6
    + [State.SUBMITTED] * 3
    + [State.RETURNED, State.REJECTED, State.WITHDRAWN]
)


def prepare() -> User:
    """Schema, reference data and one member of the office."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", verbosity=0)
    staff = User.objects.create_user("bench", "bench", display_name="Bench")
    give_role(
        by=User.objects.system(),
        at=timezone.now(),
        user=staff,
        role=Role.OFFICE_STAFF,
        region=Region.objects.get(level="county"),
    )
    return staff


def grow_to(count: int, by: User) -> None:
    """Add talents and applications until there are `count` of each."""
    rng = Random(count)
    regions = list(Region.objects.exclude(level="county"))
    have = Application.objects.count()
    for start in range(have, count, BATCH):
        serials = range(start, min(start + BATCH, count))
        talents = Talent.objects.bulk_create([_talent(rng, serial, regions, by) for serial in serials])
        Application.objects.bulk_create(
            [_application(rng, serial, talent) for serial, talent in zip(serials, talents, strict=True)]
        )
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _talent(rng: Random, serial: int, regions: list[Region], by: User) -> Talent:
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN_FEMALE, 2))
    keys = name_keys(name)
    return Talent(
        name=name,
        name_sort_key=keys.sort_key,
        name_pinyin=keys.pinyin,
        name_initials=keys.initials,
        phone=f"199{serial:08d}",
        region=rng.choice(regions),
        created_by=by,
        created_at=timezone.now(),
    )


def _application(rng: Random, serial: int, talent: Talent) -> Application:
    state, at = rng.choice(STATES), _moment(rng)
    decided = state in (State.CLOSED, State.APPROVED, State.REJECTED)
    return Application(
        scheme="housing_rent",
        number=f"ZF-2026-{serial:06d}",
        applicant=talent,
        region=talent.region,
        state=state,
        created_at=at,
        submitted_at=at,
        accept_days=5,
        accept_due_on=timezone.localdate(at) + timedelta(days=7),
        decided_at=at + timedelta(days=20) if decided else None,
        decision_reason="-" if state == State.REJECTED else "",
    )


def _moment(rng: Random) -> datetime:
    return timezone.now() - timedelta(minutes=rng.randrange(60, 525_600))
