"""Several at once: one code or number used, the same role given, the same backup code used."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django_otp import match_token

from talentmap.accounts import actions, actions_members, actions_mobile
from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.accounts.records import MobileCode
from talentmap.people.models import Talent
from tests.accounts.test_actions import WHO, code, code_for
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def register_four_times():
    User.objects.system()
    code = code_for(WHO["mobile"])
    return run_together(lambda index: actions.register(by=None, at=AT, code=code, **WHO), 4)


@pytest.fixture
def without_unique_mobile(monkeypatch):
    """The code alone has to hold: two accounts with one number are refused by nobody else."""
    monkeypatch.setattr(actions, "refuse_taken", lambda user: None)
    monkeypatch.setattr(User, "full_clean", lambda user, **options: None)
    index = "create unique index talentmap_user_mobile_unique on talentmap_user (mobile) where not mobile = ''"
    with connection.cursor() as cursor:
        cursor.execute("drop index talentmap_user_mobile_unique")
    yield
    Talent.objects.all().update(user=None)
    Membership.objects.all().delete()
    User.objects.filter(mobile=WHO["mobile"]).update(mobile="", mobile_verified_at=None)
    with connection.cursor() as cursor:
        cursor.execute(index)


def test_one_code_used_by_four_at_once_makes_one_account_and_one_file(without_unique_mobile):
    outcomes = register_four_times()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] * 3 + ["User"]
    assert User.objects.filter(mobile=WHO["mobile"]).count() == Talent.objects.count() == 1


def test_without_the_lock_one_code_would_make_several(without_unique_mobile, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(MobileCode.objects, "select_for_update", MobileCode.objects.all)
    register_four_times()
    assert User.objects.filter(mobile=WHO["mobile"]).count() > 1


def test_one_number_is_registered_and_changed_to_at_once_by_one():
    """Each with a code of its own in hand, as after two minutes: the constraint decides."""
    User.objects.system()
    user = UserFactory()
    register = code_for(WHO["mobile"])
    digest = actions_mobile._digest(Purpose.CHANGE, WHO["mobile"], "111111")
    other = MobileCode(mobile=WHO["mobile"], purpose=Purpose.CHANGE, digest=digest, sent_at=AT)
    with without("talentmap_mobilecode", "talentmap_mobilecode_one_a_number"):
        other.save()
        outcomes = run_together(
            lambda index: (
                actions.register(by=None, at=AT, code=register, **WHO)
                if index
                else actions.update_account(by=user, at=AT, values={"mobile": WHO["mobile"]}, code="111111")
            ),
            2,
        )
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, ValidationError | IntegrityError) for outcome in outcomes) == 1


def test_four_clicks_on_send_code_send_one():
    outcomes = run_together(
        lambda index: actions_mobile.ask_code(by=None, at=AT, purpose=Purpose.REGISTER, mobile=WHO["mobile"]), 4
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused"] * 3 + ["str"]


def test_eight_guesses_at_once_cost_five_tries():
    right = code_for(WHO["mobile"])
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    run_together(lambda index: actions.register(by=None, at=AT, code=wrong, **WHO), 8)
    assert MobileCode.objects.get().tries == 5
    assert actions.register(by=None, at=AT, code=right, **WHO) is None


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
