from datetime import UTC, datetime

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError

from talentmap.accounts import actions_members as actions
from talentmap.accounts.actions import device_to_set_up
from talentmap.accounts.models import User
from talentmap.accounts.permissions import PARTNERS, REGION_ROLES, ROLE_ORGANISATION, Role
from talentmap.audit.models import AuditEntry
from talentmap.notices import delivery
from talentmap.notices.models import Delivery
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories.accounts import CountyFactory, TownshipFactory, UserFactory, VillageFactory, give, user_with
from tests.factories.people import OrganisationFactory, TalentFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def add(by, role, **values):
    fields = {"username": "li.si", "display_name": "李四", **values}
    return actions.add_member(by=by, at=AT, role=role, **fields)


def test_office_staff_let_in_a_cadre_who_must_choose_a_password():
    staff, township = user_with(Role.OFFICE_STAFF), TownshipFactory()
    user, password = add(staff, Role.TOWNSHIP_CADRE, region=township, mobile="13812341234")
    assert user.check_password(password) and user.must_change_password
    membership = user.memberships.get()
    assert (membership.region, membership.granted_by, membership.valid_from) == (township, staff, AT)
    entry = AuditEntry.objects.get(table_name="talentmap_membership", row_id=str(membership.pk))
    assert entry.action == "accounts.give_role"
    assert entry.actor_id == staff.pk


@pytest.mark.parametrize(
    ("giver", "role"),
    [
        (Role.OFFICE_STAFF, Role.OFFICE_STAFF),
        (Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR),
        (Role.OFFICE_STAFF, Role.ADMINISTRATOR),
        (Role.OFFICE_DIRECTOR, Role.OFFICE_DIRECTOR),
        (Role.OFFICE_DIRECTOR, Role.COUNTY_LEADER),
        (Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR),
        (Role.TOWNSHIP_CADRE, Role.TOWNSHIP_CADRE),
        (Role.COUNTY_LEADER, Role.TOWNSHIP_CADRE),
    ],
)
def test_nobody_gives_a_role_as_high_as_their_own(giver, role):
    with pytest.raises(PermissionDenied):
        add(user_with(giver), role, region=CountyFactory())
    assert not User.objects.filter(username="li.si").exists()


def test_a_role_is_given_inside_ones_reach_only():
    other_county = CountyFactory(code="511526000000", name="珙县")
    staff = user_with(Role.OFFICE_STAFF, region=other_county)
    with pytest.raises(PermissionDenied):
        add(staff, Role.TOWNSHIP_CADRE, region=TownshipFactory())
    with pytest.raises(PermissionDenied):
        add(staff, Role.BANK_OFFICER, organisation=OrganisationFactory(region=CountyFactory()))
    add(staff, Role.TOWNSHIP_CADRE, region=TownshipFactory(code="511526100000", parent=other_county))


@pytest.mark.parametrize("role", sorted(PARTNERS))
def test_partners_are_let_in_by_the_office(role):
    kind = next(iter(ROLE_ORGANISATION.get(role, ["enterprise"])))
    user, _password = add(user_with(Role.OFFICE_STAFF), role, organisation=OrganisationFactory(kind=kind))
    assert user.roles == {role}


@pytest.mark.parametrize("role", sorted(REGION_ROLES))
def test_a_cadre_gets_a_township_and_nobody_else_does(role):
    """A cadre of the county would review every township's applications; a director of a township none of the rest."""
    places = {"county": CountyFactory(), "township": TownshipFactory(), "village": VillageFactory()}
    right = "township" if role == Role.TOWNSHIP_CADRE else "county"
    for level, region in places.items():
        if level != right:
            with pytest.raises(ValidationError) as caught:
                add(user_with(Role.ADMINISTRATOR), role, region=region)
            assert set(caught.value.error_dict) == {"region"}
    assert not User.objects.filter(username="li.si").exists()
    assert add(user_with(Role.ADMINISTRATOR), role, region=places[right])


