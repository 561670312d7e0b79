import string

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q

from talentmap.accounts.permissions import MAY_GRANT, Role
from talentmap.accounts.reach import Reach
from talentmap.accounts.rules import (
    Held,
    assignable,
    fresh_password,
    fresh_username,
    grants_of,
    may_give,
    may_manage,
)
from talentmap.regions.models import Region
from tests.factories.accounts import TownshipFactory

COUNTY = Reach(everything=True)
TOWNSHIP = Reach(region_codes=("511525100",))
INSIDE, OUTSIDE = "511525100001", "511525101001"


def test_an_office_gives_roles_below_its_own_only():
    staff = grants_of([(Role.OFFICE_STAFF, COUNTY)])
    director = grants_of([(Role.OFFICE_DIRECTOR, COUNTY)])
    assert may_give(staff, Held(Role.TOWNSHIP_CADRE, INSIDE))
    assert not may_give(staff, Held(Role.OFFICE_STAFF, INSIDE))
    assert may_give(director, Held(Role.OFFICE_STAFF, INSIDE))
    assert not may_give(director, Held(Role.OFFICE_DIRECTOR, INSIDE))
    assert not may_give(director, Held(Role.COUNTY_LEADER, INSIDE))


@pytest.mark.parametrize("role", [Role.TALENT, Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.BANK_OFFICER])
def test_who_manages_nobody_gives_nothing(role):
    assert role not in MAY_GRANT
    assert not may_give(grants_of([(role, COUNTY)]), Held(Role.TALENT, INSIDE))


def test_a_role_is_given_inside_the_reach_of_the_role_that_gives_it():
    grants = grants_of([(Role.OFFICE_STAFF, TOWNSHIP), (Role.TOWNSHIP_CADRE, COUNTY)])
    assert may_give(grants, Held(Role.TOWNSHIP_CADRE, INSIDE))
    assert not may_give(grants, Held(Role.TOWNSHIP_CADRE, OUTSIDE))
    assert not may_give(grants, Held(Role.TALENT)), "nobody knows where this talent lives"


def test_an_account_is_managed_only_by_who_could_give_all_its_roles():
    staff = grants_of([(Role.OFFICE_STAFF, COUNTY)])
    assert may_manage(staff, [Held(Role.TALENT), Held(Role.TOWNSHIP_CADRE, INSIDE)])
    assert not may_manage(staff, [Held(Role.TALENT), Held(Role.COUNTY_LEADER, INSIDE)])
    assert may_manage(staff, [])
    assert not may_manage(grants_of([(Role.OFFICE_STAFF, TOWNSHIP)]), [])
    assert not may_manage((), [])


def test_talents_get_their_role_with_their_file_not_from_the_list():
    assert Role.TALENT not in assignable(grants_of([(Role.ADMINISTRATOR, COUNTY)]))
    assert assignable(grants_of([(Role.OFFICE_STAFF, COUNTY)]))[0] == Role.TOWNSHIP_CADRE


def test_fresh_passwords_pass_the_rules_and_cannot_be_misread():
    passwords = {fresh_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        validate_password(password)
        assert len(password) == 14
        assert not set(password) & set("0Oo1lI")
        assert set(password) & set(string.digits)


def test_fresh_user_names_are_user_names():
    assert len({fresh_username() for _ in range(100)}) == 100
    assert all(name.startswith("u") and len(name) == 17 for name in (fresh_username(),))


def test_reach_covers_what_lies_below_a_prefix_and_nothing_beside_it():
    assert TOWNSHIP.covers_code("511525100000")
    assert TOWNSHIP.covers_code(INSIDE)
    assert not TOWNSHIP.covers_code(OUTSIDE)
    assert not Reach().covers_code(INSIDE)
    assert COUNTY.covers_code("110101001001")
    assert not Reach() and TOWNSHIP and COUNTY and Reach(organisation_ids=(1,))


@pytest.mark.django_db
def test_a_filter_of_everything_survives_being_ored_with_something_narrower():
    TownshipFactory.create_batch(2)
    narrow = Q(name="nowhere")
    assert Region.objects.filter(narrow | COUNTY.q(region="parent")).count() == Region.objects.count() == 3
    assert not Region.objects.filter(narrow | Reach().q(region="parent")).exists()
