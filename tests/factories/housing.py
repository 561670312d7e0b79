"""Housing applications in any state, made through the product's own actions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from support.housing.models import Entitlement
from support.housing.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions, reference
from talentmap.casework.models import Application
from talentmap.money import actions as money
from talentmap.money.models import Fund, LedgerLine, PaymentBatch
from talentmap.money.rules import Quarter, Result
from talentmap.people.choices import Purpose
from talentmap.people.models import Talent
from tests.factories.accounts import CountyFactory, TownshipFactory, UserFactory, give, user_with
from tests.factories.casework import MONDAY, moment, picture
from tests.factories.people import ConsentFactory, OrganisationFactory, TalentFactory

RENT, PURCHASE = "housing_rent", "housing_purchase"


@dataclass
class Office:
    """The people whom a subsidy needs, and the fund it comes from."""

    cadre: User
    staff: User
    staff2: User
    director: User
    leader: User
    system: User
    fund: Fund
    township: Any


def office(budget: Any = 1_000_000) -> Office:
    """An office with the shipped tariffs and calendar, and `budget` yuan in the housing fund."""
    reference.load_calendar()
    system, township = User.objects.system(), TownshipFactory()
    CountyFactory()
    money.load_defaults(by=system, at=moment())
    made = Office(
        cadre=user_with(Role.TOWNSHIP_CADRE, region=township),
        staff=user_with(Role.OFFICE_STAFF),
        staff2=user_with(Role.OFFICE_STAFF),
        director=user_with(Role.OFFICE_DIRECTOR),
        leader=user_with(Role.COUNTY_LEADER),
        system=system,
        fund=money.open_fund(by=system, at=moment(), code=FUND_CODE, name="人才住房保障基金"),
        township=township,
    )
    if budget:
        money.top_up(
            by=made.director, at=moment(), fund=made.fund, amount=Decimal(budget), key="budget", reason="年度预算"
        )
    return made


CONSENTS = (Purpose.HOUSING, Purpose.BANK_ACCOUNT)


def talent(where: Office, *, consents: Iterable[Purpose] = CONSENTS, **fields: Any) -> Talent:
    """Somebody who qualifies: a master who works in the county, with an account and consents."""
    person = TalentFactory(
        **{
            "user": UserFactory(),
            "region": where.township,
            "education": "master",
            "employer": OrganisationFactory(region=where.township),
            "employed_since": date(2024, 7, 1),
            "bank_name": "高县示例银行",
            "bank_account": "6217000010001234567",
            "bank_account_last4": "4567",
            "bank_account_name": "张三",
        }
        | fields
    )
    give(person.user, Role.TALENT)
    for purpose in consents:
        ConsentFactory(talent=person, purpose=purpose)
    return person


def draft(person: Talent, scheme: str = RENT, on: date = MONDAY) -> Application:
    """A complete draft."""
    at = moment(on)
    application = actions.start_draft(by=person.user, at=at, scheme=scheme, talent=person)
    if scheme == RENT:
        home = {
            "address": "庆符镇学府路1号",
            "landlord": "李女士",
            "monthly_rent": Decimal(1200),
            "lease_from": on - timedelta(days=30),
            "lease_until": on + timedelta(days=1500),
        }
        declared = {"owns_home": False, "has_dormitory": False, "declared_true": True}
    else:
        home = {
            "address": "庆符镇学府路2号",
            "price": Decimal(480_000),
            "purchased_on": on - timedelta(days=60),
            "contract_number": "GX2026000001",
        }
        declared = {"declared_true": True}
    actions.save_page(by=person.user, at=at, application=application, page="home", values=home)
    actions.save_page(by=person.user, at=at, application=application, page="declaration", values=declared)
    for kind in ("lease" if scheme == RENT else "contract", "certificate"):
        actions.attach(by=person.user, at=at, application=application, kind=kind, upload=picture())
    return application


def submitted(person: Talent, scheme: str = RENT, on: date = MONDAY) -> Application:
    return actions.submit(by=person.user, at=moment(on), application=draft(person, scheme, on))


def awaiting_decision(where: Office, person: Talent, scheme: str = RENT, on: date = MONDAY) -> Application:
    """Reviewed by three people, its public notice over."""
    at = moment(on)
    application = actions.accept(by=where.cadre, at=at, application=submitted(person, scheme, on))
    for reviewer in (where.cadre, where.staff, where.director):
        application = actions.pass_stage(by=reviewer, at=at, application=application)
    after = moment(application.notice_until + timedelta(days=1))
    return actions.end_notice(by=where.system, at=after, application=application)


def approved(where: Office, person: Talent, scheme: str = RENT, on: date = MONDAY) -> Entitlement:
    """Approved ten days after `on`."""
    application = awaiting_decision(where, person, scheme, on)
    actions.approve(by=where.director, at=moment(on + timedelta(days=10)), application=application)
    return Entitlement.objects.get(application=application)


def sent_to_bank(where: Office, quarter: Quarter, on: date) -> PaymentBatch:
    """A batch of everything due by the end of a quarter, released."""
    batch = money.prepare_batch(by=where.staff, at=moment(on), fund=where.fund, quarter=quarter).batch
    return money.release_batch(by=where.director, at=moment(on), batch=batch)


def answered(where: Office, batch: PaymentBatch, on: date, result: Result = Result.PAID) -> None:
    """The bank's answer, the same for all of a batch."""
    for line in batch.lines.all():
        money.record_answer(by=where.staff, at=moment(on), line=line, result=result, reason="回单")


def pay(where: Office, quarter: Quarter, on: date) -> None:
    """Prepare, release and have the bank pay everything due by the end of a quarter."""
    answered(where, sent_to_bank(where, quarter, on), on)


def balances(where: Office) -> dict[str, Decimal]:
    """The fund's accounts, after a look that the ledger balances."""
    assert LedgerLine.objects.aggregate(total=Sum("amount"))["total"] == 0
    return money.balances(where.fund)
