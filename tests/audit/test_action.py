"""`@action` names who and why, opens one transaction, and never hides the error that ended it."""

import pytest
from django.db import IntegrityError, connection, transaction

from talentmap.audit.action import ACTIONS, _name_of, acting, action
from talentmap.audit.models import AuditEntry
from talentmap.notices.models import Preference
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@action
def prefer(*, by, user, group="cases", reason=""):
    return Preference.objects.create(user=user, kind_group=group, channel="sms", wanted=True)


@action
def prefer_two(*, by, user):
    prefer(by=user, user=user, group="money")
    return Preference.objects.create(user=user, kind_group="work", channel="sms", wanted=True)


@action
def prefer_then_fail(*, by, user):
    Preference.objects.create(user=user, kind_group="cases", channel="sms", wanted=True)
    raise ValueError("no")


def told():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('talentmap.actor', true), current_setting('talentmap.action', true)")
        return tuple(value or "" for value in cursor.fetchone())


def last_entry():
    return AuditEntry.objects.latest("id")


def test_an_entry_names_actor_action_and_reason():
    clerk = UserFactory()

    prefer(by=clerk, user=UserFactory(), reason="asked by phone")

    entry = last_entry()
    assert (entry.actor, entry.reason) == (clerk, "asked by phone")
    assert entry.action.endswith("test_action.prefer")


def test_a_nested_action_keeps_its_own_name_and_gives_the_outer_one_back():
    clerk, person = UserFactory(), UserFactory()

    prefer_two(by=clerk, user=person)

    inner, outer = AuditEntry.objects.filter(table_name="talentmap_preference").order_by("id")
    assert (inner.actor, inner.action.rpartition(".")[2]) == (person, "prefer")
    assert (outer.actor, outer.action.rpartition(".")[2]) == (clerk, "prefer_two")


def test_nothing_of_a_failed_action_is_left():
    person = UserFactory()

    with pytest.raises(ValueError, match="no"):
        prefer_then_fail(by=person, user=person)

    assert not Preference.objects.exists()
    assert told() == ("", "")


def test_the_outer_name_is_back_after_a_nested_action_failed():
    clerk, person = UserFactory(), UserFactory()

    with acting(by=clerk, name="outer"):
        with pytest.raises(ValueError, match="no"):
            prefer_then_fail(by=person, user=person)
        assert told() == (str(clerk.pk), "outer")


def test_a_database_error_comes_through_as_it_is():
    person = UserFactory()
    prefer(by=person, user=person)

    with transaction.atomic(), pytest.raises(IntegrityError, match="talentmap_preference_one_a_channel"):
        prefer(by=person, user=person)

    assert Preference.objects.count() == 1


def test_somebody_not_signed_in_acts_without_a_name():
    prefer(by=None, user=UserFactory())

    assert last_entry().actor_id is None
    assert last_entry().action


@pytest.mark.django_db(transaction=True)
def test_a_connection_forgets_who_acted_when_the_transaction_ends():
    person = UserFactory()
    prefer(by=person, user=person)

    Preference.objects.update(wanted=False)

    assert (last_entry().actor_id, last_entry().action) == (None, "")


def test_an_action_says_how_it_is_called():
    with pytest.raises(TypeError, match="keyword arguments only"):
        prefer(user=UserFactory())
    with pytest.raises(TypeError, match="keyword arguments only"):
        prefer(UserFactory(), by=None)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("talentmap.casework.actions", "casework.prefer"),
        ("talentmap.casework.actions_review", "casework.prefer"),
        ("talentmap.casework.actions.moving", "casework.prefer"),
        ("support.housing.actions", "support.housing.prefer"),
    ],
)
def test_actions_are_named_by_their_area(module, name):
    def prefer():
        """Stands for an action of that module."""

    prefer.__module__ = module

    assert _name_of(prefer) == name


def test_actions_register_themselves():
    assert ACTIONS["audit.log_access"]
