"""Telling people once, by the channels they want."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from talentmap.accounts.permissions import Role
from talentmap.notices import actions, kinds
from talentmap.notices.models import Channel, Delivery, Notice, Preference
from talentmap.notices.queries import preferences_of, unread_count
from talentmap.ui.errors import Refused
from tests.factories.accounts import UserFactory, user_with
from tests.factories.notices import MORNING, TEST_KIND, DeliveryFactory, NoticeFactory
from tests.races import run_together

pytestmark = pytest.mark.django_db


def tell(recipient, **changed):
    told = {"kind": TEST_KIND, "params": {"number": "ZF-1"}, "link": "/my/", "key": "moved-1"} | changed
    return actions.notify(by=None, at=MORNING, recipient=recipient, **told)


def test_a_notice_is_in_the_inbox_and_goes_out_by_the_kinds_channels():
    notice = tell(UserFactory())

    assert (notice.kind, notice.created_at, notice.read_at) == ("test_moved_on", MORNING, None)
    assert list(notice.deliveries.order_by("channel").values_list("channel", "state", "next_try_at")) == [
        ("email", "pending", MORNING),
        ("sms", "pending", MORNING),
    ]


def test_the_same_key_tells_a_person_once_and_two_people_each():
    first, second = UserFactory(), UserFactory()

    assert tell(first) == tell(first)
    actions.notify_each(recipients=[first, second], by=None, at=MORNING, kind="test_moved_on", params={}, key="moved-1")

    assert Notice.objects.count() == 2
    assert Delivery.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_tell_a_person_once():
    recipient = UserFactory()

    outcomes = run_together(lambda _index: tell(recipient), 8)

    assert {outcome.pk for outcome in outcomes} == {Notice.objects.get().pk}
    assert Delivery.objects.count() == 2


def test_who_does_not_want_a_channel_is_not_bothered_by_it():
    person = UserFactory()
    actions.set_preferences(by=person, at=MORNING, wanted={("cases", "sms"): False})

    assert [delivery.channel for delivery in tell(person).deliveries.all()] == [Channel.EMAIL]


def test_a_channel_can_be_wanted_that_the_kind_does_not_use_by_itself():
    quiet = kinds.register(kinds.NoticeKind("test_quiet", kinds.Group.WORK, "Subject", "Text", ()))
    person = UserFactory()
    actions.set_preferences(by=person, at=MORNING, wanted={("work", "email"): True})

    assert [delivery.channel for delivery in tell(person, kind=quiet, params={}).deliveries.all()] == ["email"]


def test_nobody_can_turn_off_news_about_their_own_account():
    safety = kinds.register(kinds.NoticeKind("test_safety", kinds.Group.ACCOUNT, "Subject", "Text", ("sms",)))
    person = UserFactory()
    actions.set_preferences(by=person, at=MORNING, wanted={("account", "sms"): False})

    assert not Preference.objects.exists()
    assert [delivery.channel for delivery in tell(person, kind=safety, params={}).deliveries.all()] == ["sms"]


def test_preferences_start_with_what_the_kinds_do():
    person = UserFactory()
    actions.set_preferences(by=person, at=MORNING, wanted={("cases", "email"): False})

    wanted = preferences_of(person)

    assert wanted["cases", "email"] is False
    assert wanted["cases", "sms"] is True


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_link_that_leads_elsewhere_is_refused(link):
    with pytest.raises(ValueError, match="links inside the platform"):
        tell(UserFactory(), link=link)


def test_unknown_kinds_and_words_are_refused():
    with pytest.raises(ValueError, match="no notice kind nonsense"):
        tell(UserFactory(), kind="nonsense")
    with pytest.raises(ValueError, match="no word for salary"):
        tell(UserFactory(), params={"salary": "1"})


def test_a_rolled_back_change_tells_nobody():
    person = UserFactory()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(person)
        raise ZeroDivisionError

    assert not Notice.objects.exists()


def test_nothing_is_sent_before_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        tell(UserFactory())

    assert len(callbacks) == 2


def test_reading_is_counted(django_assert_num_queries):
    person = UserFactory()
    notice, _other = NoticeFactory(recipient=person), NoticeFactory(recipient=person)
    NoticeFactory()

    with django_assert_num_queries(1):
        assert unread_count(person) == 2
    actions.mark_read(by=person, at=MORNING, notice=notice)

    assert unread_count(person) == 1


def test_nobody_reads_anothers_notice():
    with pytest.raises(PermissionDenied):
        actions.mark_read(by=UserFactory(), at=MORNING, notice=NoticeFactory())


def test_marking_all_leaves_what_came_later_and_what_is_others():
    person = UserFactory()
    seen = NoticeFactory(recipient=person)
    later, others = NoticeFactory(recipient=person), NoticeFactory()

    assert actions.mark_all_read(by=person, at=MORNING, newest_id=seen.pk) == 1

    later.refresh_from_db()
    others.refresh_from_db()
    assert later.read_at is None
    assert others.read_at is None


def test_a_failed_message_gets_all_its_attempts_again():
    delivery = DeliveryFactory(state="failed", attempts=6, error="SMTP 550")

    actions.try_again(by=user_with(Role.ADMINISTRATOR), at=MORNING, delivery=delivery)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 0)


def test_a_message_too_old_to_be_sent_is_refused_and_stays_failed():
    delivery = DeliveryFactory(state="failed", attempts=6, error="SMTP 550")
    administrator = user_with(Role.ADMINISTRATOR)

    with pytest.raises(Refused):
        actions.try_again(by=administrator, at=MORNING + timedelta(days=3, seconds=1), delivery=delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "SMTP 550")
    actions.try_again(by=administrator, at=MORNING + timedelta(days=3), delivery=delivery)


def test_only_a_failed_message_is_sent_again_and_only_by_who_may():
    with pytest.raises(Refused):
        actions.try_again(by=user_with(Role.ADMINISTRATOR), at=MORNING, delivery=DeliveryFactory())
    with pytest.raises(PermissionDenied):
        actions.try_again(by=user_with(Role.OFFICE_STAFF), at=MORNING, delivery=DeliveryFactory(state="failed"))


def prefer(person):
    return Preference.objects.create(user=person, kind_group="cases", channel="sms", wanted=True)


@pytest.mark.parametrize(
    ("constraint", "violate"),
    [
        (
            "talentmap_notice_told_once",
            lambda: NoticeFactory(recipient=NoticeFactory(key="same").recipient, key="same"),
        ),
        ("talentmap_delivery_once_a_channel", lambda: DeliveryFactory(notice=DeliveryFactory().notice)),
        ("talentmap_delivery_sent_has_time", lambda: DeliveryFactory(state="sent")),
        ("talentmap_delivery_sent_has_time", lambda: DeliveryFactory(sent_at=MORNING)),
        ("talentmap_delivery_sending_is_claimed", lambda: DeliveryFactory(state="sending")),
        (
            "talentmap_preference_one_a_channel",
            lambda: [prefer(person) for person in [UserFactory()] * 2],
        ),
    ],
)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()
