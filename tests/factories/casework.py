"""Applications of the sample service in any state, made through the product's own actions."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions, policy, reference
from talentmap.casework.models import Application
from talentmap.money.models import Tariff, TariffValue
from talentmap.regions.models import Region
from tests.factories.accounts import TownshipFactory, UserFactory, user_with

MONDAY = date(2026, 3, 2)


def moment(day: date = MONDAY, hour: int = 10) -> datetime:
    """A time of that day in Beijing."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def rules_in_force(on: date = date(2020, 1, 1), **changes: int) -> Tariff:
    """A version of the deadline policy, by default with the shipped values; and the known calendar years."""
    reference.load_calendar()
    version = Tariff.objects.filter(code=policy.CODE).count() + 1
    tariff = Tariff.objects.create(
        code=policy.CODE,
        version=version,
        valid_from=on,
        created_by=User.objects.system(),
        created_at=moment(),
        note="test",
    )
    values = {**policy.DEADLINES.defaults, **{key: Decimal(value) for key, value in changes.items()}}
    TariffValue.objects.bulk_create(TariffValue(tariff=tariff, key=k, value=v) for k, v in values.items())
    return tariff


def people(township: Region | None = None) -> dict[str, User]:
    """One of each who has a part in a case of one township."""
    township = township or TownshipFactory()
    return {
        "talent": talent_user(township),
        "cadre": user_with(Role.TOWNSHIP_CADRE, region=township),
        "staff": user_with(Role.OFFICE_STAFF),
        "staff2": user_with(Role.OFFICE_STAFF),
        "director": user_with(Role.OFFICE_DIRECTOR),
        "director2": user_with(Role.OFFICE_DIRECTOR),
    }


def talent_user(township: Region, **fields: Any) -> User:
    """An account with a talent's file in `township`."""
    from tests.factories.people import TalentFactory

    user = user_with(Role.TALENT)
    TalentFactory(user=user, region=township, **{"education": "bachelor", **fields})
    return user


def picture(name: str = "plan.png", size: tuple[int, int] = (8, 8)) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", size, "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def draft(user: User, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    """A complete application that was not sent yet."""
    at = at or moment()
    application = actions.start_draft(by=user, at=at, scheme="sample", talent=user.talent)
    values = {"cost": cost, "starts_on": None}
    actions.save_page(by=user, at=at, application=application, page="purpose", values={"purpose": "Tea"})
    actions.save_page(by=user, at=at, application=application, page="cost", values=values)
    if cost >= 1000:
        actions.attach(by=user, at=at, application=application, kind="plan", upload=picture())
    return application


def submitted(user: User, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = draft(user, at=at, cost=cost)
    return actions.submit(by=user, at=at or moment(), application=application)


def accepted(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    """In the township's review."""
    application = submitted(who.talent, at=at, cost=cost)
    return actions.accept(by=who.cadre, at=at or moment(), application=application)


def at_office(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = accepted(who, at=at, cost=cost)
    return actions.pass_stage(by=who.cadre, at=at or moment(), application=application)


def at_director(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = at_office(who, at=at, cost=cost)
    return actions.pass_stage(by=who.staff, at=at or moment(), application=application)


def on_notice(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = at_director(who, at=at, cost=cost)
    return actions.pass_stage(by=who.director, at=at or moment(), application=application)


def awaiting_decision(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = on_notice(who, at=at, cost=cost)
    after = moment(application.notice_until + timedelta(days=1))
    return actions.end_notice(by=User.objects.system(), at=after, application=application)


def approved(who: Any, *, at: datetime | None = None, cost: Decimal = Decimal(500)) -> Application:
    application = awaiting_decision(who, at=at, cost=cost)
    after = moment(application.notice_until + timedelta(days=2))
    return actions.approve(by=who.director, at=after, application=application)


def somebody() -> User:
    """An account without any role."""
    return UserFactory()


def somebody_elses(who: Any) -> Application:
    """An application of another talent of the same township, just sent."""
    return submitted(talent_user(who.talent.talent.region))


def more_people(who: Any) -> Any:
    """The same office, another talent of the same township."""
    return replace(who, talent=talent_user(who.talent.talent.region))