@pytest.mark.parametrize(
    ("role", "right", "wrong"),
    [
        (Role.BANK_OFFICER, ["bank"], ["enterprise", "hospital", "school", "government"]),
        (Role.HOSPITAL_CLERK, ["hospital"], ["bank", "enterprise", "school"]),
        (Role.SCHOOL_CLERK, ["school"], ["bank", "hospital", "training"]),
        (Role.TRAINING_ORGANISER, ["training", "school"], ["bank", "hospital", "enterprise"]),
        (Role.MENTOR, ["enterprise", "cooperative", "school", "other"], []),
        (Role.COMPETITION_JUDGE, ["enterprise", "bank", "government"], []),
    ],
)
def test_a_partner_belongs_to_the_kind_of_organisation_that_the_role_is_about(role, right, wrong):
    staff = user_with(Role.OFFICE_STAFF)
    for kind in wrong:
        with pytest.raises(ValidationError) as caught:
            actions.give_role(
                by=staff, at=AT, user=UserFactory(), role=role, organisation=OrganisationFactory(kind=kind)
            )
        assert set(caught.value.error_dict) == {"organisation"}
    for kind in right:
        actions.give_role(by=staff, at=AT, user=UserFactory(), role=role, organisation=OrganisationFactory(kind=kind))


def test_a_role_needs_its_place():
    with pytest.raises((ValidationError, PermissionDenied)):
        add(user_with(Role.ADMINISTRATOR), Role.TOWNSHIP_CADRE)


