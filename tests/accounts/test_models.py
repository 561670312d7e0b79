from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import PARTNERS, Role
from talentmap.accounts.permissions import Permission as P
from tests.factories.accounts import (
    CountyFactory,
    MembershipFactory,
    TownshipFactory,
    UserFactory,
    VillageFactory,
    give,
    user_with,
)
from tests.factories.people import OrganisationFactory, TalentFactory

pytestmark = pytest.mark.django_db


def violates(name, make):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert caught.value.__cause__.diag.constraint_name == name


# Constraints ---------------------------------------------------------------------------------------------


def test_a_user_name_is_given_once():
    UserFactory(username="wang")
    violates("talentmap_user_username_unique", lambda: UserFactory(username="wang"))


@pytest.mark.parametrize("username", ["", "a", "Wang", "13812341234", "王伟", "1wang", "wang wei"])
def test_a_user_name_is_plain_and_never_a_mobile_number(username):
    violates("talentmap_user_username_plain", lambda: UserFactory(username=username))


@pytest.mark.parametrize("mobile", ["12812341234", "1381234123", "138123412345", "wang"])
def test_a_mobile_number_has_its_form(mobile):
    violates(
        "talentmap_user_mobile_form", lambda: UserFactory(mobile=mobile[:11] if len(mobile) < 12 else "0" + mobile[:10])
    )


def test_a_mobile_number_has_one_account_and_none_may_be_missing_often():
    UserFactory(mobile="13812341234")
    violates("talentmap_user_mobile_unique", lambda: UserFactory(mobile="13812341234"))
    UserFactory.create_batch(2, mobile="")


@pytest.mark.parametrize(
    ("role", "with_region", "with_organisation"),
    [
        (Role.TALENT, True, False),
        (Role.TALENT, False, True),
        (Role.OFFICE_STAFF, False, False),
        (Role.OFFICE_STAFF, True, True),
        (Role.COUNTY_LEADER, False, True),
        (Role.BANK_OFFICER, True, False),
        (Role.BANK_OFFICER, False, False),
    ],
)
def test_a_role_is_held_where_it_belongs(role, with_region, with_organisation):
    violates(
        "talentmap_membership_place",
        lambda: MembershipFactory(
            role=role,
            region=CountyFactory() if with_region else None,
            organisation=OrganisationFactory() if with_organisation else None,
        ),
    )


def test_a_role_is_held_once_in_one_place():
    user = user_with(Role.TALENT)
    violates("talentmap_membership_active_once", lambda: give(user, Role.TALENT))
    user.memberships.update(ended_at=timezone.now(), ended_by=user)
    give(user, Role.TALENT)


def test_an_end_has_a_person_and_comes_after_the_beginning():
    membership = MembershipFactory()
    later, earlier = (membership.valid_from + timedelta(days=days) for days in (1, -1))
    mine = Membership.objects.filter(pk=membership.pk)
    violates("talentmap_membership_end_paired", lambda: mine.update(ended_at=later))
    violates("talentmap_membership_end_paired", lambda: mine.update(ended_by=membership.user))
    violates("talentmap_membership_end_after_start", lambda: mine.update(ended_at=earlier, ended_by=membership.user))


# May and reach -------------------------------------------------------------------------------------------


def thing(**where):
    return SimpleNamespace(**where)


def test_a_cadre_reaches_the_township_and_its_villages_only():
    township = TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    assert cadre.may(P.VIEW_CASES)
    assert cadre.may(P.VIEW_CASES, thing(reach_region=VillageFactory(parent=township)))
    assert not cadre.may(P.VIEW_CASES, thing(reach_region=TownshipFactory()))
    assert not cadre.may(P.VIEW_CASES, thing(reach_region=CountyFactory()))
    assert not cadre.may(P.VIEW_CASES, thing(reach_region=None))
    assert not cadre.may(P.APPROVE)
    assert cadre.reach(P.VIEW_CASES).region_codes == (township.code[:9],)
    assert not cadre.reach(P.APPROVE)


def test_the_countys_own_office_reaches_also_who_has_not_said_where_they_live():
    staff = user_with(Role.OFFICE_STAFF)
    assert staff.reach(P.VIEW_CASES).everything
    assert staff.may(P.VIEW_CASES, thing(reach_region=None))


def test_another_countys_office_reaches_its_own_county_only():
    other = CountyFactory(code="511526000000", name="珙县")
    staff = user_with(Role.OFFICE_STAFF, region=other)
    assert not staff.reach(P.VIEW_CASES).everything
    assert staff.may(P.VIEW_CASES, thing(reach_region=other))
    assert not staff.may(P.VIEW_CASES, thing(reach_region=CountyFactory()))


