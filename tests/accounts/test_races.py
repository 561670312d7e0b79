"""Two at once: the same number registered, the same role given, the same backup code used."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django_otp import match_token

from talentmap.accounts import actions, actions_members
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.people.models import Talent
from tests.accounts.test_actions import WHO, code
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.races import run_together

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def register_four_times():
    return run_together(lambda index: actions.register(by=None, at=AT, **WHO), 4)


def test_the_same_number_registered_at_once_makes_one_account_and_one_file():
    User.objects.system()
    outcomes = register_four_times()
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert all(isinstance(outcome, User | ValidationError | IntegrityError) for outcome in outcomes)
    assert User.objects.filter(mobile=WHO["mobile"]).count() == Talent.objects.count() == 1


def test_without_the_constraint_there_would_be_several(monkeypatch):
    """The negative control: the form's own question before saving does not guard a race."""
    User.objects.system()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("drop index talentmap_user_mobile_unique")
    try:
        register_four_times()
        assert User.objects.filter(mobile=WHO["mobile"]).count() > 1
    finally:
        Talent.objects.all().update(user=None)
        Membership.objects.all().delete()
        User.objects.filter(mobile=WHO["mobile"]).update(mobile="")
        with connection.cursor() as cursor:
            cursor.execute(
                "create unique index talentmap_user_mobile_unique on talentmap_user (mobile) where not mobile = ''"
            )


def test_the_same_role_given_at_once_is_held_once():
    staff, member, township = user_with(Role.OFFICE_STAFF), UserFactory(), TownshipFactory()
    outcomes = run_together(
        lambda index: actions_members.give_role(
            by=staff, at=AT, user=member, role=Role.TOWNSHIP_CADRE, region=township
        ),
        4,
    )
    assert sum(isinstance(outcome, Membership) for outcome in outcomes) == 1
    assert member.memberships.count() == 1


def test_a_backup_code_used_in_two_places_at_once_lets_in_one():
    user = UserFactory()
    device = actions.device_to_set_up(user)
    _device, codes = actions.confirm_second_factor(by=user, at=AT, token=code(device))
    outcomes = run_together(lambda index: match_token(user, codes[0]), 4)
    assert sum(outcome is not None and not isinstance(outcome, Exception) for outcome in outcomes) == 1


def test_two_confirmations_of_one_device_give_one_set_of_codes():
    user = UserFactory()
    token = code(actions.device_to_set_up(user))
    outcomes = run_together(lambda index: actions.confirm_second_factor(by=user, at=AT, token=token), 3)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert user.staticdevice_set.count() == 1
