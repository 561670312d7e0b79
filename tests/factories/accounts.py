"""Regions, accounts and the roles they hold."""

from typing import Any

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import ORGANISATION_ROLES, REGION_ROLES, Role
from talentmap.regions.models import Level, Region

COUNTY = settings.COUNTY_CODE


class CountyFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = COUNTY
    name = "高县"
    level = Level.COUNTY


class TownshipFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{COUNTY[:6]}{100 + n % 900:03}000")
    name = factory.Sequence(lambda n: f"第{n}镇")
    level = Level.TOWNSHIP
    parent = factory.SubFactory(CountyFactory)


class VillageFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.LazyAttributeSequence(lambda village, n: f"{village.parent.code[:9]}{1 + n % 998:03}")
    name = factory.Sequence(lambda n: f"第{n}村")
    level = Level.VILLAGE
    parent = factory.SubFactory(TownshipFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"王{n}")
    mobile_verified_at = factory.LazyAttribute(lambda user: timezone.now() if user.mobile else None)
    mobile = ""
    password = "!"  # cannot sign in by password; tests use client.force_login or set_password


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICE_STAFF
    region = factory.SubFactory(CountyFactory)


def user_with(role: str, *, region: Region | None = None, organisation: Any = None, **fields: Any) -> User:
    """An account that holds `role`: staff in the county unless a region is named, cadres in a new township,
    partners in a new organisation."""
    user = UserFactory(**fields)
    give(user, role, region=region, organisation=organisation)
    return user


def give(user: User, role: str, *, region: Region | None = None, organisation: Any = None) -> Membership:
    """Add a role to an account that exists."""
    if role in REGION_ROLES and region is None:
        region = TownshipFactory() if role == Role.TOWNSHIP_CADRE else CountyFactory()
    if role in ORGANISATION_ROLES and organisation is None:
        from tests.factories.people import OrganisationFactory

        organisation = OrganisationFactory()
    user.forget_memberships()
    return MembershipFactory(user=user, role=role, region=region, organisation=organisation)
