"""Fills the benchmark's database with as many applications as asked for, as a busy office would have them."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from benchmarks import cases
from benchmarks.cases import Desks
from support.housing.actions import housing_fund
from support.housing.models import Entitlement, HousingApplication
from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application, Rating, Transition
from talentmap.casework.states import State
from talentmap.demo.names import GIVEN_FEMALE, SURNAMES
from talentmap.money import actions as money
from talentmap.money.models import Fund, LedgerEntry, LedgerLine, Payable
from talentmap.people.fields import blind_index
from talentmap.people.models import Talent
from talentmap.people.pinyin import name_keys
from talentmap.regions.models import Region

BATCH = 500
# Every payable is listed; so many of the paid ones are in the ledger too, which is slow to fill.
BOOKED_SHARE, RATED_SHARE = 0.1, 0.3
QUARTER, TERM = Decimal(6000), Decimal(72_000)


def prepare() -> Desks:
    """Schema, reference data, and the people at the desks."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", verbosity=0)
    system, county = User.objects.system(), Region.objects.get(level="county")
    desks = Desks(
        cadres={
            place.code[:9]: member(f"cadre-{place.code}", Role.TOWNSHIP_CADRE, place)
            for place in Region.objects.townships()
        },
        staff=[member(f"staff-{number}", Role.OFFICE_STAFF, county) for number in range(4)],
        director=member("director", Role.OFFICE_DIRECTOR, county),
        system=system,
    )
    money.top_up(
        by=desks.director,
        at=timezone.now(),
        fund=housing_fund(),
        amount=Decimal(9_000_000_000),
        key="bench",
        reason="bench",
    )
    return desks


def member(name: str, role: str, region: Region) -> User:
    user = User.objects.create_user(name, name, display_name=name)
    give_role(by=User.objects.system(), at=timezone.now(), user=user, role=role, region=region)
    return user


def grow_to(count: int, desks: Desks) -> None:
    """Add talents and applications, with all that hangs on them, until there are `count` of each."""
    rng = Random(count)
    regions = list(Region.objects.exclude(level="county"))
    for start in range(Application.objects.count(), count, BATCH):
        _add(rng, range(start, min(start + BATCH, count)), regions, desks)


@transaction.atomic
def _add(rng: Random, serials: range, regions: list[Region], desks: Desks) -> None:
    people = talents(rng, serials, regions, desks.system)
    made = Application.objects.bulk_create(
        [
            cases.finish(cases.application(rng, serial, person, desks))
            for serial, person in zip(serials, people, strict=True)
        ]
    )
    Transition.objects.bulk_create(
        [step for serial, case in zip(serials, made, strict=True) for step in cases.steps(rng, case, desks, serial)]
    )
    HousingApplication.objects.bulk_create([_home(case) for case in made])
    granted = [case for case in made if case.state in cases.GRANTED]
    Entitlement.objects.bulk_create([_entitlement(case) for case in granted])
    fund = housing_fund()
    Payable.objects.bulk_create([_payable(fund, case) for case in granted])
    _book(fund, desks, [case for case in granted if case.state == State.CLOSED and rng.random() < BOOKED_SHARE])
    Rating.objects.bulk_create([_rating(rng, case) for case in granted if rng.random() < RATED_SHARE])


def talents(rng: Random, serials: range, regions: list[Region], by: User) -> list[Talent]:
    return Talent.objects.bulk_create([_talent(rng, serial, regions, by) for serial in serials])


def _talent(rng: Random, serial: int, regions: list[Region], by: User) -> Talent:
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN_FEMALE, 2))
    keys, number = name_keys(name), f"511525{serial:012d}"
    return Talent(
        name=name,
        name_sort_key=keys.sort_key,
        name_pinyin=keys.pinyin,
        name_initials=keys.initials,
        phone=f"199{serial:08d}",
        id_number=number,  # encrypted, as in life: lists must not read it
        id_number_index=blind_index(number),
        region=rng.choice(regions),
        education=rng.choice(("doctor", "master", "bachelor", "college")),
        created_by=by,
        created_at=timezone.now(),
    )


def _home(case: Application) -> HousingApplication:
    lease: dict[str, Any] = {"lease_from": _first_day(case), "lease_until": _first_day(case) + timedelta(days=700)}
    bought: dict[str, Any] = {"price": Decimal(480_000), "purchased_on": _first_day(case), "contract_number": "GX1"}
    kind = case.scheme.removeprefix("housing_")
    return HousingApplication(
        application=case, kind=kind, address="庆符镇学府路1号", **(lease if kind == "rent" else bought)
    )


def _first_day(case: Application) -> Any:
    return timezone.localdate(case.submitted_at or case.created_at)


def _entitlement(case: Application) -> Entitlement:
    begins = _first_day(case) + timedelta(days=20)
    made = Entitlement(
        application=case,
        talent=case.applicant,
        kind=case.scheme.removeprefix("housing_"),
        grade="master",
        monthly_amount=Decimal(2000),
        total_amount=TERM,
        address="庆符镇学府路1号",
        starts_on=begins,
    )
    if made.kind == Entitlement.Kind.RENT:
        made.ends_on = begins + timedelta(days=1095)
    if case.state != State.APPROVED:
        made.state, made.end_reason, made.ended_on = "ended", "departure", begins + timedelta(days=90)
    return made


def _payable(fund: Fund, case: Application) -> Payable:
    begins = _first_day(case) + timedelta(days=20)
    return Payable(
        fund=fund,
        application=case,
        entitlement_ref="租房补贴",
        period_from=begins,
        period_to=begins + timedelta(days=90),
        amount=QUARTER,
        payee_name=case.applicant.name,
        bank_name="高县示例银行",
        bank_account="6217000010001234567",
        account_last4="4567",
        state=Payable.State.DUE if case.state == State.APPROVED else Payable.State.PAID,
        key=f"bench:{case.pk}",
        created_at=timezone.now(),
    )


def _book(fund: Fund, desks: Desks, paid: Iterable[Application]) -> None:
    for kind, amount, source, target in (
        (LedgerEntry.Kind.COMMITMENT, TERM, "available", "committed"),
        (LedgerEntry.Kind.PAYMENT, QUARTER, "committed", "paid"),
    ):
        entries = LedgerEntry.objects.bulk_create([_entry(fund, desks, kind, amount, case) for case in paid])
        lines = [(LedgerLine(entry=e, account=source, amount=-amount)) for e in entries]
        LedgerLine.objects.bulk_create(lines + [LedgerLine(entry=e, account=target, amount=amount) for e in entries])


def _entry(fund: Fund, desks: Desks, kind: str, amount: Decimal, case: Application) -> LedgerEntry:
    at = case.decided_at or case.created_at
    return LedgerEntry(
        fund=fund,
        kind=kind,
        amount=amount,
        application=case,
        at=at,
        by=desks.director,
        key=f"bench:{kind}:{case.pk}",
    )


def _rating(rng: Random, case: Application) -> Rating:
    return Rating(application=case, score=rng.choice((5, 5, 5, 4, 4, 3)), rated_at=case.decided_at or case.created_at)
