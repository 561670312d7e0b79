"""The register of the demo county: some forty organisations and three hundred talents."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from talentmap.demo import identity, names
from talentmap.demo.accounts import HOME_TOWNSHIP, talent_account
from talentmap.demo.world import World
from talentmap.management.commands.demo_accounts import PASSWORD
from talentmap.people import actions
from talentmap.people.choices import Purpose
from talentmap.people.models import Organisation, Talent

TALENTS = 300
FIRST_DAYS = 220  # so many are on file when the year begins
SECOND, SERIAL_OF_SECOND = "talent2", 3  # somebody else to sign in as, for whom something is running already
AGE_AT_DEGREE = {"doctor": 28, "master": 25}
EDUCATION = (("doctor", 3), ("master", 22), ("bachelor", 55), ("college", 14), ("senior_secondary", 6))
CATEGORIES = (("", 82), ("F", 8), ("E", 5), ("D", 3), ("C", 2))
TEAMS = {
    "tea": "rural", "silk": "rural", "fruit": "rural", "grain": "rural", "livestock": "rural", "forest": "rural",
    "aquaculture": "rural", "manufacturing": "skilled", "health": "professional", "education": "professional",
    "food": "skilled", "construction": "skilled", "commerce": "management", "finance": "management",
}  # fmt: skip
LEVELS = ("junior", "middle", "senior", "technician", "senior_technician")


def register_organisations(world: World) -> None:
    for name, kind, industry, township in names.ORGANISATIONS:
        data = {
            "name": name,
            "kind": kind,
            "industry": industry,
            "region": world.townships[township],
            "credit_code": identity.credit_code(world.rng, kind),
            "contact_name": _name(world, male=world.chance(0.5)),
            "contact_phone": f"0831-8{world.rng.randrange(10**6):06d}",
        }
        world.organisations.append(actions.create_organisation(by=world.staff[0], at=world.begin, data=data))


def register_talents(world: World) -> None:
    """The first one is the person to sign in as."""
    made = [_the_one_to_sign_in_as(world)]
    for serial in range(1, TALENTS):
        made.append(_talent(world, serial))
        if serial % 100 == 0:
            world.say(f"  {serial} of {TALENTS}")
    files = Talent.objects.select_related("region__parent", "user", "employer").in_bulk([each.pk for each in made])
    world.talents = [files[each.pk] for each in made]


def _talent(world: World, serial: int) -> Talent:
    """Two thirds were entered at the counter, a third registered themselves."""
    late = serial > FIRST_DAYS
    at = world.office_hour(world.begin, world.rng.randrange(1, 210) if late else world.rng.randrange(1, 12))
    organisation = _employer(world)
    data = _file(world, serial, organisation)
    if serial == SERIAL_OF_SECOND:
        data["is_civil_servant"] = False
    if late:
        data["returned_on"] = timezone.localdate(at) - timedelta(days=world.rng.randrange(5, 90))
    cadre = world.cadres[_township(data["region"]).pk]
    talent = actions.create_talent(by=cadre, at=at, consented=True, data=data)
    actions.verify_identity(by=cadre, at=at + timedelta(minutes=10), talent=talent)
    if serial % 3 == 0:
        name, password = (SECOND, make_password(PASSWORD)) if serial == SERIAL_OF_SECOND else (f"u{serial:04d}", None)
        user = talent_account(world, name, talent.name, data["phone"], at, password)
        talent = actions.link_account(by=cadre, at=at + timedelta(minutes=20), talent=talent, user=user)
    _finish(world, talent, at)
    return talent


def _the_one_to_sign_in_as(world: World) -> Talent:
    """A returnee with a complete file who qualifies and has not applied yet."""
    township, at = world.townships[HOME_TOWNSHIP], world.office_hour(world.begin, 2)
    employer = next(each for each in world.organisations if each.industry == "food")
    data = _file(world, 0, employer) | {
        "name": "林雨桐",
        "sex": "female",
        "region": township,
        "education": "master",
        "graduated_on": date(1998 + AGE_AT_DEGREE["master"], 6, 30),
        "employed_since": date(2023, 9, 1),
        "returned_on": date(2023, 7, 8),
        "category": "",
        "category_since": None,
        "is_civil_servant": False,
        "employed_until": None,
        "id_number": identity.id_number(world.rng, date(1998, 5, 12), male=False),
        "birth_date": date(1998, 5, 12),
    }
    cadre = world.cadres[township.pk]
    talent = actions.create_talent(by=cadre, at=at, consented=True, data=data)
    actions.verify_identity(by=cadre, at=at, talent=talent)
    user = talent_account(world, "talent", talent.name, data["phone"], at, make_password(PASSWORD))
    talent = actions.link_account(by=cadre, at=at, talent=talent, user=user)
    _finish(world, talent, at)
    return talent


def _finish(world: World, talent: Talent, at: datetime) -> None:
    """Consents, the bank account and perhaps a skill: what the person adds themselves, or dictates at the counter."""
    by = talent.user or world.cadre_of(talent)
    wanted = [Purpose.HOUSING, Purpose.BANK_ACCOUNT]
    if not talent.user:
        wanted.insert(0, Purpose.REGISTER)
    for purpose in wanted:
        actions.give_consent(by=by, at=at, talent=talent, purpose=purpose)
    bank = {"bank_name": world.rng.choice(names.BANKS), "bank_account_name": talent.name}
    bank["bank_account"] = identity.bank_account(world.rng)
    actions.update_talent(by=by, at=at, talent=talent, changes=bank)
    if world.chance(0.3):
        actions.add_skill(
            by=by,
            at=at,
            talent=talent,
            name=world.rng.choice(names.SKILLS),
            level=world.rng.choice(LEVELS),
            certified_on=timezone.localdate(at) - timedelta(days=world.rng.randrange(60, 2500)),
            certificate_number=f"S{world.rng.randrange(10**11):011d}",
        )


def _file(world: World, serial: int, employer: Organisation) -> dict[str, Any]:
    rng, male = world.rng, world.chance(0.52)
    education = _weighted(world, EDUCATION)
    graduated = date(rng.randrange(2012, 2026), 6, 30)
    birth = _birth(graduated, education, rng.randrange(1, 13), rng.randrange(1, 29))
    return {
        "name": _name(world, male=male),
        "sex": "male" if male else "female",
        "birth_date": birth,
        "id_number": identity.id_number(rng, birth, male=male),
        "phone": identity.mobile(serial),
        "region": _home(world, employer),
        "address": f"{rng.choice(names.STREETS)}{rng.randrange(1, 200)}号",
        "marital_status": "married" if world.chance(0.45) else "single",
        "education": education,
        "school": rng.choice(names.SCHOOLS),
        "major": rng.choice(names.MAJORS),
        "graduated_on": graduated,
        "employer": employer,
        "position": rng.choice(names.POSITIONS),
        "employed_since": max(graduated, date(2018, 1, 1)) + timedelta(days=rng.randrange(10, 150)),
        "returned_on": graduated + timedelta(days=rng.randrange(5, 10)),
        "team": TEAMS.get(employer.industry, "professional"),
        "is_civil_servant": world.chance(0.02),
        **_recognition(world),
    }


def _birth(graduated: date, education: str, month: int, day: int) -> date:
    """A birthday by which whoever graduates at the end of June is as old as their degree takes."""
    return date(graduated.year - AGE_AT_DEGREE.get(education, 22) - (month > graduated.month), month, day)


def _recognition(world: World) -> dict[str, Any]:
    category = _weighted(world, CATEGORIES)
    if not category:
        return {}
    return {
        "category": category,
        "category_since": date(world.rng.randrange(2022, 2026), world.rng.randrange(1, 13), 1),
    }


def _employer(world: World) -> Organisation:
    return world.rng.choice([each for each in world.organisations if each.kind != "collective"])


def _home(world: World, employer: Organisation) -> Any:
    township: Any = employer.region if world.chance(0.7) else world.rng.choice(list(world.townships.values()))
    return world.rng.choice(world.villages[township.pk])


def _township(region: Any) -> Any:
    return region if region.level == "township" else region.parent


def _name(world: World, *, male: bool) -> str:
    rng = world.rng
    surname = rng.choice(names.DOUBLE_SURNAMES) if world.chance(0.02) else rng.choice(names.SURNAMES)
    given = names.GIVEN_MALE if male else names.GIVEN_FEMALE
    return surname + "".join(rng.sample(given, 1 if world.chance(0.3) else 2))


def _weighted(world: World, table: tuple[tuple[str, int], ...]) -> str:
    return world.rng.choices([value for value, _weight in table], [weight for _value, weight in table])[0]