def test_nobody_gives_or_ends_a_role_of_their_own():
    administrator = user_with(Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        actions.give_role(
            by=administrator, at=AT, user=administrator, role=Role.OFFICE_DIRECTOR, region=CountyFactory()
        )
    with pytest.raises(PermissionDenied):
        actions.end_role(by=administrator, at=AT, membership=administrator.memberships.get())


def test_a_role_is_not_held_twice_in_one_place():
    administrator, township = user_with(Role.ADMINISTRATOR), TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    with pytest.raises(ValidationError):
        actions.give_role(by=administrator, at=AT, user=cadre, role=Role.TOWNSHIP_CADRE, region=township)


def test_an_ended_role_stays_as_history_and_grants_nothing():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    membership = cadre.memberships.get()
    actions.end_role(by=staff, at=AT, membership=membership, reason="moved")
    membership.refresh_from_db()
    assert membership.ended_by == staff and membership.ended_at >= membership.valid_from
    assert not User.objects.get(pk=cadre.pk).roles
    entry = AuditEntry.objects.get(table_name="talentmap_membership", row_id=str(membership.pk), operation="update")
    assert entry.reason == "moved"
    with pytest.raises((Refused, PermissionDenied)):
        actions.end_role(by=staff, at=AT, membership=membership)


def test_a_second_click_on_end_is_told():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    seen_before = cadre.memberships.get()
    actions.end_role(by=staff, at=AT, membership=cadre.memberships.get())
    with pytest.raises(Refused):
        actions.end_role(by=staff, at=AT, membership=seen_before)


# Helping back in -----------------------------------------------------------------------------------------


def test_a_reset_password_is_new_and_must_be_changed():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    password = actions.reset_password(by=staff, at=AT, user=cadre, reason="seen")
    cadre.refresh_from_db()
    assert cadre.check_password(password) and cadre.must_change_password
    assert actions.reset_password(by=staff, at=AT, user=cadre, reason="seen") != password


HELP = {
    "reset_password": lambda by, user: actions.reset_password(by=by, at=AT, user=user, reason="seen"),
    "reset_second_factor": lambda by, user: actions.reset_second_factor(by=by, at=AT, user=user, reason="seen"),
    "let_in": lambda by, user: actions.let_in(by=by, at=AT, user=user, allowed=False, reason="left"),
    "update_member": lambda by, user: actions.update_member(by=by, at=AT, user=user, values={"mobile": ""}),
}


@pytest.mark.parametrize("help_back", HELP.values(), ids=HELP)
def test_an_account_with_one_role_too_high_cannot_be_taken_over(help_back):
    staff = user_with(Role.OFFICE_STAFF)
    high = user_with(Role.TALENT)
    give(high, Role.OFFICE_DIRECTOR)
    for target in (high, staff, user_with(Role.OFFICE_STAFF), User.objects.system()):
        with pytest.raises(PermissionDenied):
            help_back(staff, target)


@pytest.mark.parametrize("help_back", HELP.values(), ids=HELP)
def test_a_talent_elsewhere_cannot_be_taken_over(help_back):
    other_county = CountyFactory(code="511526000000", name="珙县")
    staff = user_with(Role.OFFICE_STAFF, region=other_county)
    here = TalentFactory(user=user_with(Role.TALENT), region=TownshipFactory()).user
    there = TalentFactory(
        user=user_with(Role.TALENT), region=TownshipFactory(code="511526100000", parent=other_county)
    ).user
    with pytest.raises(PermissionDenied):
        help_back(staff, here)
    help_back(staff, there)


def test_a_superuser_is_nobodys_to_reset():
    root = User.objects.create_superuser("root", "a password of length")
    with pytest.raises(PermissionDenied):
        actions.reset_password(by=user_with(Role.ADMINISTRATOR), at=AT, user=root, reason="seen")


def test_a_lost_second_factor_is_removed_with_the_reason_in_the_history():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    device_to_set_up(cadre)
    User.objects.filter(pk=cadre.pk).update(second_factor_since=AT)
    actions.reset_second_factor(by=staff, at=AT, user=cadre, reason="shown the card")
    cadre.refresh_from_db()
    assert cadre.second_factor_since is None and not cadre.totpdevice_set.exists()
    last = AuditEntry.objects.filter(table_name="talentmap_user", row_id=str(cadre.pk)).latest("id")
    assert (last.reason, last.action) == ("shown the card", "accounts.reset_second_factor")


def test_a_closed_account_may_nothing_until_it_is_opened_again():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    assert not actions.let_in(by=staff, at=AT, user=cadre, allowed=False, reason="left").permissions
    assert actions.let_in(by=staff, at=AT, user=cadre, allowed=True, reason="back").permissions


def test_a_reset_password_lifts_the_lock_of_its_account():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    for name in (cadre.username, staff.username):
        AccessAttempt.objects.create(username=name, ip_address="127.0.0.1", failures_since_start=5)
    actions.reset_password(by=staff, at=AT, user=cadre, reason="seen")
    assert AccessAttempt.objects.get().username == staff.username


@pytest.mark.parametrize("help_back", ["reset_password", "let_in"])
def test_the_reason_stands_in_the_history(help_back):
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE)
    HELP[help_back](staff, cadre)
    last = AuditEntry.objects.filter(table_name="talentmap_user", row_id=str(cadre.pk)).latest("id")
    assert (last.action, last.reason) == (f"accounts.{help_back}", "seen" if help_back == "reset_password" else "left")


# Being told of it ----------------------------------------------------------------------------------------


def told(user):
    """The kinds of notices of the account, and that each leaves the platform."""
    notices = user.notices.order_by("pk")
    assert all(set(each.deliveries.values_list("channel", flat=True)) == {"email", "sms"} for each in notices)
    return [each.kind for each in notices]


