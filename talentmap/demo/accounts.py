"""The people who work in the demo county: those that can be signed in as, and a cadre in every township."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.demo.world import World
from talentmap.management.commands.demo_accounts import PASSWORD
from talentmap.people.models import Organisation
from talentmap.regions.models import Region

HOME_TOWNSHIP = "庆符镇"
COUNTY_ROLES = (
    ("staff", "周敏", Role.OFFICE_STAFF),
    ("staff2", "陈晓", Role.OFFICE_STAFF),
    ("director", "李国华", Role.OFFICE_DIRECTOR),
    ("leader", "王建军", Role.COUNTY_LEADER),
    ("admin", "系统管理员", Role.ADMINISTRATOR),
)
PARTNERS = (  # each of the first organisation of its kind, and a further one of the second
    ("bank", "吴丽", Role.BANK_OFFICER, "bank"),
    ("bank2", "曹颖", Role.BANK_OFFICER, "bank"),
    ("guarantor", "谭芳", Role.GUARANTOR_OFFICER, "guarantor"),
    ("mentor", "何强", Role.MENTOR, "enterprise"),
    ("hospital", "郑洁", Role.HOSPITAL_CLERK, "hospital"),
    ("school", "冯静", Role.SCHOOL_CLERK, "school"),
    ("trainer", "许辉", Role.TRAINING_ORGANISER, "training"),
    ("judge", "蒋涛", Role.COMPETITION_JUDGE, "training"),
)
CADRE_NAMES = ["刘洋", "张超", "罗萍", "赖明", "彭霞", "曾勇", "龚敏", "黎杰", "邹莉", "袁刚", "邓洁", "魏斌", "钟琴"]


def hire(world: World) -> None:
    """Open the county's accounts; partners need their organisations, see `hire_partners`."""
    world.system = User.objects.system()
    password = make_password(PASSWORD)
    county = Region.objects.get(level="county")
    made = {name: _account(world, name, shown, password, role, region=county) for name, shown, role in COUNTY_ROLES}
    world.staff, world.director = [made["staff"], made["staff2"]], made["director"]
    for place, (township, shown) in enumerate(zip(world.townships.values(), CADRE_NAMES, strict=True), start=1):
        username = "cadre" if township.name == HOME_TOWNSHIP else f"cadre{place:02d}"
        role = Role.TOWNSHIP_CADRE
        world.cadres[township.pk] = _account(world, username, shown, password, role, region=township)


def hire_partners(world: World) -> None:
    password = make_password(PASSWORD)
    for username, shown, role, kind in PARTNERS:
        place = 1 if username.endswith("2") else 0
        organisation = organisations_of_kind(world, kind)[place]
        _account(world, username, shown, password, role, organisation=organisation)


def talent_account(
    world: World, username: str, name: str, mobile: str, at: datetime, hashed: str | None = None
) -> User:
    """An account of somebody who registered; without a password nobody can sign in with it."""
    user = User.objects.create(
        username=username,
        display_name=name,
        mobile=mobile,
        mobile_verified_at=at,
        password=hashed or make_password(None),
        date_joined=at,
        language="zh-hans",
    )
    give_role(by=world.system, at=at, user=user, role=Role.TALENT)
    return user


def _account(world: World, username: str, shown: str, password: str, role: str, **place: Any) -> User:
    user = User.objects.create(
        username=username,
        display_name=shown,
        password=password,
        date_joined=world.begin,
    )
    give_role(by=world.system, at=world.begin, user=user, role=role, **place)
    return user


def organisations_of_kind(world: World, *kinds: str) -> list[Organisation]:
    return [each for each in world.organisations if each.kind in kinds]