@pytest.mark.parametrize("role", sorted(PARTNERS))
def test_a_partner_reaches_its_own_organisation_only(role):
    own, other = OrganisationFactory.create_batch(2)
    partner = user_with(role, organisation=own)
    assert partner.may(P.VIEW_CASES, thing(reach_organisation_id=own.pk))
    assert not partner.may(P.VIEW_CASES, thing(reach_organisation_id=other.pk))
    assert not partner.may(P.VIEW_CASES, thing(reach_region=own.region))
    assert not partner.may(P.VIEW_PEOPLE)


def test_a_talent_reaches_what_is_their_own():
    talent = user_with(Role.TALENT)
    assert talent.may(P.APPLY, thing(reach_user_id=talent.pk))
    assert not talent.may(P.APPLY, thing(reach_user_id=talent.pk + 1))
    assert not talent.may(P.VIEW_CASES, thing(reach_user_id=talent.pk))


def test_permissions_of_two_roles_do_not_mix_their_places():
    township = TownshipFactory()
    user = user_with(Role.TOWNSHIP_CADRE, region=township)
    give(user, Role.COUNTY_LEADER)
    assert user.reach(P.VIEW_DASHBOARDS).everything
    assert not user.reach(P.FIRST_REVIEW).everything


def test_who_is_closed_or_whose_role_ended_may_nothing():
    closed = user_with(Role.OFFICE_STAFF, is_active=False)
    assert not closed.may(P.VIEW_CASES)
    assert not closed.reach(P.VIEW_CASES)
    ended = user_with(Role.OFFICE_STAFF)
    ended.memberships.update(ended_at=timezone.now(), ended_by=ended)
    assert not User.objects.get(pk=ended.pk).may(P.VIEW_CASES)


def test_memberships_are_fetched_once_an_instance(django_assert_num_queries):
    user = User.objects.get(pk=user_with(Role.OFFICE_STAFF).pk)
    with django_assert_num_queries(1):
        assert user.may(P.VIEW_CASES) and user.reach(P.VIEW_PEOPLE) and user.roles
        assert not user.may(P.APPROVE)


def test_the_system_may_everything_and_cannot_sign_in():
    system = User.objects.system()
    assert system == User.objects.system()
    assert system.may(P.APPROVE, thing(reach_region=None)) and system.reach(P.APPROVE).everything
    assert not system.has_usable_password()
    assert system not in User.objects.people()


def test_a_superuser_is_the_first_administrator():
    root = User.objects.create_superuser("root", "a password of length")
    assert root.may(P.MANAGE_MEMBERS) and root.reach(P.MANAGE_MEMBERS).everything
    assert root.roles == {Role.ADMINISTRATOR}
    assert not root.may(P.VIEW_CASES)


# The admin site ------------------------------------------------------------------------------------------


def test_the_admin_site_is_for_who_keeps_reference_data():
    administrator, staff, leader = (
        user_with(role) for role in (Role.ADMINISTRATOR, Role.OFFICE_STAFF, Role.COUNTY_LEADER)
    )
    assert administrator.is_staff and staff.is_staff and not leader.is_staff
    assert staff.has_perm("talentmap.change_calendarday")
    assert not staff.has_perm("talentmap.change_region")
    assert administrator.has_perm("talentmap.view_region")
    assert administrator.has_perm("axes.delete_accessattempt")
    assert not staff.has_perm("axes.delete_accessattempt")


# Visible accounts ----------------------------------------------------------------------------------------


def test_members_are_seen_inside_ones_reach():
    other_county = CountyFactory(code="511526000000", name="珙县")
    other_township = TownshipFactory(code="511526100000", parent=other_county)
    here, there = user_with(Role.TOWNSHIP_CADRE), user_with(Role.TOWNSHIP_CADRE, region=other_township)
    partner = user_with(Role.BANK_OFFICER, organisation=OrganisationFactory(region=other_township))
    talent = TalentFactory(user=user_with(Role.TALENT), region=other_township).user
    staff = user_with(Role.OFFICE_STAFF, region=other_county)
    assert set(User.objects.visible_to(staff)) == {staff, there, partner, talent}
    administrator = user_with(Role.ADMINISTRATOR)
    assert {here, there, partner, talent, staff} < set(User.objects.visible_to(administrator))
    assert not User.objects.visible_to(here)


def test_names_sort_by_pinyin():
    for name in ("张三", "曾强", "欧阳静", "李四", "单雄"):
        UserFactory(display_name=name)
    names = list(User.objects.order_by("name_sort_key").values_list("display_name", flat=True))
    assert names == ["李四", "欧阳静", "单雄", "曾强", "张三"]