def test_the_person_is_told_of_whatever_others_did_to_their_account():
    staff, township = user_with(Role.OFFICE_STAFF), TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, mobile="13812341234")
    held = actions.give_role(by=staff, at=AT, user=cadre, role=Role.TOWNSHIP_CADRE, region=township)
    actions.end_role(by=staff, at=AT, membership=held, reason="moved")
    actions.reset_password(by=staff, at=AT, user=cadre, reason="seen")
    actions.reset_second_factor(by=staff, at=AT, user=cadre, reason="seen")
    actions.update_member(by=staff, at=AT, user=cadre, values={"display_name": "赵六"})
    actions.update_member(by=staff, at=AT, user=cadre, values={"mobile": "13912341234"})
    actions.let_in(by=staff, at=AT, user=cadre, allowed=False, reason="left")
    actions.let_in(by=staff, at=AT, user=cadre, allowed=True, reason="back")
    assert told(cadre) == [
        "role_given",
        "role_ended",
        "password_reset",
        "second_factor_reset",
        "mobile_changed",
        "account_closed",
        "account_reopened",
    ]
    assert not staff.notices.exists()


def test_that_an_account_is_closed_reaches_its_person_all_the_same(settings, tmp_path):
    settings.SMS_OUTBOX = tmp_path
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE, mobile="13812341234")
    actions.reset_password(by=staff, at=AT, user=cadre, reason="seen")
    actions.let_in(by=staff, at=AT, user=cadre, allowed=False, reason="left")
    cadre.refresh_from_db()
    states = {
        each.notice.kind: delivery._send(each, AT)
        for each in Delivery.objects.filter(channel="sms", notice__recipient=cadre)
    }
    assert states == {"password_reset": Delivery.Error.INACTIVE, "account_closed": ""}


def test_the_old_number_is_told_too(settings, tmp_path, django_capture_on_commit_callbacks, eager):
    settings.SMS_OUTBOX = tmp_path / "sms"
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE, mobile="13812341234", language="en")
    with django_capture_on_commit_callbacks() as callbacks:
        actions.update_member(by=staff, at=AT, user=cadre, values={"mobile": "13912341234"})
    callbacks[-1]()
    (sent,) = settings.SMS_OUTBOX.iterdir()
    assert "138****1234" in sent.read_text() and "mobile number was changed" in sent.read_text()


# An account for a person at the counter ------------------------------------------------------------------


def test_a_person_with_a_file_gets_an_account_under_its_number():
    staff = user_with(Role.OFFICE_STAFF)
    talent = TalentFactory(user=None, phone="13812341234")
    Talent.objects.filter(pk=talent.pk).update(identity_verified_at=AT, identity_verified_by=staff)
    user, password = actions.open_account(by=staff, at=AT, talent=talent)
    talent.refresh_from_db()
    assert talent.user == user and user.mobile == "13812341234" and user.check_password(password)
    assert user.roles == {Role.TALENT}
    with pytest.raises((Refused, ValidationError)):
        actions.open_account(by=staff, at=AT, talent=talent)


def test_an_account_needs_a_number_and_a_verified_identity():
    staff = user_with(Role.OFFICE_STAFF)
    with pytest.raises(Refused):
        actions.open_account(by=staff, at=AT, talent=TalentFactory(user=None, phone=""))
    unverified = TalentFactory(user=None, phone="13812341234")
    Talent.objects.filter(pk=unverified.pk).update(identity_verified_at=None, identity_verified_by=None)
    with pytest.raises(Refused):
        actions.open_account(by=staff, at=AT, talent=unverified)
    with pytest.raises(PermissionDenied):
        actions.open_account(by=user_with(Role.TOWNSHIP_CADRE), at=AT, talent=unverified)
    assert not User.objects.filter(mobile="13812341234").exists()


def test_correcting_an_account_keeps_what_is_not_named():
    staff = user_with(Role.OFFICE_STAFF)
    cadre = user_with(Role.TOWNSHIP_CADRE, email="a@example.org")
    UserFactory(mobile="13812341234")
    changed = actions.update_member(by=staff, at=AT, user=cadre, values={"display_name": "赵六"})
    assert (changed.display_name, changed.email) == ("赵六", "a@example.org")
    with pytest.raises(ValidationError):
        actions.update_member(by=staff, at=AT, user=cadre, values={"mobile": "13812341234"})
